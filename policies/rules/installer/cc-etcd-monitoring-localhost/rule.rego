# METADATA
# title: etcd monitoring without usable addresses
# description: >-
#   With etcd.monitoring on, ks-installer writes each part of etcd.endpointIps as an address, and etcd.port as a port, into the
#   Endpoints kube-system/etcd. Kubernetes takes nothing but IP addresses there, neither loopback nor link-local, and refuses
#   the whole object: the task monitoring fails after five tries. Not for a file that KubeKey installs from, because KubeKey
#   puts the addresses in by itself.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-monitor/templates/prometheus-endpointsEtcd.yaml.j2
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/pkg/apis/core/validation/validation.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubesphere/tasks.go
# custom:
#   severity: error
#   targets: [cluster-configuration, kubekey-cluster]
#   scope: set
#   message: "etcd.endpointIps has \"{value}\", which Endpoints do not take as an address: the task monitoring fails"
#   remediation: Set etcd.endpointIps to the IP addresses of the etcd members, such as 10.0.0.1,10.0.0.2.
#   messages:
#     break:
#       message: "etcd.endpointIps \"{value}\" has a line break, which no Endpoints come out of: the task monitoring fails"
#       remediation: Write the addresses on one line, such as 10.0.0.1,10.0.0.2.
#     port:
#       message: "etcd.port \"{value}\" is no port, and Endpoints refuse it: the task monitoring fails"
#       remediation: Set etcd.port to the client port of etcd, 2379 unless yours differs.
#   zh:
#     title: etcd 监控没有可用的地址
#     description: >-
#       开启 etcd.monitoring 后，ks-installer 会把 etcd.endpointIps 的每一段和 etcd.port 写进 Endpoints kube-system/etcd。Kubernetes
#       在这里只接受 IP 地址，回环地址和链路本地地址也不行，不合法就拒绝整个对象，monitoring 任务重试五次后失败。由 KubeKey 安装时不受影响，地址由
#       KubeKey 自动填写。
#     message: "etcd.endpointIps 中的 \"{value}\" 不是 Endpoints 能接受的地址：monitoring 任务会失败"
#     remediation: 把 etcd.endpointIps 设为各 etcd 成员的 IP 地址，例如 10.0.0.1,10.0.0.2。
#     messages:
#       break:
#         message: "etcd.endpointIps \"{value}\" 中有换行，无法生成 Endpoints：monitoring 任务会失败"
#         remediation: 把地址写在一行里，例如 10.0.0.1,10.0.0.2。
#       port:
#         message: "etcd.port \"{value}\" 不是合法端口，Endpoints 会被拒绝：monitoring 任务会失败"
#         remediation: 把 etcd.port 设为 etcd 的客户端端口，没改过就是 2379。
package policies.rules.installer["cc-etcd-monitoring-localhost"]

import data.policies.lib.cc
import data.policies.lib.cidr
import data.policies.lib.value
import future.keywords.not

deny contains {"document": i, "path": ips.path, "args": {"value": refused[0]}} if {
	some i, ips in _fields("endpointIps")
	is_string(ips.value)
	text := trim_right(ips.value, " \t\r\n")
	not regex.match(`[\r\n]`, text)
	refused := [part | some written in split(text, ","); part := trim_space(written); not _address(part)]
}

deny contains {"document": i, "path": ips.path, "args": {"value": ips.value}, "message": "break"} if {
	some i, ips in _fields("endpointIps")
	is_string(ips.value)
	regex.match(`[\r\n]`, trim_right(ips.value, " \t\r\n"))
}

deny contains {"document": i, "path": port.path, "args": {"value": port.value}, "message": "port"} if {
	some i, port in _fields("port")
	port.value != ""
	not _port(port.value)
}

# What is missing, or a list, is cc-section-missing's.
_fields(name) := {i: field |
	some i, document in input.set
	cc.at(document, ["etcd", "monitoring"]).value == true
	not cc.at(document, ["common", "monitoring", "type"]).value == "external"
	not cc.in_kk_file(document, input.set)
	field := cc.at(document, ["etcd", name])
	not value.is_template(field.value)
}

_address(text) if {
	cidr.is_ip(text)
	not _special(text)
}

# Unspecified, loopback and link-local, as ValidateNonSpecialIP of Kubernetes.
_special(ip) if {
	some range in [
		"0.0.0.0/32", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/24",
		"::/128", "::1/128", "fe80::/10", "ff02::/16",
	]
	cidr.includes(range, ip)
}

# The template prints it without quotes, so a quoted number is a number.
_port(x) if {
	text := sprintf("%v", [x])
	regex.match(`^[1-9][0-9]{0,4}$`, text)
	to_number(text) <= 65535
}
