# METADATA
# title: Certificates of the control plane will expire soon
# description: >-
#   kubeadm's certificates last one year, and kubeadm upgrade renews them. Without an upgrade somebody has to do it before the
#   date that the finding names, or the control plane fails. KubeKey's timer (v1.2 to v3) renews on Mondays what has fewer than
#   30 days left: where it is installed, less than three weeks mean that it does not work. Nothing in KubeSphere 3.x renews the
#   kubeconfig of a member cluster; 4.x does so a week ahead.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2524
# - ref: https://github.com/kubesphere/kubesphere/issues/4426
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/certs/templates/certs_renew_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/certs/templates/certs_renew_service.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/controller/cluster/kubeconfig.go
# custom:
#   severity: warning
#   scope: set
#   facts: [kubeconfigs]
#   targets: [kubekey-cluster, certificate, kubeconfig, kubesphere-cluster, systemd-unit, kubekey-config, kubekey-inventory]
#   parameters:
#     days:
#       type: number
#       default: 30
#       description: How many days ahead a certificate is reported.
#       zh: 提前多少天报告证书即将过期。
#     timer_days:
#       type: number
#       default: 21
#       description: The same where KubeKey's timer renews certificates.
#       zh: 有 KubeKey 定时器更新证书时，提前多少天报告。
#     renewed_days:
#       type: number
#       default: 6
#       description: The same for the kubeconfig of a member cluster that KubeSphere 4.x renews.
#       zh: 对于由 KubeSphere 4.x 更新的成员集群 kubeconfig，提前多少天报告。
#     percent:
#       type: number
#       default: 25
#       description: A certificate is not reported earlier than in this last part of its life, in percent.
#       zh: 只在证书有效期的最后这个百分比之内报告。
#   message: "the control plane fails in {days} days, on {date}, with the end of {files}"
#   remediation: >-
#     Run kubeadm certs renew all (below 1.20 kubeadm alpha certs renew all) on every control-plane node before that date, then
#     restart the pods of kube-apiserver, kube-controller-manager, kube-scheduler and etcd.
#   messages:
#     timer:
#       severity: warning
#       message: "the timer has not renewed {files}: the control plane fails in {days} days, on {date}"
#       remediation: >-
#         Find out with systemctl list-timers k8s-certs-renew.timer and journalctl -u k8s-certs-renew why the timer did not
#         run, and run kubeadm certs renew all on that node.
#     cluster:
#       severity: warning
#       message: "the connection to cluster \"{cluster}\" fails in {days} days, on {date}, with the end of its client certificate"
#       remediation: >-
#         Give the Cluster a new kubeconfig of the same cluster (in the console, Update KubeConfig); do not remove and import it.
#   zh:
#     title: 控制平面证书即将过期
#     description: >-
#       kubeadm 签发的证书有效期一年，kubeadm upgrade 会顺带更新。如果一年内没有升级，就必须在到期前手动更新，否则控制平面不可用。
#       KubeKey（v1.2 到 v3）的定时器每周一更新剩余不足 30 天的证书：装了定时器却只剩不到三周，说明它没有正常工作。
#       KubeSphere 3.x 不会更新成员集群的 kubeconfig；4.x 会提前一周更新。
#     message: "{days} 天后（{date}）控制平面将不可用，届时到期的证书：{files}"
#     remediation: >-
#       在此之前，在每个控制平面节点上执行 kubeadm certs renew all（1.20 以前为 kubeadm alpha certs renew all），
#       然后重启 kube-apiserver、kube-controller-manager、kube-scheduler 和 etcd 的 Pod。
#     messages:
#       timer:
#         message: "定时器没有更新 {files}：{days} 天后（{date}）控制平面将不可用"
#         remediation: >-
#           用 systemctl list-timers k8s-certs-renew.timer 和 journalctl -u k8s-certs-renew 查明定时器为何没有运行，
#           并在该节点上执行 kubeadm certs renew all。
#       cluster:
#         message: "{days} 天后（{date}）集群 \"{cluster}\" 的客户端证书到期，连接将中断"
#         remediation: 为该 Cluster 换上同一集群的新 kubeconfig（控制台中的“更新 KubeConfig”），不要删除后重新导入。
package policies.rules.certificates["k8s-cert-expires-soon"]

import data.policies.lib.kubeconfig
import data.policies.lib.kubekey
import data.policies.lib.version
import future.keywords.not

deny contains _fault(host) if {
	some host, _ in _ending
	not _has_timer(host)
}

deny contains object.union(_fault(host), {"message": "timer"}) if {
	some host, _ in _ending
	_has_timer(host)
}

deny contains {"document": leaf.document, "path": leaf.path, "message": "cluster", "args": args} if {
	some k in input.facts.kubeconfigs
	k.kind == "cluster"
	kubeconfig.is_used(k, input.set)
	leaf := _leaf(k)
	_ends_within(leaf, _days_of(input.set[k.document].versions))
	cluster := input.set[k.carrier.document].value.metadata.name
	args := object.union(_when(leaf), {"cluster": cluster})
}

# One finding for a host, at what ends first.
_fault(host) := {"document": first.document, "path": first.path, "args": args} if {
	ordered := sort(_ending[host])
	first := input.facts.certificates[ordered[0][2]].certs[0]
	args := object.union(_when(first), {"files": [name | some [_, name, _] in ordered]})
}

_when(leaf) := {
	"date": substring(leaf.not_after, 0, 10),
	"days": floor((leaf.ends - input.facts.now) / 86400),
}

_ending[holder.host] contains [leaf.ends, holder.name, holder.id] if {
	some holder in input.facts.certificates
	holder.role in {"apiserver", "apiserver-kubelet-client", "front-proxy-client"}
	leaf := holder.certs[0]
	_ends_within(leaf, _days(holder.host))
}

_ending[k.host] contains [leaf.ends, sprintf("%s.conf", [k.role]), k.user.certificate] if {
	some k in input.facts.kubeconfigs
	k.role in {"admin", "controller-manager", "scheduler"}
	leaf := _leaf(k)
	_ends_within(leaf, _days(k.host))
}

_leaf(k) := input.facts.certificates[k.user.certificate].certs[0] if {
	k.user.embedded
	not k.user.other_auth
}

_ends_within(leaf, days) if {
	leaf.ends >= input.facts.now
	leaf.ends < input.facts.now + min([days * 86400, ((leaf.ends - leaf.starts) * _limits.percent) / 100])
}

_limits := input.parameters["k8s-cert-expires-soon"]

_days(host) := _limits.timer_days if _has_timer(host)

_days(host) := _limits.days if not _has_timer(host)

_days_of(versions) := _limits.days if {
	version.between(versions.kubesphere, "3.0", "3.99")
} else := _limits.renewed_days

_has_timer(host) if host in _timers

_has_timer(_) if _on_all_hosts

_on_all_hosts if {
	some document in input.set
	document.target == "kubekey-cluster"
	kubekey.at(document.value, ["spec", "kubernetes", "autoRenewCerts"]).value == true
}

_timers contains document.host if {
	some document in input.set
	regex.match(`(^|/)k8s-certs-renew\.timer$`, document.file)
}
