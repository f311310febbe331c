# METADATA
# title: Two etcds on one host want the same port
# description: >-
#   KubeKey runs etcd either as a service with /etc/etcd.env or as kubeadm's static Pod, never both. Where a host has both on the same
#   ports, the one that is faster after a reboot gets them, with its own data, and the other one fails over and over. A second etcd
#   on other ports, such as one for events, is sound.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd]
#   targets: [static-pod, etcd-env, kubelet-config, kubelet-env, systemd-unit]
#   message: "the static Pod of etcd and /etc/etcd.env both listen on port {ports}: after a reboot the faster one serves its own data"
#   remediation: >-
#     Find out by --etcd-servers and the certificate files which etcd kube-apiserver uses, take a snapshot of it, and only then
#     remove the other one; removing the wrong one loses the data of the cluster.
#   zh:
#     title: 同一主机上的两个 etcd 争用同一端口
#     description: >-
#       KubeKey 的 etcd 要么是使用 /etc/etcd.env 的系统服务，要么是 kubeadm 的静态 Pod，不会两者并存。如果一台主机上两者都有且端口相同，
#       重启后先启动的占用端口并提供自己的数据，另一个反复启动失败。使用其他端口的第二个 etcd（例如专供 events）没有问题。
#     message: "etcd 的静态 Pod 与 /etc/etcd.env 都监听端口 {ports}：重启后谁先启动就用谁的数据"
#     remediation: 先根据 --etcd-servers 和证书文件确认 kube-apiserver 使用的是哪一个 etcd，做好快照，再移除另一个；移错会丢失集群数据。
package policies.rules.nodes["static-pod-etcd-on-kubekey-etcd"]

import data.policies.lib.node
import future.keywords.not

deny contains {"document": pod.document, "path": path, "args": {"ports": concat(", ", ports)}} if {
	some pod in input.facts.etcd.members
	pod.source == "static-pod"
	not pod.config_file
	pod.document in _proper
	input.set[pod.document].value.spec.hostNetwork == true
	ports := {own.port |
		some own in _listens(pod)
		some service in _services[pod.host]
		some other in _listens(service)
		_collide(own, other)
	}
	count(ports) > 0
	path := _place(pod)
}

_proper contains pod.document if some pod in node.proper_pods

# The etcd of a host that systemd runs.
_services[member.host] contains member if {
	some member in input.facts.etcd.members
	member.source == "env"
	not member.config_file
	node.path(input.set[member.document]) == "/etc/etcd.env"
}

_defaults := {"ETCD_LISTEN_CLIENT_URLS": "2379", "ETCD_LISTEN_PEER_URLS": "2380"}

_listens(member) := {url | some name, _ in _defaults; some url in member.settings[name].urls} | {url |
	some name, port in _defaults
	not member.settings[name]
	url := {"port": port, "host": "localhost", "loopback": true, "unspecified": false}
}

_collide(a, b) if {
	a.port == b.port
	a.port != ""
	_same_address(a, b)
}

_same_address(a, b) if a.host == b.host

_same_address(a, b) if a.unspecified != b.unspecified

_same_address(a, b) if [a.loopback, b.loopback] == [true, true]

_place(pod) := pod.settings.ETCD_LISTEN_CLIENT_URLS.path if {
	pod.settings.ETCD_LISTEN_CLIENT_URLS
} else := ["spec", "containers"]
