# METADATA
# title: Files of nodes
# description: >-
#   What the files of host folders in input.set say about the kubelet of each host. A rule that asks has the targets
#   kubelet-env and systemd-unit for flags, and kubelet-config and static-pod too for pods.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/config/file.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubelet_env.go
package policies.lib.node

import future.keywords.not

# METADATA
# title: The path that the host has for a file
# description: Undefined for what is in no host folder, such as the files in KubeKey's work folder.
path(document) := name if {
	name := concat("", ["/", trim_left(trim_prefix(document.file, document.host), "/")])
	regex.match(`^/(etc|var|usr|opt)/`, name)
}

# METADATA
# title: The flags of kubelets
# description: >-
#   By host folder and by name without dashes, each with value, document and path. The last that the kubelet sees counts:
#   KUBELET_EXTRA_ARGS goes behind KUBELET_KUBEADM_ARGS, and an environment file replaces the variable of a unit. Flags
#   without a value, with a variable or a template, and of which nobody can tell what the last one is, are left out.
flags[host] := {name: flag |
	words := _words(texts)
	some name in {word.name | some word in words}
	rank := max([word.rank | some word in words; word.name == name])
	last := [word | some word in words; word.name == name; word.rank == rank]
	count({word.value | some word in last}) == 1
	not regex.match(`\{\{|[$%]`, last[0].value)
	flag := {"value": last[0].value, "document": last[0].document, "path": last[0].path}
} if {
	some host, texts in _texts
}

# METADATA
# title: The Pods that kubelets run from a folder
# description: >-
#   Each with document, host, folder and file, its base name, whatever its ending: the kubelet reads every file that is
#   not hidden, and of each the first document.
pods := [{"document": i, "host": document.host, "folder": folder, "file": file} |
	some i, document in input.set
	document.target == "static-pod"
	document.index == 0
	document.value.spec.containers[0]
	[[_, folder, file]] := regex.find_all_string_submatch_n(`^(.*)/([^/.][^/]*)$`, path(document), 1)
	folder in _folders(document.host)
]

# METADATA
# title: The Pods that kubelets are meant to run
# description: Those of pods whose file is called .yaml, .yml or .json. The others are backups.
proper_pods := [pod | some pod in pods; regex.match(`\.(ya?ml|json)$`, pod.file)]

_folders(host) := {trim_right(folder, "/")} if {
	folder := flags[host]["pod-manifest-path"].value
} else := _configured[host] if {
	count(_configured[host]) > 0
} else := {"/etc/kubernetes/manifests", "/var/lib/rancher/k3s/agent/pod-manifests"}

_configured[document.host] contains trim_right(folder, "/") if {
	some document in input.set
	document.target == "kubelet-config"
	path(document) == "/var/lib/kubelet/config.yaml"
	folder := document.value.staticPodPath
	is_string(folder)
	folder != ""
}

# The words of a kubelet's command line that are flags with a value, the last of each name in each text.
_words(texts) := [word |
	some text in texts
	not _is_replaced(text, texts)
	found := regex.find_all_string_submatch_n(
		`(?:^|[\s"'=])--([a-z][a-z0-9-]*)(?:=|\s+)["']?([^\s"'-][^\s"']*)`,
		text.text, -1,
	)
	some i, match in found
	count([later | some j, later in found; j > i; later[1] == match[1]]) == 0
	word := object.union(text, {"name": match[1], "value": match[2]})
]

_is_replaced(text, texts) if {
	text.source == "unit"
	some other in texts
	other.source == "env"
	other.variable == text.variable
}

_texts[document.host] contains text if {
	some i, document in input.set
	document.target == "kubelet-env"
	path(document)
	some variable, value in document.value.variables
	text := _text("env", variable, value, {"document": i, "path": ["variables", variable]})
}

_texts[document.host] contains text if {
	some i, document in input.set
	document.target == "systemd-unit"
	regex.match(`/kubelet\.service(\.d/[^/]+\.conf)?$`, path(document))
	some key in ["Environment", "ExecStart"]
	some k, value in document.value.Service[key]
	text := _text("unit", _variable(value), value, {"document": i, "path": ["Service", key, k]})
}

_text(source, variable, text, place) := object.union(place, {
	"source": source,
	"variable": variable,
	"text": text,
	"rank": object.get({"KUBELET_EXTRA_ARGS": 2, "KUBELET_KUBEADM_ARGS": 1}, variable, 0),
})

_variable(text) := found[0][1] if {
	found := regex.find_all_string_submatch_n(`^["']?([A-Za-z_][A-Za-z0-9_]*)=`, text, 1)
	count(found) == 1
} else := ""
