# METADATA
# title: A certificate is not valid yet
# description: >-
#   Until its first instant a certificate is refused as an expired one is ("certificate has expired or is not yet valid"). It
#   happens where the clock of the host that issued it was ahead, or its local time was taken for UTC, and ends by itself. kubeadm
#   dates its certificates back, so that some minutes are no normal lead.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6117
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/util/pkiutil/pki_helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/phases/certs/renewal/manager.go
# custom:
#   severity: error
#   scope: set
#   facts: [kubeconfigs]
#   targets: [certificate, kubeconfig, kubesphere-cluster, kubekey-config, kubekey-inventory, any-object]
#   parameters:
#     minutes:
#       type: number
#       default: 10
#       description: How many minutes a certificate may begin after now.
#       zh: 证书的生效时间最多可以晚于当前时间多少分钟。
#   message: "{name} is not valid before {begin} UTC: until then every connection that needs it is refused"
#   remediation: >-
#     Set clock and time zone of the host that issued it, and issue it again only if it must work before that time.
#   messages:
#     ca:
#       severity: error
#       message: "the CA in {name} is not valid before {begin} UTC: until then whatever it signed is refused"
#     clock:
#       severity: error
#       message: "none of the {count} certificates is valid yet, the first from {begin} UTC on: the clock of this machine may be wrong"
#       remediation: >-
#         Compare the clock of the machine that runs kslint, or the time given with --now, with the hosts of the cluster; if it is
#         right, set clock and time zone of the host that issued the certificates.
#   zh:
#     title: 证书尚未生效
#     description: >-
#       证书在生效时间之前会像过期证书一样被拒绝（"certificate has expired or is not yet valid"）。原因通常是签发证书的主机时钟偏快，
#       或者把本地时间当成了 UTC；到了生效时间会自行恢复。kubeadm 签发时会把生效时间往前提，所以正常情况下不会晚几分钟才生效。
#     message: "{name} 在 {begin} UTC 之前尚未生效：此前用到它的连接都会被拒绝"
#     remediation: 校正签发主机的时钟和时区；只有必须在该时间之前使用时，才需要重新签发。
#     messages:
#       ca:
#         message: "{name} 中的 CA 在 {begin} UTC 之前尚未生效：此前它签发的证书都会被拒绝"
#       clock:
#         message: "{count} 个证书全部尚未生效，最早从 {begin} UTC 起生效：可能是本机时钟不准"
#         remediation: >-
#           将运行 kslint 的机器的时钟（或 --now 指定的时间）与集群主机比对；如果无误，则校正签发这些证书的主机的时钟和时区。
package policies.rules.certificates["cert-not-yet-valid"]

import data.policies.lib.kubeconfig
import future.keywords.not

deny contains _fault(early, {"name": early.name}) if {
	some early in _early
	early.reading == "leaf"
	not _all_early
}

deny contains object.union(_fault(early, {"name": early.name}), {"message": "ca"}) if {
	some early in _early
	early.reading == "ca"
	not _all_early
}

# One finding, at what begins first.
deny contains object.union(_fault(first, {"count": count(_early)}), {"message": "clock"}) if {
	_all_early
	[_, id] := min([[early.begin, early.id] | some early in _early])
	some first in _early
	first.id == id
}

_fault(early, args) := {
	"document": early.document,
	"path": early.path,
	"args": object.union(args, {"begin": regex.replace(early.begin, `^(.*)T(.*):..Z$`, "$1 $2")}),
}

# A single certificate says nothing about the clock.
_all_early if {
	count(_early) > 1
	count(_early) == count(_contents)
}

_early contains object.union(object.filter(holder, ["id", "name", "document", "path"]), early) if {
	some [reading, _], places in _contents
	[_, id] := min(places)
	holder := input.facts.certificates[id]
	certs := _certs(holder, reading)
	every c in certs {
		c.starts > input.facts.now + (input.parameters["cert-not-yet-valid"].minutes * 60)
	}
	early := {"reading": reading, "begin": min([c.not_before | some c in certs])}
}

# What is judged, each content once: in a file of its own before a kubeconfig. A file that is read both ways is a leaf.
_contents[[reading, hashes]] contains [_rank(holder), holder.id] if {
	some holder in input.facts.certificates
	reading := holder.read[count(holder.read) - 1]
	hashes := [c.sha256 | some c in _certs(holder, reading)]
	not holder.id in _not_judged
}

_rank(holder) := count([role | some role in ["kubeconfig-ca", "kubeconfig-user"]; role == holder.role])

_certs(holder, "leaf") := [holder.certs[0]]

_certs(holder, "ca") := holder.certs

# The client folders of registries: docker reads those of hosts that it never asks, too.
_not_judged contains holder.id if {
	some holder in input.facts.certificates
	holder.role in {"registry-client", "registry-client-ca"}
}

_not_judged contains identity.certificate if {
	some k in input.facts.kubeconfigs
	not kubeconfig.is_used(k, input.set)
	some identity in [object.get(k, "user", {}), object.get(k, "cluster", {})]
	identity.embedded
}
