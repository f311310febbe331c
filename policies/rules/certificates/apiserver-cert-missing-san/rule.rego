# METADATA
# title: the API server's certificate lacks a name that clients use
# description: >-
#   Kubelets, kubeconfigs and (for the Service address) every client in the cluster refuse an API server whose certificate does
#   not name what they dialled: "x509: certificate is valid for …, not …". KubeKey writes domain and extra SANs only at
#   installation; a field that is changed later, and a renewal of the certificates, change nothing.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/954
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/cluster_types.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/util/pkiutil/pki_helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/phases/certs/renewal/manager.go
# custom:
#   severity: error
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, kubeconfig, kubesphere-cluster, static-pod]
#   scope: set
#   facts: [certificates, kubeconfigs]
#   message: "apiserver.crt has no SAN \"{name}\" (files: {count}): clients that use it refuse the API server"
#   remediation: >-
#     Add {name} to certSANs in /etc/kubernetes/kubeadm-config.yaml and in ConfigMap kubeadm-config; then on each control-plane node
#     move apiserver.crt and apiserver.key away, run kubeadm init phase certs apiserver --config /etc/kubernetes/kubeadm-config.yaml
#     and restart kube-apiserver.
#   messages:
#     kubeconfig:
#       severity: error
#       message: "no apiserver.crt has a SAN for \"{name}\": clients with this kubeconfig refuse the API server"
#   zh:
#     title: API server 证书缺少客户端使用的名称
#     description: >-
#       如果证书里没有客户端所连接的名称或地址，kubelet、kubeconfig 以及（Service 地址）集群内的所有客户端都会拒绝 API server：
#       "x509: certificate is valid for …, not …"。KubeKey 只在安装时写入域名和额外的 SAN；事后修改字段、续期证书都不会增加 SAN。
#     message: "apiserver.crt 中没有 SAN \"{name}\"（文件数：{count}）：使用它的客户端会拒绝 API server"
#     remediation: >-
#       在 /etc/kubernetes/kubeadm-config.yaml 和 ConfigMap kubeadm-config 的 certSANs 中加入 {name}；然后在每个控制平面节点上移走
#       apiserver.crt 和 apiserver.key，执行 kubeadm init phase certs apiserver --config /etc/kubernetes/kubeadm-config.yaml，
#       再重启 kube-apiserver。
#     messages:
#       kubeconfig:
#         message: "没有任何 apiserver.crt 的 SAN 包含 \"{name}\"：使用该 kubeconfig 的客户端会拒绝 API server"
package policies.rules.certificates["apiserver-cert-missing-san"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.san
import data.policies.lib.staticpod
import future.keywords.not

deny contains {"document": first.document, "path": first.path, "args": {"name": name, "count": first.count}} if {
	some name in _missing
	first := [l | some l in _lacks; l.name == name][0]
}

deny contains {"document": first.document, "path": first.path, "message": "kubeconfig", "args": {"name": name}} if {
	some name in ({r.name | some r in _refusing} - _missing)
	first := [r | some r in _refusing; r.name == name][0]
}

_missing := {l.name | some l in _lacks}

_lacks := [object.union(want, {"count": n}) |
	some cluster in array.concat(_clusters, _clusters4)
	certs := [c.certs[0] | some c in _servers; _is_of(c.certs[0], cluster.hosts)]
	some want in cluster.wants
	n := count([c | some c in certs; not san.covers(c, want.name)])
	n > 0
]

# Certificates of other clusters, and of none, have not both name and address of a host.
_is_of(cert, hosts) if {
	some [name, ip] in hosts
	name in cert.dns
	ip in cert.ips
}

_servers := [c |
	some c in input.facts.certificates
	c.role == "apiserver"
	not c.certs[0].unreadable
	not c.host in _elsewhere
]

# Hosts whose API server serves other files too.
_elsewhere contains document.host if {
	some document in input.set
	document.target == "static-pod"
	_serves_other(staticpod.flags(staticpod.container(document, "kube-apiserver")))
}

_serves_other(flags) if flags["tls-sni-cert-key"]

_serves_other(flags) if flags["tls-cert-file"].value != "/etc/kubernetes/pki/apiserver.crt"

_clusters := [{"hosts": hosts, "wants": wants} |
	some i, document in input.set
	document.target == "kubekey-cluster"
	cluster := document.value
	not kubekey.kubernetes_type(cluster) in {"k3s", "k8e"}
	hosts := {[lower(host.name), host.node_ipv4] | some host in kubekey.hosts(cluster)}
	wants := [object.union(want, {"document": i}) |
		some kind, path in {
			"name": ["spec", "controlPlaneEndpoint", "domain"],
			"range": ["spec", "network", "kubeServiceCIDR"],
			"list": ["spec", "kubernetes", "apiserverCertExtraSans"],
		}
		some want in _named(kind, _setting(cluster, path))
	]
]

_clusters4 := [{"hosts": hosts, "wants": wants} |
	some pair in kubekey4.pairs(input.set)
	hosts := {[lower(host.name), host.internal_ipv4] | some host in kubekey4.hosts(pair.inventory)}
	wants := [object.union(want, {"document": _place(pair.documents, found.in)}) |
		some kind, path in {
			"name": ["kubernetes", "control_plane_endpoint", "host"],
			"range": ["cni", "service_cidr"],
			"list": ["kubernetes", "apiserver", "certSANs"],
		}
		found := kubekey4.effective(pair.config, pair.inventory, path)
		some want in _named(kind, found)
	]
]

# A default stands nowhere, and is missing in the Config.
_place(documents, key) := [documents[k] |
	some k in [key, "config", "inventory"]
	documents[k] != null
][0]

_setting(cluster, path) := found if {
	found := kubekey.effective(cluster, path)
} else := kubekey.at(cluster, path)

_named("name", setting) := [{"path": setting.path, "name": name} | name := _name(setting.value)]

_named("range", setting) := [{"path": setting.path, "name": name} | name := _first(cidr.parts(setting.value)[0])]

_named("list", setting) := [{"path": array.concat(setting.path, [i]), "name": name} |
	is_array(setting.value)
	some i, x in setting.value
	name := _name(x)
]

# kubeadm leaves out what is neither an address nor a name.
_name(x) := x if cidr.is_ip(x)

_name(x) := lower(x) if {
	is_string(x)
	not cidr.is_ip(x)
	regex.match(`^(?i:(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$`, x)
}

# The address behind that of an IPv4 network: the Service kubernetes.
_first(range) := ip if {
	cidr.valid(range)
	regex.match(`^[0-9.]+/[0-9]+$`, range)
	[a, b, c, d] := [to_number(part) | some part in split(split(range, "/")[0], ".")]
	n := (((a * 16777216) + (b * 65536)) + (c * 256)) + d
	first := (n - (n % bits.lsh(1, 32 - cidr.prefix(range)))) + 1
	ip := concat(".", [sprintf("%d", [bits.and(bits.rsh(first, shift), 255)]) | some shift in [24, 16, 8, 0]])
}

_refusing := [{"document": config.document, "path": config.cluster.server.path, "name": name} |
	some config in input.facts.kubeconfigs
	not config.cluster.insecure
	not config.cluster.tls_server_name
	not input.set[config.carrier.document].value.spec.connection.type == "proxy"
	name := trim_suffix(config.cluster.server.url.host, ".")
	config.cluster.server.url.scheme == "https"
	servers := _judges(config)
	count(servers) > 0
	every server in servers {
		not san.covers(server.certs[0], name)
	}
]

# The certificates that the kubeconfig may meet; none where it trusts other CAs too, or some host serves other files.
_judges(config) := [server |
	some server in all
	_may_meet(config, server)
] if {
	count({c.subject | some c in input.facts.certificates[config.cluster.certificate].certs}) == 1
	all := [c | some id in config.cluster.verifies; c := input.facts.certificates[id]]
	every server in all {
		not server.host in _elsewhere
	}
}

_may_meet(config, server) if config.host == server.host

_may_meet(config, _) if not config.role in {"controller-manager", "scheduler"}
