package policies_test

import (
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

const (
	day    = 24 * time.Hour
	onNode = "/etc/ssl/etcd/ssl/"
)

var faultsEtcdCerts = []injected{
	{rule: "etcd-cert-expired", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.Ends("member-node1", -day)}, file: "node1" + onNode + "member-node1.pem", line: 1},
	{rule: "etcd-cert-expired", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.Ends("node-node1", -day)}, file: "node1" + onNode + "node-node1.pem", line: 1},
	{rule: "etcd-cert-expired", kind: facttest.KubeKey4, masters: 1, edits: []facttest.Edit{facttest.Ends("server", -day)}, file: "node1" + onNode + "server.crt", line: 1},
	{rule: "etcd-cert-expired", kind: facttest.Stacked, masters: 1, edits: []facttest.Edit{facttest.Ends("apiserver-etcd-client", -day)}, file: "node1/etc/kubernetes/pki/apiserver-etcd-client.crt", line: 1},
	{rule: "etcd-cert-expired", kind: facttest.K3s, masters: 3, edits: []facttest.Edit{facttest.Ends("admin-node2", -day)}, file: "node2" + onNode + "admin-node2.pem", line: 1},

	{rule: "etcd-cert-expires-soon", kind: facttest.WorkFolder, masters: 3, edits: []facttest.Edit{facttest.Ends("member-node2", 12*day)}, file: "kubekey/pki/etcd/member-node2.pem", line: 1},
	{rule: "etcd-cert-expires-soon", kind: facttest.Stacked, masters: 1, edits: []facttest.Edit{facttest.Ends("peer", 25*day)}, file: "node1/etc/kubernetes/pki/etcd/peer.crt", line: 1},
	{rule: "etcd-cert-expires-soon", kind: facttest.External, masters: 3, edits: []facttest.Edit{facttest.Ends("server-ca", 80*day)}, file: "etcd1/etc/etcd/pki/server-ca.crt", line: 1},

	{rule: "etcd-ca-expired", kind: facttest.WorkFolder, masters: 3, edits: []facttest.Edit{facttest.Ends("ca", -day)}, file: "kubekey/pki/etcd/ca.pem", line: 1},
	{rule: "etcd-ca-expired", kind: facttest.K3s, masters: 3, edits: []facttest.Edit{facttest.Ends("ca", -day)}, file: "node1" + onNode + "ca.pem", line: 1},
	{rule: "etcd-ca-expired", kind: facttest.External, masters: 3, edits: []facttest.Edit{facttest.Ends("client-ca", -day)}, file: "etcd1/etc/etcd/pki/client-ca.crt", line: 1},

	{rule: "etcd-cert-san-mismatch", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.Names("member-node2", []string{"node2"}, []string{"192.168.0.2"})}, file: "node2/etc/etcd.env", line: 3},
	{rule: "etcd-cert-san-mismatch", kind: facttest.Stacked, masters: 3, edits: []facttest.Edit{facttest.Names("peer", []string{"node2"}, []string{"10.0.0.2", "10.0.0.3"})}, file: "node1/etc/kubernetes/manifests/etcd.yaml", line: 16},
	{
		rule: "etcd-cert-san-mismatch", kind: facttest.WorkFolder, masters: 3, edits: []facttest.Edit{facttest.Names("member-node3", nil, []string{"192.168.0.3"})},
		change: func(l *facttest.Layout) { l.Remove("etcd.env") }, file: "config.yaml", line: 9,
	},

	{rule: "etcd-cert-key-mismatch", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.OtherKey("member-node1")}, file: "node1/etc/etcd.env", line: 18},
	{rule: "etcd-cert-key-mismatch", kind: facttest.KubeKey4, masters: 3, edits: []facttest.Edit{facttest.OtherKey("client")}, file: "node1/etc/kubernetes/manifests/kube-apiserver.yaml", line: 15},
	{
		rule: "etcd-cert-key-mismatch", kind: facttest.WorkFolder, masters: 1, edits: []facttest.Edit{facttest.OtherKey("node-node1")},
		file: "kubekey/pki/etcd/node-node1.pem", line: 1,
	},

	{rule: "etcd-cert-wrong-usage", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.Uses("member-node3", facttest.Server...)}, file: "node3" + onNode + "member-node3.pem", line: 1},
	{rule: "etcd-cert-wrong-usage", kind: facttest.KubeKey, masters: 1, edits: []facttest.Edit{facttest.Uses("node-node1", facttest.Server...)}, file: "node1" + onNode + "node-node1.pem", line: 1},
	{rule: "etcd-cert-wrong-usage", kind: facttest.Stacked, masters: 1, edits: []facttest.Edit{facttest.Uses("server", facttest.Client...)}, file: "node1/etc/kubernetes/pki/etcd/server.crt", line: 1},

	{rule: "etcd-cert-unknown-ca", kind: facttest.KubeKey, masters: 3, edits: []facttest.Edit{facttest.IssuedBy("member-node2", facttest.NewCA("etcd-ca"))}, file: "node2" + onNode + "member-node2.pem", line: 1},
	{
		rule: "etcd-cert-unknown-ca", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) { l.Files["node2"+onNode+"ca.pem"] = facttest.NewCA("etcd-ca").PEM() }, file: "node2" + onNode + "ca.pem", line: 1,
	},
	{rule: "etcd-cert-unknown-ca", kind: facttest.K3s, masters: 1, edits: []facttest.Edit{facttest.IssuedBy("node-node1", facttest.NewCA("etcd-ca"))}, file: "node1" + onNode + "node-node1.pem", line: 1},
}

func TestLayouts_etcdCerts(t *testing.T) { inject(t, faultsEtcdCerts) }
