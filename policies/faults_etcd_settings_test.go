package policies_test

import (
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

const (
	envOfNode2 = "node2/etc/etcd.env"
	podOfNode2 = "node2/etc/kubernetes/manifests/etcd.yaml"
	apiOfNode2 = "node2/etc/kubernetes/manifests/kube-apiserver.yaml"
)

var faultsEtcdSettings = []injected{
	{rule: "etcd-apiserver-endpoints-stale", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(apiOfNode2, ",https://10.0.0.3:2379", "")
	}, file: apiOfNode2, line: 16},
	{rule: "etcd-apiserver-endpoints-stale", kind: facttest.KubeKey4, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(apiOfNode2, ",https://10.0.0.3:2379", "")
	}, file: apiOfNode2, line: 16},
	{rule: "etcd-apiserver-endpoints-stale", kind: facttest.External, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(apiOfNode2, "https://10.0.0.1:2379,", "")
	}, file: apiOfNode2, line: 16},
	{rule: "etcd-env-self-missing", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_NAME=etcd-node2", "ETCD_NAME=etcd-renamed")
	}, file: envOfNode2, line: 11},
	{rule: "etcd-env-self-missing", kind: facttest.KubeKey4, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "STATE=existing", "STATE=new")
		l.Replace(envOfNode2, "node2=https://10.0.0.2:2380", "node2=https://10.0.1.2:2380")
	}, file: envOfNode2, line: 11},
	{rule: "etcd-env-plain-http", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_LISTEN_CLIENT_URLS=https://10", "ETCD_LISTEN_CLIENT_URLS=http://10")
	}, file: envOfNode2, line: 7},
	{rule: "etcd-env-plain-http", kind: facttest.Stacked, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(podOfNode2, "--listen-peer-urls=https", "--listen-peer-urls=http")
	}, file: podOfNode2, line: 21},
	{rule: "etcd-client-auth-disabled", kind: facttest.K3s, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem\n", "")
		l.Replace(envOfNode2, "ETCD_CLIENT_CERT_AUTH=true", "ETCD_CLIENT_CERT_AUTH=false")
	}, file: envOfNode2, line: 18},
	{rule: "etcd-client-auth-disabled", kind: facttest.Stacked, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(podOfNode2, "    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt\n", "")
		l.Replace(podOfNode2, "--peer-client-cert-auth=true", "--peer-client-cert-auth=false")
	}, file: podOfNode2, line: 24},
	{rule: "etcd-autocompaction-off", kind: facttest.Stacked, masters: 1, change: func(l *facttest.Layout) {
		l.Replace("kube-apiserver.yaml", "    - --etcd-servers", "    - --etcd-compaction-interval=0\n    - --etcd-servers")
	}, file: "node1/etc/kubernetes/manifests/kube-apiserver.yaml", line: 16},
	{rule: "etcd-autocompaction-off", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_METRICS=basic", "ETCD_AUTO_COMPACTION_RETENTION=1d")
	}, file: envOfNode2, line: 6},
	{rule: "etcd-arm-without-arch", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		beforeV31(l)
		l.Replace(envOfNode2, "ETCD_METRICS=basic", "ETCD_UNSUPPORTED_ARCH=aarch64")
	}, file: envOfNode2, line: 6},
	{rule: "etcd-arm-without-arch", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		beforeV31(l)
		l.Replace("config.yaml", "{name: node2,", "{name: node2, arch: arm64,")
	}, file: envOfNode2, line: 1},
	{rule: "etcd-service-weak", kind: facttest.KubeKey, masters: 1, change: func(l *facttest.Layout) {
		l.Files["node1/etc/systemd/system/etcd.service"] = []byte(
			"[Service]\nExecStart=/usr/local/bin/etcd\nEnvironmentFile=/etc/etcd.env\nRestart=no\n")
	}, file: "node1/etc/systemd/system/etcd.service", line: 4},
	{rule: "etcd-even-members", kind: facttest.KubeKey, masters: 2, change: func(l *facttest.Layout) {
		l.Remove("config.yaml")
	}, file: "node1/etc/etcd.env", line: 11},
	{rule: "etcd-timing-ratio", kind: facttest.KubeKey, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_ELECTION_TIMEOUT=5000", "ETCD_ELECTION_TIMEOUT=1000")
	}, file: envOfNode2, line: 12},
	{rule: "etcd-timing-ratio", kind: facttest.Stacked, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(podOfNode2, "--data-dir=/var/lib/etcd", "--heartbeat-interval=250")
	}, file: podOfNode2, line: 15},
	{rule: "etcd-quota-too-large", kind: facttest.KubeKey4, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(envOfNode2, "ETCD_METRICS=basic", "ETCD_QUOTA_BACKEND_BYTES=8G")
	}, file: envOfNode2, line: 6},
	{rule: "etcd-quota-too-large", kind: facttest.Stacked, masters: 3, change: func(l *facttest.Layout) {
		l.Replace(podOfNode2, "--data-dir=/var/lib/etcd", "--quota-backend-bytes=17179869184")
	}, file: podOfNode2, line: 15},
}

// beforeV31 lets KubeKey v3.0 have written the env file of node2.
func beforeV31(l *facttest.Layout) {
	l.Replace(envOfNode2, "etcd v3.5.24", "etcd v3.4.13")
	l.Replace(envOfNode2, "ETCDCTL_CACERT", "ETCDCTL_CA_FILE")
	l.Replace(envOfNode2, "ETCDCTL_KEY", "ETCDCTL_KEY_FILE")
	l.Replace(envOfNode2, "ETCDCTL_CERT", "ETCDCTL_CERT_FILE")
}

// TestLayouts_etcdSettings puts faults into what etcd and its clients are told.
func TestLayouts_etcdSettings(t *testing.T) { inject(t, faultsEtcdSettings) }
