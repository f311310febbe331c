package policies.rules.certificates["webhook-stale-3x-on-4x_test"]

import data.policies.rules.certificates["webhook-stale-3x-on-4x"] as rule

test_one_finding_for_a_configuration_at_its_first_old_webhook if {
	rule.deny == {{
		"document": 0,
		"path": ["webhooks", 1, "admissionReviewVersions"],
		"args": {
			"name": "validating-cluster.kubesphere.io",
			"configuration": "cluster.kubesphere.io",
			"kind": "ValidatingWebhookConfiguration",
		},
	}} with input as {"set": [_old, {"target": "any-object", "versions": {}, "value": {
		"apiVersion": "kubesphere.io/v1alpha1",
		"kind": "InstallPlan",
	}}]}
}

test_without_proof_of_4_nothing_is_said if {
	count(rule.deny) == 0 with input as {"set": [_old]}
}

_old := {"target": "webhook-config", "versions": {}, "value": {
	"kind": "ValidatingWebhookConfiguration",
	"metadata": {"name": "cluster.kubesphere.io"},
	"webhooks": [
		{"name": "a", "admissionReviewVersions": ["v1"]},
		{
			"name": "validating-cluster.kubesphere.io",
			"admissionReviewVersions": ["v1beta1"],
			"clientConfig": {"service": {"name": "ks-controller-manager"}},
		},
		{
			"name": "b",
			"admissionReviewVersions": ["v1beta1"],
			"clientConfig": {"service": {"name": "ks-controller-manager"}},
		},
	],
}}
