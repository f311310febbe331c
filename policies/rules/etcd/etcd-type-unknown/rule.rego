# METADATA
# title: etcd.type is a word that KubeKey does not know
# description: >-
#   KubeKey v2.1 to v3 compares etcd.type to the letter and skips everything about etcd for any other word: kubeadm gets an
#   empty list of endpoints and no API server comes up, k3s waits for members that nobody installed. KubeKey v4 stops in its
#   precheck over another deployment_type.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/etcd_types.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/pipelines/create_cluster.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/precheck/etcd/tasks/main.yaml
# custom:
#   severity: error
#   scope: set
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory]
#   unknown: run
#   versions: {kubekey: ">=2.1"}
#   message: "etcd.type \"{type}\" is none of kubekey, kubeadm and external: KubeKey installs no etcd, and no API server comes up"
#   remediation: Write kubekey, kubeadm or external, in lower case.
#   messages:
#     v4:
#       message: "etcd.deployment_type \"{type}\" is neither external nor internal: KubeKey's precheck fails"
#       remediation: Write external, for an etcd that KubeKey installs as a service, or internal, for that of kubeadm.
#   zh:
#     title: etcd.type 的取值 KubeKey 不认识
#     description: >-
#       KubeKey v2.1 到 v3 严格按字面比较 etcd.type，遇到其他取值就跳过与 etcd 有关的所有步骤：kubeadm 拿到的端点列表为空，API server
#       无法启动；k3s 则一直等待没有人安装的成员。KubeKey v4 遇到其他 deployment_type 时，预检查直接失败。
#     message: "etcd.type \"{type}\" 不是 kubekey、kubeadm 或 external：KubeKey 不会安装 etcd，API server 无法启动"
#     remediation: 写小写的 kubekey、kubeadm 或 external。
#     messages:
#       v4:
#         message: "etcd.deployment_type \"{type}\" 既不是 external 也不是 internal：KubeKey 预检查失败"
#         remediation: 由 KubeKey 以系统服务方式安装 etcd 时写 external，由 kubeadm 安装时写 internal。
package policies.rules.etcd["etcd-type-unknown"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import future.keywords.not

deny contains {"document": i, "path": type.path, "args": {"type": type.value}} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	type := kubekey.at(document.value, ["spec", "etcd", "type"])
	is_string(type.value)
	not value.is_template(type.value)
	not type.value in {"", "kubekey", "kubeadm", "external"}
}

deny contains {"document": i, "path": type.path, "message": "v4", "args": {"type": type.value}} if {
	some pair in kubekey4.pairs(input.set)
	type := kubekey4.setting(pair.config, pair.inventory, ["etcd", "deployment_type"])
	not type_name(type.value) in {"array", "object"}
	not type.value in {"external", "internal"}
	i := pair.documents[type["in"]]
}
