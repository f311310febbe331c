# METADATA
# title: kube-apiserver does not find its files for etcd
# description: >-
#   CA, certificate and key of --etcd-servers must be set together, lie below a hostPath that the container mounts, belong together
#   and exist; else kube-apiserver exits at its next start and goes round in a crash loop. Any folder is sound, and so is a file
#   that is named for the first master: kubeadm's configuration is one for all control-plane nodes.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/certs.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/tasks.go
# custom:
#   severity: error
#   scope: set
#   facts: [etcd]
#   targets: [static-pod, kubelet-config, kubelet-env, systemd-unit]
#   message: "no hostPath that the container mounts holds {files}: kube-apiserver exits at its next start"
#   remediation: >-
#     Make the three --etcd flags and the volume agree with files that exist on the host. Leave a file name that is the first
#     master's as it is.
#   messages:
#     incomplete:
#       message: "{flags} not set beside https in --etcd-servers: kube-apiserver cannot connect after its next start"
#       remediation: Set --etcd-cafile, --etcd-certfile and --etcd-keyfile together.
#     hosts:
#       message: "\"{cert}\" and \"{key}\" are of different hosts and no pair: kube-apiserver exits at its next start"
#       remediation: Name certificate and key of one host. It need not be this host, every control-plane node uses the first master's.
#     missing:
#       message: "the host has no {files}: kube-apiserver exits at its next start"
#   zh:
#     title: kube-apiserver 找不到访问 etcd 的文件
#     description: >-
#       使用 https 的 --etcd-servers 时，CA、证书和私钥必须同时设置，位于容器挂载的 hostPath 之内，彼此配对，并且真实存在；否则 kube-apiserver
#       下次启动就会退出并反复崩溃。放在哪个目录都可以；以第一个 master 命名的文件也没有问题：kubeadm 的配置由所有控制平面节点共用。
#     message: "容器挂载的 hostPath 中没有 {files}：kube-apiserver 下次启动就会退出"
#     remediation: 让三个 --etcd 参数和卷与主机上真实存在的文件一致。以第一个 master 命名的文件名不要改。
#     messages:
#       incomplete:
#         message: "--etcd-servers 使用 https，但没有设置 {flags}：kube-apiserver 下次启动后连不上 etcd"
#         remediation: 同时设置 --etcd-cafile、--etcd-certfile 和 --etcd-keyfile。
#       hosts:
#         message: "\"{cert}\" 与 \"{key}\" 属于不同主机，不是一对：kube-apiserver 下次启动就会退出"
#         remediation: 指定同一主机的证书和私钥。不必是本机的，所有控制平面节点都用第一个 master 的文件。
#       missing:
#         message: "主机上没有 {files}：kube-apiserver 下次启动就会退出"
package policies.rules.nodes["apiserver-etcd-paths"]

import data.policies.lib.node
import data.policies.lib.workload
import future.keywords.not

deny contains object.union(_fault(client), {"document": client.document}) if {
	some client in input.facts.etcd.clients
	client.kind == "apiserver"
	_is_judged(client.document, input.set[client.document])
	"https" in {server.scheme | some server in client.servers}
}

# The manifest that the kubelet runs, or one of which nobody knows where it is from. kubeadm leaves old ones in other folders.
_is_judged(i, document) if {
	i in _proper
	not workload.is_patch_of(document.value)
}

_is_judged(_, document) if {
	not node.path(document)
	not workload.is_patch_of(document.value)
}

_proper contains pod.document if some pod in node.proper_pods

_fault(client) := {"path": client.path, "message": "incomplete", "args": {"flags": concat(", ", flags)}} if {
	flags := [_flags[kind] | some kind in _kinds; not client[kind]]
	count(flags) > 0
	_is_needed(client)
} else := {"path": client[kinds[0]].path, "args": {"files": _named(client, kinds)}} if {
	kinds := [kind | some kind in _kinds; _is_outside(client, kind)]
	count(kinds) > 0
} else := {"path": client.key.path, "message": "hosts", "args": {"cert": pair.cert, "key": pair.key}} if {
	pair := _pair_of_two(client)
} else := {"path": client[kinds[0]].path, "message": "missing", "args": {"files": _named(client, kinds)}} if {
	kinds := [kind | some kind in _kinds; _is_missing(client, client[kind])]
	count(kinds) > 0
}

_kinds := ["ca", "cert", "key"]

_flags := {"ca": "--etcd-cafile", "cert": "--etcd-certfile", "key": "--etcd-keyfile"}

_named(client, kinds) := concat(", ", [sprintf("%q", [client[kind].value]) | some kind in kinds])

_is_needed(client) if client.cert

_is_needed(client) if client.key

# A CA alone is enough for an etcd that asks nobody for a certificate.
_is_needed(client) if {
	client.ca
	some member in input.facts.etcd.members
	member.settings.ETCD_CLIENT_CERT_AUTH.bool
	some url in member.settings.ETCD_ADVERTISE_CLIENT_URLS.urls
	url.host in {server.host | some server in client.servers}
}

# What an init container may write is not known; the image brings the system's CAs.
_is_outside(client, kind) if {
	file := client[kind]
	not file.file
	is_string(file.value)
	startswith(file.value, "/")
	spec := input.set[client.document].value.spec
	spec.volumes[0]
	object.get(spec, "initContainers", null) in {null, []}
	[kind, startswith(file.value, "/etc/ssl/certs/")] != ["ca", true]
}

# Where both files are there, their contents decide: etcd-cert-key-mismatch.
_pair_of_two(client) := {"cert": cert, "key": key} if {
	cert := _base(client.cert.value)
	key := _base(client.key.value)
	[[_, host]] := regex.find_all_string_submatch_n(`^(?:admin|member|node)-(.+)\.pem$`, cert, 1)
	[[_, other]] := regex.find_all_string_submatch_n(`^(?:admin|member|node)-(.+)-key\.pem$`, key, 1)
	host != other
	not [client.document, client.key.path] in {[pair.document, pair.path] | some pair in input.facts.etcd.keypairs}
}

# People hand over a choice of their files. That a folder was copied as a whole shows in a pair of the same sort, key included,
# that nobody needs here.
_is_missing(client, file) if {
	base := _base(file.file)
	regex.match(`\.(pem|crt|cert|cer|key)$`, base)
	not base in file.folder
	some cert in file.folder
	cert != _base(client.cert.file)
	[[_, name, ending]] := regex.find_all_string_submatch_n(`^(.+)(\.pem|\.crt)$`, cert, 1)
	object.get({".pem": concat("", [name, "-key.pem"])}, ending, concat("", [name, ".key"])) in file.folder
	_sort(base) in {"", _sort(cert)}
}

_base(path) := regex.replace(path, `^.*/`, "") if is_string(path)

_sort(name) := regex.find_n(`^(admin|member|node)-|`, name, 1)[0]
