# METADATA
# title: a caBundle belongs to another certificate
# description: >-
#   The API server verifies a webhook's certificate with the caBundle of its configuration. A bundle of an earlier installation,
#   or of another render of the chart, knows nothing of the present CA: users stay not active, clusters not ready, and after an
#   upgrade to 3.4.0 the conversion of Receivers fails.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/3761
# - ref: https://github.com/kubesphere/kubekey/issues/572
# - ref: https://github.com/kubesphere/kubesphere/issues/2928
# - ref: https://github.com/kubesphere/kubesphere/issues/6235
# - ref: https://github.com/kubesphere/kubesphere/issues/5896
# custom:
#   severity: error
#   targets: [webhook-config, crd, secret, any-object]
#   scope: set
#   facts: [webhooks]
#   message: "this caBundle does not verify the certificate in Secret \"{secret}\": the API server refuses the webhooks of \"{service}\""
#   remediation: >-
#     Put ca.crt of Secret {secret} into every caBundle of Service {service}, then restart its server; for notification-manager
#     take the caBundle of notification-manager-validating-webhook if that one verifies the Secret.
#   messages:
#     apart:
#       severity: error
#       message: "this caBundle shares no CA with that of {kind} \"{name}\" for the same Service \"{service}\": one of the two webhooks fails"
#       remediation: >-
#         Find out which CA signed the certificate that Service {service} presents, put that one into every caBundle of the
#         Service, then restart its server.
#   zh:
#     title: caBundle 与 webhook 证书不匹配
#     description: >-
#       API server 用 webhook 配置中的 caBundle 校验其证书。caBundle 如果来自上一次安装，或者来自 chart 的另一次渲染，就不认识现在的 CA：
#       用户一直处于未激活状态，集群无法就绪；升级到 3.4.0 之后 Receiver 的版本转换会失败。
#     message: "该 caBundle 校验不了 Secret \"{secret}\" 中的证书：API server 会拒绝 \"{service}\" 的 webhook"
#     remediation: >-
#       把 Secret {secret} 的 ca.crt 写入 Service {service} 的每个 caBundle，再重启服务端；notification-manager 则取
#       notification-manager-validating-webhook 的 caBundle（前提是它能校验该 Secret）。
#     messages:
#       apart:
#         message: "该 caBundle 与 {kind} \"{name}\" 中同一 Service \"{service}\" 的 caBundle 没有任何相同的 CA：两个 webhook 必有一个失败"
#         remediation: 确认 Service {service} 实际出示的证书由哪个 CA 签发，把它写入该 Service 的每个 caBundle，再重启服务端。
package policies.rules.certificates["webhook-cabundle-mismatch"]

import data.policies.lib.webhook
import future.keywords.not

# A bundle stands in a configuration as often as it has webhooks: said once for a Secret.
deny contains {"document": hook.document, "path": hook.ca_path, "args": args} if {
	some [_, _, secret], places in _refused
	hook := _hooks[min(places)]
	args := {"service": hook.service.name, "secret": input.facts.webhooks.secrets[secret].name}
}

# One finding for a Service: which of the bundles is the wrong one cannot be seen.
deny contains {"document": hook.document, "path": hook.ca_path, "message": "apart", "args": args} if {
	some service, hooks in _unproved
	not _twice[service]
	first := hooks[0]
	hook := [h | some h in hooks; count(_sums(h) & _sums(first)) == 0][0]
	object := input.set[first.document].value
	args := {"service": hook.service.name, "kind": object.kind, "name": object.metadata.name}
}

_hooks := input.facts.webhooks.client_configs

_stale := webhook.stale(input.set)

_judged(hook) if {
	hook.certificate >= 0
	not hook.injected
	not _stale[hook.document]
}

_refused[[hook.document, _sums(hook), secret]] contains i if {
	some i, hook in _hooks
	_judged(hook)
	secret := hook.secrets[0].secret
	every own in hook.secrets {
		not own.verifies
	}
}

# By Service, client configs of objects of a cluster that are not held against a Secret.
_unproved[service] := hooks if {
	some service in {h.service | some h in _hooks; h.service.listed; h.exported; count(h.secrets) == 0}
	hooks := [h |
		some h in _hooks
		h.service == service
		h.exported
		_judged(h)
		count(_sums(h)) == count(input.facts.certificates[h.certificate].certs)
	]
}

_sums(hook) := {c.sha256 | some c in input.facts.certificates[hook.certificate].certs}

# Services of which an object was exported twice, from two clusters or at two times.
_twice contains service if {
	some [service, _, _], documents in _objects
	count(documents) > 1
}

_objects[[hook.service, object.kind, object.metadata.name]] contains hook.document if {
	some hook in _hooks
	hook.exported
	object := input.set[hook.document].value
}
