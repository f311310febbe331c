# METADATA
# title: A node joins without checking the cluster's CA
# description: >-
#   With unsafeSkipCAVerification and no caCertHashes the joining node believes whoever answers on the API server's address, and sends
#   it the bootstrap token. KubeKey v1.2 to v4 writes its join files that way. Discovery by file brings its own CA and is not judged.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v1.2.1/pkg/kubernetes/config/v1beta2/kubeadm.go
# - ref: https://github.com/kubesphere/kubekey/blob/3.x/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://github.com/kubesphere/kubekey/tree/main/builtin/core/roles/kubernetes/join-kubernetes/templates/kubeadm
# custom:
#   severity: info
#   targets: [kubeadm-config]
#   message: "the CA is not verified: while the node joins, anyone in between can pose as the API server and take the token"
#   remediation: >-
#     In a file of your own, set caCertHashes to what kubeadm token create --print-join-command shows; the files that KubeKey renders
#     have no setting for it, their token lives 24 h.
#   zh:
#     title: 节点加入集群时不校验 CA
#     description: >-
#       设置 unsafeSkipCAVerification 而没有 caCertHashes 时，新节点会相信任何在 API Server 地址上应答的一方，并把 bootstrap token 发给它。KubeKey
#       v1.2 到 v4 生成的 join 文件就是这样。通过文件发现的方式自带 CA，不做判断。
#     message: "加入时不校验 CA：中间人可以冒充 API Server 并拿到 token"
#     remediation: >-
#       自己编写的文件：把 caCertHashes 设为 kubeadm token create --print-join-command 显示的值；KubeKey 生成的文件没有对应的设置项，其 token
#       有效期为 24 小时。
package policies.rules.security["sec-join-skip-ca"]

import data.policies.lib.value
import future.keywords.not

deny contains {"path": array.concat(token.path, ["unsafeSkipCAVerification"]), "args": {}} if {
	token := value.at(input.document.value, ["discovery", "bootstrapToken"])
	token.value.unsafeSkipCAVerification == true
	object.get(token.value, "caCertHashes", null) in {null, []}
	not value.at(input.document.value, ["discovery", "file"])
}
