# METADATA
# title: The external etcd is not fully described
# description: >-
#   KubeKey v2.1 and later hand endpoints and files of an external etcd on without a look. An endpoint without scheme or
#   port, a file too few, or two files of one name stop kubeadm or leave the API server without etcd, and with KubeSphere
#   in the file KubeKey panics over the endpoint.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1122
# - ref: https://github.com/kubesphere/kubekey/pull/1142
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/certs.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/tasks.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/apis/kubeadm/validation/validation.go
# custom:
#   severity: error
#   targets: [kubekey-cluster]
#   unknown: run
#   versions: {kubekey: ">=2.1"}
#   message: "etcd.type is external, but no endpoint is named: the API server has no etcd"
#   remediation: List every member of the external etcd under external.endpoints, such as https://192.168.6.6:2379.
#   messages:
#     files:
#       severity: error
#       message: "{missing} is missing beside the other TLS files: the API server cannot reach etcd"
#       remediation: Set caFile, certFile and keyFile, with their paths on the host that runs kk.
#     same-name:
#       severity: error
#       message: "{files} share the name \"{name}\": KubeKey copies them into one folder, where the last overwrites the rest"
#       remediation: Give the files different names, such as etcd-ca.crt, etcd-client.crt and etcd-client.key.
#     scheme:
#       severity: error
#       message: "endpoint \"{endpoint}\" does not begin with https:// or http://: the API server cannot reach etcd"
#       remediation: Begin the endpoint with https://, or with http:// where etcd has no TLS.
#     port:
#       severity: error
#       message: "endpoint \"{endpoint}\" has no port: the API server cannot reach etcd"
#       remediation: Append the port, usually :2379.
#     http:
#       severity: error
#       message: "endpoint \"{endpoint}\" is http:// while caFile is set: kubeadm refuses the configuration"
#       remediation: Write https://, or take out caFile, certFile and keyFile where etcd has no TLS.
#     no-files:
#       severity: warning
#       message: "https:// endpoints without TLS files: the API server trusts only the system's CAs and has no client certificate"
#       remediation: Set caFile, certFile and keyFile, with their paths on the host that runs kk.
#     ignored:
#       severity: warning
#       message: "the external endpoints are ignored, because etcd.type is not external: KubeKey installs an etcd of its own"
#       remediation: "Set etcd.type: external, or take the section external out."
#   zh:
#     title: 外部 etcd 的配置不完整
#     description: >-
#       KubeKey v2.1 及以后不检查外部 etcd 的端点和证书文件，原样往下传。端点缺少协议或端口、证书文件不齐或重名，都会让 kubeadm 报错，
#       或让 API server 连不上 etcd；文件中带有 KubeSphere 时，KubeKey 还会因端点写法而 panic。
#     message: "etcd.type 为 external，却没有写任何端点：API server 没有 etcd 可用"
#     remediation: 在 external.endpoints 中列出外部 etcd 的所有成员，例如 https://192.168.6.6:2379。
#     messages:
#       files:
#         message: "TLS 文件不齐，缺少 {missing}：API server 连不上 etcd"
#         remediation: 设置 caFile、certFile 和 keyFile，填写它们在运行 kk 的主机上的路径。
#       same-name:
#         message: "{files} 的文件名都是 \"{name}\"：KubeKey 把它们复制到同一个目录，后一个会覆盖前一个"
#         remediation: 为这些文件取不同的名字，例如 etcd-ca.crt、etcd-client.crt 和 etcd-client.key。
#       scheme:
#         message: "端点 \"{endpoint}\" 不以 https:// 或 http:// 开头：API server 连不上 etcd"
#         remediation: 端点以 https:// 开头；etcd 没有启用 TLS 时以 http:// 开头。
#       port:
#         message: "端点 \"{endpoint}\" 缺少端口：API server 连不上 etcd"
#         remediation: 补上端口，通常是 :2379。
#       http:
#         message: "设置了 caFile，端点 \"{endpoint}\" 却是 http://：kubeadm 拒绝该配置"
#         remediation: 改为 https://；etcd 没有启用 TLS 时，去掉 caFile、certFile 和 keyFile。
#       no-files:
#         message: "端点是 https://，却没有设置 TLS 文件：API server 只信任系统自带的 CA，也没有客户端证书"
#         remediation: 设置 caFile、certFile 和 keyFile，填写它们在运行 kk 的主机上的路径。
#       ignored:
#         message: "etcd.type 不是 external，外部端点不生效：KubeKey 会自己安装一套 etcd"
#         remediation: "设置 etcd.type: external，或者去掉 external 部分。"
package policies.rules.etcd["etcd-external-incomplete"]

import data.policies.lib.cluster
import data.policies.lib.value
import future.keywords.not

deny contains {"path": cluster.place(_external("endpoints")), "args": {}} if {
	_type == "external"
	not _has_endpoints
}

deny contains {"path": path, "message": "files", "args": {"missing": missing}} if {
	_type == "external"
	missing := [file | some file in _names; not _files[file]]
	count(missing) in {1, 2}
	not _needs_none
	path := cluster.place(_external(missing[0]))
}

deny contains {"path": last.path, "message": "same-name", "args": {"files": same, "name": name}} if {
	_type == "external"
	some name in {file.name | some file in _files}
	same := [file | some file in _names; _files[file].name == name]
	count({_files[file].value | some file in same}) > 1
	last := _files[same[count(same) - 1]]
}

deny contains _fault(endpoint, "scheme") if {
	_type == "external"
	some endpoint in _endpoints
	not regex.match(_scheme, endpoint.value)
}

deny contains _fault(endpoint, "port") if {
	_type == "external"
	some endpoint in array.concat(_with("https"), _with("http"))
	not regex.match(`^[^/]+//[^/]*:[0-9]+(/|$)`, endpoint.value)
}

deny contains _fault(_with("http")[0], "http") if {
	_type == "external"
	_files.caFile
	_on_kubeadm
}

deny contains {"path": cluster.place(_external("caFile")), "message": "no-files", "args": {}} if {
	_type == "external"
	count(_with("https")) > 0
	count(_files) == 0
}

deny contains {"path": cluster.place(_external("endpoints")), "message": "ignored", "args": {}} if {
	_type in {"", "kubekey", "kubeadm"}
	count(_endpoints) > 0
}

_type := cluster.at(["spec", "etcd", "type"]).value

_type := "" if not cluster.at(["spec", "etcd", "type"])

_external(field) := ["spec", "etcd", "external", field]

_has_endpoints if {
	some endpoint in cluster.at(_external("endpoints")).value
	not endpoint in {null, ""}
}

_has_endpoints if {
	endpoints := cluster.at(_external("endpoints")).value
	not is_array(endpoints)
	endpoints != ""
}

_endpoints := [{"path": array.concat(list.path, [i]), "value": endpoint} |
	list := cluster.at(_external("endpoints"))
	is_array(list.value)
	some i, endpoint in list.value
	is_string(endpoint)
	endpoint != ""
	not value.is_template(endpoint)
]

_with(scheme) := [endpoint | some endpoint in _endpoints; startswith(lower(endpoint.value), sprintf("%s://", [scheme]))]

_names := ["caFile", "certFile", "keyFile"]

_files[file] := object.union(at, _base(at.value)) if {
	some file in _names
	at := cluster.at(_external(file))
	at.value != ""
}

_base(file) := {"name": steps[count(steps) - 1]} if {
	is_string(file)
	not value.is_template(file)
	steps := [step | some step in split(file, "/"); step != ""]
} else := {}

# KubeKey uses the files where caFile is set, and kubeadm refuses http:// with them: message http.
_needs_none if {
	not _files.caFile
	count(_with("http")) > 0
	count(_with("http")) == count(_endpoints)
}

_needs_none if {
	_on_kubeadm
	count(_with("http")) > 0
	_files.caFile
}

_on_kubeadm if {
	type := cluster.kubernetes_type
	not type in {"k3s", "k8e"}
}

# k3s takes other stores than etcd too.
_scheme := `(?i)^https?://` if _on_kubeadm

_scheme := `^[A-Za-z][A-Za-z0-9+.-]*://` if not _on_kubeadm

# What stands in front of an @ may be a password.
_fault(endpoint, message) := {"path": endpoint.path, "message": message, "args": {"endpoint": shown}} if {
	shown := regex.replace(endpoint.value, `^.*@`, "")
}
