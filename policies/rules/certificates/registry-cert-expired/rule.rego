# METADATA
# title: the image registry's certificate cannot be verified
# description: >-
#   The certificate of the registry that the cluster pulls from, or its CA, has ended, or it does not name the registry: KubeKey
#   v1 writes none but a common name, v2 and v3 a port or an address as a DNS name. Pulls fail, which shows when pods are next
#   placed on another node. Said only of a registry that a KubeKey file names and that its clients do verify.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6356
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/bootstrap/registry/certs.go
# - ref: https://github.com/kubesphere/kubekey/blob/v1.2.1/pkg/bootstrap/registry/registry.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/certs/init/tasks/main.yaml
# custom:
#   severity: warning
#   targets: [certificate, kubekey-cluster, kubekey-config, kubekey-inventory]
#   scope: set
#   facts: [certificates]
#   message: "the certificate of registry \"{registry}\" ended on {date}: image pulls fail"
#   remediation: >-
#     Sign a new certificate with the registry's CA (v4: kk certs renew), put it into /etc/ssl/registry/ssl and into the certs.d
#     folders of the nodes, and restart the registry.
#   messages:
#     ca:
#       severity: warning
#       message: "the CA of registry \"{registry}\" ended on {date}: image pulls fail"
#       remediation: >-
#         Make a new CA and a certificate of it, put them into /etc/ssl/registry/ssl and into the certs.d folders of the nodes, and
#         restart the registry.
#     name:
#       severity: warning
#       message: "this certificate has no SAN for registry \"{registry}\": image pulls fail"
#       remediation: >-
#         Sign a certificate with the SAN {registry} (an address as an IP SAN, no port), put it into /etc/ssl/registry/ssl and into
#         the certs.d folders of the nodes, and restart the registry.
#   zh:
#     title: 镜像仓库的证书无法通过校验
#     description: >-
#       集群所用镜像仓库的证书或其 CA 已过期，或者证书的 SAN 中没有该仓库：KubeKey v1 只写 CN，v2 和 v3 会把端口或 IP 写进 DNS 类型的 SAN。
#       镜像会拉取失败，通常要等到 Pod 下次调度到别的节点时才暴露。只检查 KubeKey 文件中指明、且客户端确实会校验证书的仓库。
#     message: "镜像仓库 \"{registry}\" 的证书已于 {date} 到期：镜像拉取失败"
#     remediation: 用仓库的 CA 重新签发证书（v4 执行 kk certs renew），放入 /etc/ssl/registry/ssl 和各节点的 certs.d 目录，再重启仓库。
#     messages:
#       ca:
#         message: "镜像仓库 \"{registry}\" 的 CA 已于 {date} 到期：镜像拉取失败"
#         remediation: 重新生成 CA 并签发证书，放入 /etc/ssl/registry/ssl 和各节点的 certs.d 目录，再重启仓库。
#       name:
#         message: "该证书没有镜像仓库 \"{registry}\" 的 SAN：镜像拉取失败"
#         remediation: 签发 SAN 为 {registry} 的证书（IP 要写成 IP 类型的 SAN，不带端口），放入 /etc/ssl/registry/ssl 和各节点的 certs.d 目录，再重启仓库。
package policies.rules.certificates["registry-cert-expired"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.san
import data.policies.lib.value
import future.keywords.not

deny contains {"document": first.document, "path": first.path, "args": args} if {
	some [host, "leaf", _], places in _files
	first := _leaf(min(places))
	first.ends < input.facts.now
	args := {"registry": host, "date": substring(first.not_after, 0, 10)}
}

deny contains {"document": first.document, "path": first.path, "message": "ca", "args": args} if {
	some [host, "ca", _], places in _files
	first := input.facts.certificates[min(places)]
	every c in first.certs {
		c.ends < input.facts.now
	}
	last := first.certs[max([[c.ends, i] | some i, c in first.certs])[1]]
	args := {"registry": host, "date": substring(last.not_after, 0, 10)}
}

deny contains {"document": first.document, "path": first.path, "message": "name", "args": {"registry": host}} if {
	some [host, "leaf", _], places in _files
	served := {id | some id in places; input.facts.certificates[id].role == "registry-server"}
	first := _leaf(min(served))
	first.dns
	not san.covers(first, host)
}

_leaf(id) := input.facts.certificates[id].certs[0]

# The ids of a registry's files, by content: KubeKey copies them to every node, and each is said once.
_files[[registry.host, reading, _sums(found)]] contains found.id if {
	some found in input.facts.certificates
	reading := _readings[found.role]
	some registry in _registries
	_named_for(registry, found)
}

_readings := {
	"registry-server": "leaf",
	"registry-client": "leaf",
	"registry-ca": "ca",
	"registry-client-ca": "ca",
}

_sums(found) := [object.get(c, "sha256", "") | some c in found.certs]

_named_for(registry, found) if regex.replace(lower(found.named_for), `:[0-9]+$`, "") == registry.host

# Files without a name are those of the registry that KubeKey installs.
_named_for(registry, found) if {
	not found.named_for
	registry.own
}

# Registries that a KubeKey file pulls from, and that are verified; own: KubeKey makes their certificate.
_registries contains {"host": host, "own": own} if {
	some document in input.set
	document.target == "kubekey-cluster"
	registry := kubekey.at(document.value, ["spec", "registry"]).value
	host := _host(kubekey.field(registry, "privateRegistry").value)
	not _listed(host, kubekey.field(registry, "insecureRegistries").value)
	not _unverified(host, kubekey.field(registry, "auths").value)
	own := count([1 | _own(document.value, host)]) > 0
}

_registries contains {"host": host, "own": true} if {
	some pair in kubekey4.pairs(input.set)
	host := _host(_setting(pair, ["image_registry", "auth", "registry"]))
	_setting(pair, ["image_registry", "type"]) in {"harbor", "docker-registry"}
	not _doubtful(pair)
	not _listed(host, _setting(pair, ["cri", "registry", "insecure_registries"]))
}

_setting(pair, path) := kubekey4.setting(pair.config, pair.inventory, path).value

# Text before the first slash, without port; nothing for IPv6, a scheme or a template.
_host(address) := lower(found[1]) if {
	is_string(address)
	some found in regex.find_all_string_submatch_n(`^([A-Za-z0-9][-.A-Za-z0-9]*)(?::[0-9]+)?(?:/[^{]*)?$`, address, 1)
}

_own(_, host) if host == "dockerhub.kubekey.local"

_own(cluster, _) if kubekey.groups(cluster).registry.value[0]

# docker takes a range for a host name too, if the name leads into it.
_listed(host, list) if {
	some entry in list
	_host(entry) == host
}

_listed(_, list) if {
	some entry in list
	cidr.valid(entry)
}

_unverified(host, auths) if {
	some key, auth in auths
	_host(key) == host
	some switch in ["skipTLSVerify", "plainHTTP"]
	not kubekey.field(auth, switch).value == false
	kubekey.field(auth, switch)
}

# v4: anything but false, under the names of all releases.
_doubtful(pair) if {
	some switch in ["skip_tls_verify", "plain_http", "insecure"]
	some place in [["config", "spec"], ["inventory", "spec", "vars"]]
	auth := object.get(pair, array.concat(place, ["image_registry", "auth"]), {})
	value.is_set(auth, switch)
	auth[switch] != false
}
