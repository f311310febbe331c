package policies.lib.staticpod_test

import data.policies.lib.staticpod
import future.keywords.not

_at := ["spec", "containers", 0]

_container(fields) := {"path": _at, "value": fields, "name": "etcd", "kind": "container"}

_flags(fields) := staticpod.flags(_container(fields))

_pod(spec) := {"value": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}

test_a_container_is_found_by_its_name if {
	etcd := {"name": "etcd", "image": "etcd:3.5.13-0"}
	document := _pod({
		"containers": [{"name": "proxy", "image": "p"}, etcd],
		"initContainers": [{"name": "wait", "image": "w"}],
	})
	object.filter(staticpod.container(document, "etcd"), ["path", "value", "name", "kind"]) == {
		"path": ["spec", "containers", 1],
		"value": etcd,
		"name": "etcd",
		"kind": "container",
	}
	not staticpod.container(document, "wait")
	not staticpod.container(document, "kube-apiserver")
}

test_two_containers_of_a_name_are_none if {
	not staticpod.container(_pod({"containers": [{"name": "etcd"}, {"name": "etcd"}]}), "etcd")
}

test_what_is_no_pod_has_no_container if not staticpod.container({"value": {"kind": "ConfigMap"}}, "etcd")

test_flags_stand_in_command_and_args if {
	_flags({"command": ["etcd", "--name=node1"], "args": ["--data-dir=/var/lib/etcd"]}) == {
		"name": {"path": array.concat(_at, ["command", 1]), "value": "node1"},
		"data-dir": {"path": array.concat(_at, ["args", 0]), "value": "/var/lib/etcd"},
	}
}

test_a_value_may_be_the_next_element if {
	_flags({"command": ["kube-apiserver", "--etcd-cafile", "/etc/ca.pem", "-v", "2"]}) == {
		"etcd-cafile": {"path": array.concat(_at, ["command", 2]), "value": "/etc/ca.pem"},
		"v": {"path": array.concat(_at, ["command", 4]), "value": "2"},
	}
}

test_a_negative_number_is_a_value if {
	_flags({"args": ["--quota-backend-bytes", "-1"]})["quota-backend-bytes"].value == "-1"
}

test_a_flag_without_a_value_is_a_switch if {
	_flags({"args": ["--client-cert-auth", "--debug"]}) == {
		"client-cert-auth": {"path": array.concat(_at, ["args", 0]), "value": "true"},
		"debug": {"path": array.concat(_at, ["args", 1]), "value": "true"},
	}
}

test_a_value_may_begin_in_args if {
	_flags({"command": ["etcd", "--name"], "args": ["node1"]}) == {"name": {
		"path": array.concat(_at, ["args", 0]),
		"value": "node1",
	}}
}

test_the_last_of_several_counts if {
	_flags({"args": ["--name=a", "--other", "--name", "b"]}).name == {
		"path": array.concat(_at, ["args", 3]),
		"value": "b",
	}
}

test_values_are_taken_as_they_stand if {
	flags := _flags({"args": ["--empty=", "--url=https://h:1/?a=b", "--lines=a\nb"]})
	{name: flag.value | some name, flag in flags} == {"empty": "", "url": "https://h:1/?a=b", "lines": "a\nb"}
}

test_nothing_behind_two_dashes_is_a_flag if {
	_flags({"args": ["--a=1", "--", "--b=2"]}) == {"a": {"path": array.concat(_at, ["args", 0]), "value": "1"}}
}

test_what_is_no_flag_is_left_out if {
	_flags({"command": ["/bin/sh", "-c", "exec etcd --name=a"], "args": ["--name a", 7, null, "-1", "---x"]}) == {"c": {
		"path": array.concat(_at, ["command", 2]),
		"value": "exec etcd --name=a",
	}}
}

test_a_container_without_command_has_no_flags if {
	_flags({}) == {}
	_flags({"command": "etcd --name=a", "args": null}) == {}
}
