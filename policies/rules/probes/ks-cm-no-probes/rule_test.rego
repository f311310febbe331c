package policies.rules.probes["ks-cm-no-probes_test"]

import data.policies.rules.probes["ks-cm-no-probes"] as rule

test_an_absent_probe_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "readinessProbe"],
		"args": {"container": "ks-controller-manager"},
		"message": "",
	}} with input as _deployment("ks-controller-manager", [_container({})])
}

test_the_agent_has_one_too if {
	containers := [{"name": "ks-apiserver", "image": "ks-apiserver:v4.1.3"}, _container({"readinessProbe": null})]
	some fault in rule.deny with input as _deployment("ks-agent", containers)
	fault.path == ["spec", "template", "spec", "containers", 1, "readinessProbe"]
}

test_a_probe_of_another_port_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "readinessProbe", "httpGet", "port"],
		"args": {"container": "ks-controller-manager", "port": 8080},
		"message": "port",
	}} with input as _probed({"httpGet": {"path": "/metrics", "port": 8080}})
}

test_a_name_stands_for_its_port[note] if {
	some note, wanted in {"webhook": 0, "metrics": 1, "unknown": 0, "8443": 0, "8080": 0, "$(PORT)": 0}
	count(rule.deny) == wanted with input as _probed({"tcpSocket": {"port": note}})
}

test_the_port_of_the_webhooks_is_fine[kind] if {
	some kind in ["tcpSocket", "httpGet", "grpc"]
	count(rule.deny) == 0 with input as _probed({kind: {"port": 8443}})
}

test_what_cannot_be_said_is_not_judged[note] if {
	some note, probe in {
		"command": {"exec": {"command": ["nc", "-z", "localhost", "8443"]}},
		"other host": {"tcpSocket": {"host": "a", "port": 80}},
		"grpc": {"grpc": {"port": 8080}}, "no port": {"tcpSocket": {}}, "null": {"tcpSocket": null}, "text": "{{ .probe }}",
		"nothing": {}, "two": {"tcpSocket": {"port": 80}, "exec": {}}, "out of range": {"tcpSocket": {"port": 0}},
		"too large": {"tcpSocket": {"port": 84430}}, "odd": {"tcpSocket": {"port": ["8080"]}},
	}
	count(rule.deny) == 0 with input as _probed(probe)
}

test_other_containers_and_workloads_are_not_judged[name] if {
	some name in ["ks-apiserver", "ks-console", "redis"]
	count(rule.deny) == 0 with input as _deployment(name, [_container({})])
	count(rule.deny) == 0 with input as _deployment("ks-controller-manager", [{"name": name, "image": "a"}])
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _deployment("ks-controller-manager", [{"name": "ks-controller-manager"}])
}

_probed(probe) := _deployment("ks-controller-manager", [_container({
	"readinessProbe": probe,
	"ports": [{"containerPort": 8080, "name": "metrics"}, {"containerPort": 8443, "name": "webhook"}],
})])

_container(fields) := object.union(
	{"name": "ks-controller-manager", "image": "kubesphere/ks-controller-manager:v3.4.1"},
	fields,
)

_deployment(name, containers) := {"document": {"value": {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": name, "namespace": "kubesphere-system"},
	"spec": {"template": {"spec": {"containers": containers}}},
}}}
