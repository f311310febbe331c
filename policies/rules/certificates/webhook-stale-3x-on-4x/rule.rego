# METADATA
# title: a webhook of KubeSphere 3.x is left on 4.x
# description: >-
#   Webhook configurations of KubeSphere 3.0 to 3.4 that an upgrade leaves behind hold the CA of the old installation. The API
#   server then refuses to write KubeSphere's own User and Cluster objects, and the host cluster never becomes ready. They are
#   known by the reviews of v1beta1 that all of them ask for; some of their names are also used by 4.1.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6235
# - ref: https://github.com/kubesphere/kubesphere/issues/6476
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates/webhook.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/webhook.yaml
# custom:
#   severity: error
#   targets: [webhook-config, any-object]
#   scope: set
#   message: "webhook \"{name}\" is left over from KubeSphere 3.x: 4.x cannot write the objects that it guards"
#   remediation: >-
#     Run kubectl delete {kind} {configuration}; if ks-core 4.1 ships a configuration of that name, run helm upgrade of ks-core
#     afterwards.
#   zh:
#     title: KubeSphere 4.x 上残留 3.x 的 webhook
#     description: >-
#       KubeSphere 3.0 到 3.4 的 webhook 配置在升级后残留下来，里面仍是旧安装的 CA。API server 会因此拒绝写入 KubeSphere 自己的
#       User、Cluster 等对象，host 集群始终无法就绪。这些配置的共同特征是只声明 v1beta1 的 AdmissionReview；其中有些名称 4.1 也在使用。
#     message: "webhook \"{name}\" 是 KubeSphere 3.x 的残留：4.x 无法写入它所拦截的对象"
#     remediation: 执行 kubectl delete {kind} {configuration}；如果 ks-core 4.1 也自带同名配置，删除后再对 ks-core 执行一次 helm upgrade。
package policies.rules.certificates["webhook-stale-3x-on-4x"]

import data.policies.lib.webhook

deny contains {"document": i, "path": ["webhooks", n, "admissionReviewVersions"], "args": args} if {
	some i, places in webhook.stale(input.set)
	n := min(places)
	configuration := input.set[i].value
	name := object.get(configuration, ["metadata", "name"], "")
	args := {
		"name": object.get(configuration.webhooks[n], "name", name),
		"configuration": name,
		"kind": configuration.kind,
	}
}
