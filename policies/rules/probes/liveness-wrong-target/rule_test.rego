package policies.rules.probes["liveness-wrong-target_test"]

import data.policies.rules.probes["liveness-wrong-target"] as rule
import future.keywords.not

test_another_port_and_another_path_are_two_faults if {
	probe := {"httpGet": {"path": "/health", "port": 8080}}
	rule.deny == {
		{
			"document": 0,
			"path": array.concat(_at, ["livenessProbe", "httpGet", "port"]),
			"args": {
				"probe": "livenessProbe", "container": "ks-apiserver",
				"field": "port", "asked": 8080, "served": 9090,
			},
			"message": "",
		},
		{
			"document": 0,
			"path": array.concat(_at, ["livenessProbe", "httpGet", "path"]),
			"args": {
				"probe": "livenessProbe", "container": "ks-apiserver",
				"field": "path", "asked": "/health", "served": null,
			},
			"message": "path",
		},
	} with input as _apiserver("3.4.1", {"livenessProbe": probe})
}

test_the_shipped_probes_are_fine[note] if {
	some note, call in {
		"3.2.1": {"path": "/kapis/version", "port": 9090, "scheme": "HTTP"}, "3.4.1": {"path": "/healthz", "port": 9090},
		"4.1.2": {"path": "/version", "port": 9090}, "4.1.3": {"path": "/livez/?verbose=1", "port": 9090},
	}
	count(rule.deny) == 0 with input as _apiserver(note, {"livenessProbe": {"httpGet": call}})
}

test_a_path_that_came_later_is_not_served[known] if {
	some known, path in {"3.3.2": "/healthz", "4.1.2": "/livez", "3.4.1": "/livez"}
	_messages({"path": path, "port": 9090}, known) == {"path"}
}

test_without_a_version_every_path_is_served[known] if {
	some known, path in {"": "/livez", "4.1": "/livez", "latest": "/healthz"}
	_messages({"path": path, "port": 9090}, known) == set()
}

test_a_path_is_compared_without_query_and_slashes[path] if {
	some path in ["/healthz/", "healthz", "/healthz?timeout=5s", "{{ .path }}", "$(PROBE_PATH)", 7]
	_messages({"path": path, "port": 9090}, "3.4.1") == set()
}

test_no_path_is_the_root if _messages({"port": 9090}, "3.4.1") == {"path"}

test_the_secure_port_wins[note] if {
	some note, words in {
		"with an equals sign": {"command": ["ks-apiserver", "--secure-port=9443", "--insecure-port=0"]},
		"as two words": {"args": ["--secure-port", "9443"]},
		"in a shell": {"command": ["sh", "-c", "ks-apiserver --secure-port=9443 --tls-cert-file=x"]},
		"the last of two": {"command": ["ks-apiserver", "--secure-port=1"], "args": ["--secure-port=9443"]},
	}
	call := {"path": "/livez", "port": 9443, "scheme": "HTTPS"}
	count(rule.deny) == 0 with input as _apiserver("4.1.3", object.union(words, {"livenessProbe": {"httpGet": call}}))
	plain := object.union(words, {"livenessProbe": {"httpGet": {"path": "/livez", "port": 9090}}})
	faults := rule.deny with input as _apiserver("4.1.3", plain)
	{[fault.args.field, fault.args.served] | some fault in faults} == {["port", 9443], ["scheme", "HTTPS"]}
}

test_https_needs_a_secure_port if {
	some fault in rule.deny with input as _apiserver("4.1.3", {"startupProbe": {"httpGet": {
		"path": "/livez", "port": 9090, "scheme": "HTTPS",
	}}})
	fault.args.field == "scheme"
	fault.args.served == "HTTP"
}

test_a_flag_that_is_filled_in_later_is_not_judged[flag] if {
	some flag in ["--secure-port=$(PORT)", "--insecure-port={{ .port }}", "--insecure-port="]
	container := {"command": ["ks-apiserver", flag], "readinessProbe": {"tcpSocket": {"port": 8080}}}
	count(rule.deny) == 0 with input as _apiserver("3.4.1", container)
}

test_the_insecure_port_can_be_set if {
	container := {"args": ["--insecure-port=9091"], "livenessProbe": {"tcpSocket": {"port": 9091}}}
	count(rule.deny) == 0 with input as _apiserver("3.4.1", container)
}

test_a_name_is_looked_up[name] if {
	some name, messages in {"api": set(), "debug": {""}, "http": {"name"}, "9090": {"name"}}
	ports := [{"name": "api", "containerPort": 9090}, {"name": "debug", "containerPort": 6060}, {"containerPort": 1}, "x"]
	probe := {"ports": ports, "livenessProbe": {"tcpSocket": {"port": name}}}
	faults := rule.deny with input as _apiserver("3.4.1", probe)
	{fault.message | some fault in faults} == messages
}

test_what_asks_nobody_or_another_host_is_not_judged[note] if {
	some note, probe in {
		"exec": {"exec": {"command": ["true"]}}, "grpc": {"grpc": {"port": 1}},
		"host": {"tcpSocket": {"port": 8080, "host": "10.0.0.1"}}, "no port": {"tcpSocket": {}},
		"null": {"tcpSocket": null}, "text": {"tcpSocket": "8080"}, "null port": {"tcpSocket": {"port": null}},
		"template": {"tcpSocket": {"port": "{{ .port }}"}}, "empty": {},
	}
	count(rule.deny) == 0 with input as _apiserver("3.4.1", {"livenessProbe": probe})
}

test_an_odd_scheme_is_another_fault if {
	_messages({"path": "/healthz", "port": 9090, "scheme": "https"}, "3.4.1") == set()
}

test_other_containers_and_workloads_are_not_judged if {
	probe := {"livenessProbe": {"tcpSocket": {"port": 1}}}
	count(rule.deny) == 0 with input as _set([_deployment("ks-apiserver", "istio-proxy", probe)])
	count(rule.deny) == 0 with input as _set([_deployment("tower", "ks-apiserver", probe)])
	count(rule.deny) == 0 with input as _set([{"apiVersion": "v1", "kind": "Service"}])
}

test_the_console_answers_on_8000_whatever_the_path if {
	count(rule.deny) == 0 with input as _set([_console({"livenessProbe": {"httpGet": {"path": "/", "port": 8000}}})])
	faults := rule.deny with input as _set([_console({"readinessProbe": {"tcpSocket": {"port": 80}}})])
	{[fault.document, fault.args.served] | some fault in faults} == {[0, 8000]}
}

test_the_config_map_moves_the_console[note] if {
	some note, server in {"number": {"http": {"port": 8001}}, "text": {"http": {"port": "8001"}}}
	moved := _console({"livenessProbe": {"tcpSocket": {"port": 8001}}})
	count(rule.deny) == 0 with input as _set([_config(server), moved])
	forgotten := _console({"livenessProbe": {"tcpSocket": {"port": 8080}}})
	faults := rule.deny with input as _set([_config(server), forgotten])
	{[fault.document, fault.args.served] | some fault in faults} == {[1, 8001]}
}

test_a_config_map_without_port_leaves_8000[note] if {
	some note, server in {"empty": {}, "other": {"http": 1}, "null": {"http": {"port": null}}, "list": []}
	container := {"ports": [{"containerPort": 8001}], "livenessProbe": {"tcpSocket": {"port": 8001}}}
	count(rule.deny) == 1 with input as _set([_config(server), _console(container)])
	count(rule.unchecked) == 0 with input as _set([_config(server), _console(container)])
}

test_a_declared_port_without_the_config_map_is_not_checked if {
	moved := _console({"ports": [{"containerPort": 8001}], "livenessProbe": {"tcpSocket": {"port": 8001}}})
	count(rule.deny) == 0 with input as _set([moved])
	rule.unchecked == {{"needs": "ConfigMap ks-console-config", "document": 0}} with input as _set([moved])
}

_at := ["spec", "template", "spec", "containers", 0]

_messages(call, known) := {fault.message | some fault in faults} if {
	faults := rule.deny with input as _apiserver(known, {"livenessProbe": {"httpGet": call}})
}

_apiserver(known, container) := {"set": [{
	"target": "kubesphere-workload",
	"versions": {key: known | some key in ["kubesphere"]; known != ""},
	"value": _deployment("ks-apiserver", "ks-apiserver", container),
}]}

_console(container) := _deployment("ks-console", "ks-console", container)

_deployment(name, container, fields) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
	"spec": {"template": {"spec": {"containers": [object.union({"name": container, "image": "app:latest"}, fields)]}}},
}

_config(server) := {"target": "ks-console-config", "value": {"server": server}}

_set(objects) := {"set": [_document(object) | some object in objects]}

_document(object) := object if object.target

_document(object) := {"versions": {}, "value": object} if not object.target
