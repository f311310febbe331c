# METADATA
# title: Nothing renews the certificates of the control plane
# description: >-
#   kubeadm's certificates last one year. Without KubeKey's timer, and without an upgrade of Kubernetes, the control plane stops
#   after that year. KubeKey v2.1 to v3 installs the timer only with autoRenewCerts: true. KubeKey v4.0.0 to v4.0.7-alpha.1
#   installs one whose service starts a script of another name, with a broken first line.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1318
# - ref: https://github.com/kubesphere/kubekey/issues/689
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/kubernetes_types.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/kubernetes/certs/tasks/main.yaml
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/kubernetes/certs/files/k8s-certs-renew.service
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/kubernetes/certs/templates/renew_script.sh
# custom:
#   severity: warning
#   scope: set
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, systemd-unit, script]
#   unknown: run
#   versions: {kubekey: ">=2.1"}
#   message: "autoRenewCerts is off: without an upgrade the certificates of the control plane end after one year"
#   remediation: >-
#     Set autoRenewCerts: true; it also switches the audit log on where audit.enabled is written. It renews kubeadm's
#     certificates, not those of an etcd that KubeKey runs itself.
#   messages:
#     v4:
#       severity: warning
#       message: "certs.renew is false: without an upgrade the certificates of the control plane end after one year"
#       remediation: >-
#         Set certs.renew: true, and after the installation look at the next run of k8s-certs-renew.service: the timer of v4.0
#         starts a script that is not there.
#     service:
#       severity: warning
#       message: "the service starts \"{script}\", which KubeKey v4 calls renew_script.sh: it fails every Monday and renews nothing"
#       remediation: >-
#         Save renew_script.sh as {script}, executable and with #!/bin/bash on a line of its own, then run systemctl start
#         k8s-certs-renew.service once.
#     script:
#       severity: warning
#       message: "the first line of the script runs into the second: it fails every Monday and renews nothing"
#       remediation: Break the line behind #!/bin/bash, and save the script as /usr/local/bin/kube-scripts/k8s-certs-renew.sh.
#   zh:
#     title: 没有任何机制更新控制平面证书
#     description: >-
#       kubeadm 签发的证书有效期一年。没有 KubeKey 的定时器，期间又没有升级 Kubernetes，一年后控制平面就会停摆。
#       KubeKey v2.1 到 v3 只在 autoRenewCerts: true 时安装定时器。KubeKey v4.0.0 到 v4.0.7-alpha.1 安装的定时器所启动的脚本文件名不对，
#       且脚本首行已损坏。
#     message: "autoRenewCerts 未打开：若不升级，控制平面的证书一年后到期"
#     remediation: >-
#       设置 autoRenewCerts: true；如果写了 audit.enabled，它还会打开审计日志。它更新的是 kubeadm 的证书，不包括 KubeKey 自己部署的 etcd 的证书。
#     messages:
#       v4:
#         message: "certs.renew 为 false：若不升级，控制平面的证书一年后到期"
#         remediation: >-
#           设置 certs.renew: true，安装后检查 k8s-certs-renew.service 的下一次运行结果：v4.0 的定时器启动的脚本并不存在。
#       service:
#         message: "该服务启动 \"{script}\"，而 KubeKey v4 写入的文件名是 renew_script.sh：每周一都会失败，什么都不会更新"
#         remediation: >-
#           把 renew_script.sh 另存为 {script}，加上可执行权限，让 #!/bin/bash 独占一行，然后执行一次 systemctl start
#           k8s-certs-renew.service。
#       script:
#         message: "脚本首行与第二行连在了一起：每周一都会失败，什么都不会更新"
#         remediation: 在 #!/bin/bash 之后换行，并把脚本保存为 /usr/local/bin/kube-scripts/k8s-certs-renew.sh。
package policies.rules.certificates["autorenew-certs-off"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.version
import future.keywords.not

deny contains {"document": i, "path": kubekey.place(document.value, _field), "args": {}} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	document.value.apiVersion == "kubekey.kubesphere.io/v1alpha2"
	_is_off(document.value)
	_on_kubeadm(document.value)
	not _another_speaks(document)
	not _has_timer
}

deny contains {"document": pair.documents[renew["in"]], "path": renew.path, "message": "v4", "args": {}} if {
	some pair in kubekey4.pairs(input.set)
	renew := kubekey4.setting(pair.config, pair.inventory, ["kubernetes", "certs", "renew"])
	renew.value == false
	kubekey4.effective(pair.config, pair.inventory, ["etcd", "deployment_type"]).value != "internal"
}

deny contains fault if some fault in _services

deny contains {"document": i, "path": ["lines", 0], "message": "script", "args": {}} if {
	some i, document in input.set
	document.target == "script"
	_base(document.file) in {"k8s-certs-renew.sh", "renew_script.sh"}
	startswith(document.value.lines[0], "#!/bin/bashkubeadmCerts")
	not document.host in {input.set[service.document].host | some service in _services}
}

_field := ["spec", "kubernetes", "autoRenewCerts"]

_is_off(cluster) if kubekey.at(cluster, _field).value in {false, ""}

_is_off(cluster) if not kubekey.at(cluster, _field)

_on_kubeadm(cluster) if {
	type := kubekey.kubernetes_type(cluster)
	not type in {"k3s", "k8e"}
}

# Rule etcd-kubeadm-one-year.
_another_speaks(document) if kubekey.at(document.value, ["spec", "etcd", "type"]).value == "kubeadm"

# Rule kk-audit-nil: both false are no fault of the audit log's.
_another_speaks(document) if {
	audit := kubekey.at(document.value, ["spec", "kubernetes", "audit", "enabled"]).value
	[audit, kubekey.at(document.value, _field).value] != [false, false]
	not version.below(document.versions.kubekey, "3.0.8")
}

_another_speaks(document) if {
	kubekey.at(document.value, ["spec", "kubernetes", "audit", "enabled"])
	not kubekey.at(document.value, _field)
	not version.below(document.versions.kubekey, "3.0.8")
}

_has_timer if {
	some document in input.set
	_base(document.file) == "k8s-certs-renew.timer"
}

_services contains {"document": i, "path": path, "message": "service", "args": {"script": script}} if {
	some i, document in input.set
	_base(document.file) == "k8s-certs-renew.service"
	some n, command in document.value.Service.ExecStart
	path := ["Service", "ExecStart", n]
	some script in regex.find_n(`/\S*/k8s-certs-renew\.sh\b`, command, 1)
	not _has(document.host, "k8s-certs-renew.sh")
	_by_v4(document)
}

_by_v4(document) if _has(document.host, "renew_script.sh")

_by_v4(document) if {
	not version.at_least(document.versions.kubekey, "4.0.8")
	some other in input.set
	other.target == "kubekey-config"
}

_has(host, name) if {
	some document in input.set
	document.target == "script"
	document.host == host
	_base(document.file) == name
}

_base(file) := regex.replace(file, `^.*/`, "")
