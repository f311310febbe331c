package policies.rules.security["sec-default-minio-keys_test"]

import data.policies.rules.security["sec-default-minio-keys"] as rule

test_one_finding_a_file if {
	rule.deny == {{"path": ["s3", "secretAccessKey"], "args": {}}} with input as _config({
		"s3": _defaults,
		"openpitrix": {"s3": _defaults},
		"ldap": _ldap,
	})
}

test_one_of_the_keys_is_enough if {
	s3 := object.union(_defaults, {"secretAccessKey": "own"})
	rule.deny == {{
		"path": ["openpitrix", "s3", "accessKeyID"],
		"args": {},
	}} with input as _config({"openpitrix": {"s3": s3}})
}

test_without_an_endpoint_nothing_uses_them if {
	every endpoint in ["", null] {
		count(rule.deny) == 0 with input as _config({"s3": object.union(_defaults, {"endpoint": endpoint})})
	}
}

test_the_cluster_configuration_needs_no_endpoint if {
	s3 := object.remove(_defaults, ["endpoint"])
	rule.deny == {{
		"path": ["spec", "common", "s3", "secretAccessKey"],
		"args": {},
	}} with input as _cc({"common": {"s3": s3}})
}

test_other_keys_are_sound if {
	every s3 in [{"endpoint": "x", "accessKeyID": "a", "secretAccessKey": "b"}, {"endpoint": "x"}, {}, null, "x", []] {
		count(rule.deny) == 0 with input as _config({"s3": s3, "openpitrix": s3})
		count(rule.deny) == 0 with input as _cc({"common": {"s3": s3}})
	}
}

test_the_built_in_directory if {
	every host in [
		"openldap.kubesphere-system.svc", "openldap.kubesphere-system.svc:389",
		"openldap.kubesphere-system.svc.cluster.local",
	] {
		rule.deny == {{"path": ["ldap", "managerPassword"], "args": {}, "message": "ldap"}} with input as _config({
			"ldap": {"host": host, "managerPassword": "admin"},
		})
	}
}

test_another_directory_or_password if {
	every ldap in [
		object.union(_ldap, {"host": "ldap.example.com:389"}),
		object.union(_ldap, {"host": "openldap.kubesphere-system.svcs"}),
		object.union(_ldap, {"managerPassword": "own"}),
		{}, null, "x",
	] {
		count(rule.deny) == 0 with input as _config({"ldap": ldap})
	}
}

test_version_4_is_another_rules if {
	config := {"s3": _defaults, "ldap": _ldap, "authentication": {"issuer": {"jwtSecret": "x"}}}
	count(rule.deny) == 0 with input as _config(config)
}

test_odd_documents_are_no_failure if {
	every x in [null, "x", 5, []] {
		count(rule.deny) == 0 with input as _config(x)
		count(rule.deny) == 0 with input as _cc(x)
		count(rule.deny) == 0 with input as _cc({"common": x})
	}
	count(rule.deny) == 0 with input as _config({"ldap": object.union(_ldap, {"host": 5})})
}

_defaults := {
	"endpoint": "http://x",
	"accessKeyID": "openpitrixminioaccesskey",
	"secretAccessKey": "openpitrixminiosecretkey",
}

_ldap := {"host": "openldap.kubesphere-system.svc:389", "managerPassword": "admin"}

_config(settings) := {"document": {"target": "kubesphere-config", "value": settings}}

_cc(spec) := {"document": {"target": "cluster-configuration", "value": {"spec": spec}}}
