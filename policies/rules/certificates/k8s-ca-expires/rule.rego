# METADATA
# title: The cluster's CA will expire
# description: >-
#   kubeadm and kk certs renew renew leaves, never a CA. From a year before the CA's end every renewed certificate outlives it
#   and shows a date that is worth nothing; what the cluster signs for kubelets and users is cut to that end, and past it nothing
#   is signed or accepted. kubeadm's CAs and those of KubeKey v4 last ten years.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2214
# - ref: https://github.com/kubesphere/kubekey/issues/2637
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/util/pkiutil/pki_helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/pkg/controller/certificates/authority/policies.go
# custom:
#   severity: warning
#   scope: set
#   facts: [certificates]
#   targets: [certificate]
#   parameters:
#     days:
#       type: number
#       default: 365
#       description: How many days ahead a CA is reported.
#       zh: 提前多少天报告 CA 即将过期。
#     percent:
#       type: number
#       default: 20
#       description: A CA is not reported earlier than in this last part of its life, in percent.
#       zh: 只在 CA 有效期的最后这个百分比之内报告。
#   message: "the CA in {file} ends on {date}, in {days} days: renewed certificates are worth nothing after that"
#   remediation: >-
#     Plan a CA rotation: trust the old and the new CA together everywhere, then issue every certificate again. Do not replace
#     {file} alone.
#   zh:
#     title: 集群 CA 即将过期
#     description: >-
#       kubeadm 和 kk certs renew 只更新普通证书，不更新 CA。CA 到期前一年起，更新出来的证书都会比 CA 活得更久，显示的到期时间已无意义；
#       集群为 kubelet 和用户签发的证书会被截到 CA 的到期时间，到期后不再签发，也不再被接受。kubeadm 和 KubeKey v4 的 CA 有效期为十年。
#     message: "{file} 中的 CA 将于 {date} 到期，还剩 {days} 天：此后，更新过的证书同样失效"
#     remediation: 规划 CA 轮换：先让各处同时信任新旧 CA，再重新签发所有证书。不要只替换 {file}。
package policies.rules.certificates["k8s-ca-expires"]

# One finding for a CA, wherever it stands.
deny contains {"document": ca.document, "path": ca.path, "args": args} if {
	some ids in _ending
	holder := input.facts.certificates[min(ids)]
	ca := _last(holder)
	args := {
		"file": holder.name,
		"date": substring(ca.not_after, 0, 10),
		"days": floor((ca.ends - input.facts.now) / 86400),
	}
}

_ending[ca.sha256] contains holder.id if {
	some holder in input.facts.certificates
	holder.role in {"ca", "front-proxy-ca"}
	ca := _last(holder)
	ca.ends >= input.facts.now
	ca.ends < input.facts.now + min([_limits.days * 86400, ((ca.ends - ca.starts) * _limits.percent) / 100])
}

_limits := input.parameters["k8s-ca-expires"]

# An old CA that runs out beside a new one is a rotation.
_last(holder) := last if {
	every c in holder.certs {
		c.ends
	}
	end := max([c.ends | some c in holder.certs])
	last := [c | some c in holder.certs; c.ends == end][0]
}
