package policies.rules.certificates["k8s-cert-expires-soon_test"]

import data.policies.rules.certificates["k8s-cert-expires-soon"] as rule

test_one_finding_for_a_host if {
	rule.deny == {{
		"document": 1,
		"path": ["blocks", 0],
		"args": {"date": "1970-01-01", "days": 10, "files": ["b.crt", "a.crt"]},
	}} with input as _input([_leaf(0, "a.crt", 20), _leaf(1, "b.crt", 10), _leaf(2, "c.crt", 31)], [], [])
}

test_what_has_expired_is_for_another_rule if {
	count(rule.deny) == 0 with input as _input([_leaf(0, "a.crt", -1)], [], [])
}

test_a_quarter_of_a_short_life if {
	leaf := _leaf(0, "a.crt", 20)
	short := object.union(leaf, {"certs": [object.union(leaf.certs[0], {"starts": -20 * 86400})]})
	count(rule.deny) == 0 with input as _input([short], [], [])
}

test_a_timer_renews_what_has_less_than_a_month if {
	timer := {"target": "systemd-unit", "host": "node1", "file": "node1/etc/systemd/system/k8s-certs-renew.timer"}
	count(rule.deny) == 0 with input as _input([_leaf(0, "a.crt", 22)], [], [timer])
	faults := rule.deny with input as _input([_leaf(0, "a.crt", 20)], [], [null, timer])
	{fault.message | some fault in faults} == {"timer"}
	others := rule.deny with input as _input([_leaf(0, "a.crt", 22)], [], [object.union(timer, {"host": "node2"})])
	count(others) == 1
}

test_kubekey_installs_the_timer_on_all_hosts if {
	kubekey := {"target": "kubekey-cluster", "file": "a", "value": {"spec": {"kubernetes": {"autoRenewCerts": true}}}}
	count(rule.deny) == 0 with input as _input([_leaf(0, "a.crt", 22)], [], [kubekey])
}

test_kubeconfigs_of_the_control_plane if {
	holder := object.union(_leaf(0, "client-certificate-data", 10), {"role": "kubeconfig-user"})
	faults := rule.deny with input as _input([holder], [_kubeconfig("file", {"role": "admin"})], [])
	{fault.args.files | some fault in faults} == {["admin.conf"]}
	kubelets := rule.deny with input as _input([holder], [_kubeconfig("file", {"role": "kubelet"})], [])
	count(kubelets) == 0
}

test_members_of_three_and_four if {
	holder := object.union(_leaf(0, "client-certificate-data", 10), {"role": "kubeconfig-user"})
	member := _kubeconfig("cluster", {"carrier": {"document": 0, "path": []}})
	object_of := {"file": "c.yaml", "value": {"metadata": {"name": "m"}}, "versions": {"kubesphere": "3.4.1"}}
	three := rule.deny with input as _input([holder], [member], [object_of])
	{fault.message | some fault in three} == {"cluster"}
	later := object.union(object_of, {"versions": {"kubesphere": "4.1.3"}})
	four := rule.deny with input as _input([holder], [member], [later])
	count(four) == 0
}

_input(certificates, kubeconfigs, set) := {
	"set": set,
	"parameters": {"k8s-cert-expires-soon": {"days": 30, "timer_days": 21, "renewed_days": 6, "percent": 25}},
	"facts": {"now": 0, "certificates": certificates, "kubeconfigs": kubeconfigs},
}

_leaf(id, name, days) := {"id": id, "document": id, "host": "node1", "role": "apiserver", "name": name, "certs": [{
	"document": id,
	"path": ["blocks", 0],
	"starts": -335 * 86400,
	"ends": days * 86400,
	"not_after": "1970-01-01T00:00:00Z",
}]}

_kubeconfig(kind, more) := object.union(
	{
		"document": 0, "kind": kind, "host": "node1", "file": "a",
		"user": {"certificate": 0, "embedded": true, "other_auth": false},
	},
	more,
)
