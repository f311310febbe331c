package policies.lib.webhook_test

import data.policies.lib.webhook

test_a_webhook_of_3_beside_a_core_image_of_4 if {
	webhook.stale([_hooks([_old]), _core("v4.1.3")]) == {0: {0}}
}

test_extensions_are_of_4 if {
	every kind in ["Extension", "ExtensionVersion", "InstallPlan"] {
		webhook.stale([null, _hooks([_new, _old]), _object("kubesphere.io/v1alpha1", kind)]) == {1: {1}}
	}
}

test_a_known_version_is_proof if {
	webhook.stale([object.union(_hooks([_old]), {"versions": {"kubesphere": "4.1.2"}})]) == {0: {0}}
	webhook.stale([object.union(_hooks([_old]), {"versions": {"kubesphere": "3.4.1"}})]) == {}
}

test_without_4_nothing_is_known if {
	webhook.stale([_hooks([_old])]) == {}
	webhook.stale([_hooks([_old]), _core("v3.4.1")]) == {}
	webhook.stale([_hooks([_old]), _object("kubesphere.io/v1beta1", "Extension")]) == {}
	webhook.stale([_hooks([_old]), _object("kubesphere.io/v1alpha1", "Plugin")]) == {}
}

test_3_and_4_in_one_folder_say_nothing if {
	webhook.stale([_hooks([_old]), _core("v3.4.1"), _core("v4.1.3")]) == {}
}

test_webhooks_of_4_and_of_others_are_sound if {
	both := _hook("ks-controller-manager", ["v1", "v1beta1"])
	webhook.stale([_hooks([_new, _hook("x", ["v1beta1"]), both]), _core("v4.1.3")]) == {}
}

test_whatever_stands_there if {
	every webhooks in [null, "x", [null], [1], {"a": 1}] {
		webhook.stale([_hooks(webhooks), _core("v4.1.3")]) == {}
	}
}

_old := _hook("ks-controller-manager", ["v1beta1"])

_new := _hook("ks-controller-manager", ["v1"])

_hook(service, versions) := {"admissionReviewVersions": versions, "clientConfig": {"service": {"name": service}}}

_hooks(webhooks) := {"target": "webhook-config", "versions": {}, "value": {"webhooks": webhooks}}

_object(version, kind) := {"target": "any-object", "versions": {}, "value": {"apiVersion": version, "kind": kind}}

_core(tag) := {"target": "any-object", "versions": {}, "value": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "ks-apiserver", "namespace": "kubesphere-system"},
	"spec": {"template": {"spec": {"containers": [{
		"name": "ks-apiserver",
		"image": sprintf("kubesphere/ks-apiserver:%s", [tag]),
	}]}}},
}}
