package policies.rules.security["sec-join-skip-ca_test"]

import data.policies.rules.security["sec-join-skip-ca"] as rule

test_nothing_is_verified if {
	path := ["discovery", "bootstrapToken", "unsafeSkipCAVerification"]
	every hashes in [{}, {"caCertHashes": null}, {"caCertHashes": []}] {
		token := object.union({"unsafeSkipCAVerification": true}, hashes)
		rule.deny == {{"path": path, "args": {}}} with input as _join({"bootstrapToken": token})
	}
}

test_hashes_are_verified_all_the_same if {
	token := {"unsafeSkipCAVerification": true, "caCertHashes": ["sha256:00"]}
	count(rule.deny) == 0 with input as _join({"bootstrapToken": token})
}

test_verification_is_on if {
	every x in [false, null, "true", 1] {
		count(rule.deny) == 0 with input as _join({"bootstrapToken": {"unsafeSkipCAVerification": x}})
	}
	count(rule.deny) == 0 with input as _join({"bootstrapToken": {}})
}

test_discovery_by_file if {
	discovery := {"file": {"kubeConfigPath": "/x"}, "bootstrapToken": {"unsafeSkipCAVerification": true}}
	count(rule.deny) == 0 with input as _join(discovery)
	count(rule.deny) == 0 with input as _join({"file": {"kubeConfigPath": "/x"}})
}

test_odd_documents_are_no_failure if {
	every x in [null, "x", 5, [], {"bootstrapToken": "x"}, {"bootstrapToken": []}] {
		count(rule.deny) == 0 with input as _join(x)
	}
}

_join(discovery) := {"document": {
	"target": "kubeadm-config",
	"value": {"kind": "JoinConfiguration", "discovery": discovery},
}}
