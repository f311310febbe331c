# METADATA
# title: kube-apiserver does not know all etcd members
# description: >-
#   KubeKey v1 to v3 write --etcd-servers once, and v4 before v4.0.4 too: members that were added later are missing. Nothing
#   happens until the members that are listed fail; then the whole API is down although etcd still has quorum. Control planes
#   that join later copy the same list from the ConfigMap kubeadm-config.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2728
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/module.go
# - ref: https://github.com/kubesphere/kubekey/tree/main/builtin/core/roles/kubernetes/sync-etcd-config
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd, hosts]
#   targets: [static-pod, kubekey-cluster, etcd-env]
#   message: "--etcd-servers leaves out the etcd members {members}: the API is down once the others fail"
#   remediation: >-
#     List every member in etcd.external.endpoints of the ConfigMap kubeadm-config, then in --etcd-servers on one control plane
#     after the other, waiting for the API server each time.
#   zh:
#     title: kube-apiserver 没有列出全部 etcd 成员
#     description: >-
#       KubeKey v1 到 v3 只写一次 --etcd-servers，v4.0.4 之前的 v4 也是：之后加入的成员不在其中。平时看不出问题，等列出的成员都故障时，
#       即使 etcd 仍有多数派，整个 API 也会中断。后来加入的控制平面会从 ConfigMap kubeadm-config 复制同一份列表。
#     message: "--etcd-servers 中缺少 etcd 成员 {members}：其余成员一旦故障，API 就会中断"
#     remediation: 在 ConfigMap kubeadm-config 的 etcd.external.endpoints 中列出所有成员，再逐台修改控制平面的 --etcd-servers，每次都等 API server 恢复。
package policies.rules.etcd["etcd-apiserver-endpoints-stale"]

import data.policies.lib.kubekey
import future.keywords.not

deny contains {"document": client.document, "path": client.path, "args": {"members": concat(", ", missing)}} if {
	some client in input.facts.etcd.clients
	servers := _servers(client)
	known := [member | some member in _members; member.hosts & servers != set()]
	missing := {member.name |
		some member in _members
		some other in known
		_belong_together(member, other)
		not member.name in {listed.name | some listed in known}
	}
	missing != set()
}

# The hosts that kube-apiserver dials. A name may stand for any of them, and a load balancer for all.
_servers(client) := {server.host | some server in client.servers} if {
	client.kind == "apiserver"
	every server in client.servers {
		server.is_ip
	}
	flag := object.get(input.set[client.document].value, client.path, null)
	is_string(flag)
	not regex.match(`\{\{|\$\(`, flag)
}

_members := _of_kubekey if {
	input.facts.etcd.one_cluster
	some document in input.set
	document.target == "kubekey-cluster"
	kubekey.own_etcd(document.value)
} else := [{"name": member.name, "hosts": hosts, "own": own, "peers": peers} |
	some member in input.facts.etcd.members
	member.source == "env"
	hosts := _hosts(member.settings.ETCD_ADVERTISE_CLIENT_URLS.urls)
	own := _hosts(member.settings.ETCD_INITIAL_ADVERTISE_PEER_URLS.urls)
	peers := {entry.url.host | some entry in member.settings.ETCD_INITIAL_CLUSTER.entries}
]

_of_kubekey := [{"name": host.name, "hosts": {host.node_ipv4}, "own": {host.node_ipv4}, "peers": addresses} |
	hosts := [host | some host in input.facts.hosts; "etcd" in host.roles; _is_ip(host.node_ipv4)]
	addresses := {host.node_ipv4 | some host in hosts}
	some host in hosts
]

_is_ip(text) if regex.match(`^[0-9]+(\.[0-9]+){3}$|^[0-9a-f:]*:[0-9a-f:.]*$`, text)

# Where a member is known by a name, nobody can tell whether an address is one of its own.
_hosts(urls) := {url.host | some url in urls; not url.loopback} if {
	every url in urls {
		url.is_ip
	}
}

# The files around may be of several clusters, and a file may be older than the member that came last.
_belong_together(a, b) if a.own & b.peers != set()

_belong_together(a, b) if b.own & a.peers != set()
