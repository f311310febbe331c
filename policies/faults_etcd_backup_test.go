package policies_test

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

const (
	backupScript  = "/usr/local/bin/kube-scripts/etcd-backup.sh"
	backupScript4 = "/usr/local/bin/kube-scripts/backup_etcd.sh"
)

// soundBackup backs a member up as a script of kk v3 does.
const soundBackup = `#!/bin/bash
set -o errexit
set -o nounset
ENDPOINTS='https://10.0.0.1:2379'
BACKUP_DIR="/var/backups/kube_etcd/etcd-$(date +%Y-%m-%d-%H-%M-%S)"
KEEPBACKUPNUMBER='6'
ETCDBACKUPPERIOD='30'
ETCDBACKUPHOUR='12'
[ ! -d $BACKUP_DIR ] && mkdir -p $BACKUP_DIR
/usr/local/bin/etcdctl --endpoints="$ENDPOINTS" snapshot save $BACKUP_DIR/snapshot.db
cd $BACKUP_DIR/../ && ls -lt |awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh
time="* */$ETCDBACKUPHOUR * * *"
echo "$time sh /usr/local/bin/kube-scripts/etcd-backup.sh" > /tmp/file && crontab /tmp/file
`

// backup gives every host a script, sound but for the words that are replaced on the first.
func backup(name string, oldnew ...string) func(*facttest.Layout) {
	return func(l *facttest.Layout) {
		for _, h := range l.Hosts {
			l.Files[h+name] = []byte(soundBackup)
		}
		l.Files["node1"+name] = []byte(strings.NewReplacer(oldnew...).Replace(soundBackup))
	}
}

var faultsEtcdBackup = []injected{
	{
		rule: "etcd-backup-script-unsafe", kind: facttest.KubeKey, masters: 3,
		change: backup(backupScript, "set -o errexit", "", "../ &&", "../;"),
		file:   "node1" + backupScript, line: 11,
	},
	{
		rule: "etcd-backup-script-unsafe", kind: facttest.K3s, masters: 1,
		change: backup(backupScript, "set -o errexit", "set -o pipefail"),
		file:   "node1" + backupScript, line: 11,
	},
	{
		rule: "etcd-backup-script-unbound", kind: facttest.KubeKey4, masters: 3,
		change: backup(backupScript4, "\nENDPOINTS=", "\nETCD_ENDPOINTS="),
		file:   "node1" + backupScript4, line: 10,
	},
	{
		rule: "etcd-backup-script-unbound", kind: facttest.KubeKey, masters: 3,
		change: backup(backupScript, "https://10.0.0.1:2379", "https://10.0.0.1:2379,https://10.0.0.2:2379"),
		file:   "node1" + backupScript, line: 4,
	},
	{
		rule: "etcd-backup-keep-one", kind: facttest.KubeKey, masters: 1,
		change: backup(backupScript, "'6'", "'1'"),
		file:   "node1" + backupScript, line: 6,
	},
	{
		rule: "etcd-backup-period-ineffective", kind: facttest.KubeKey, masters: 3,
		change: backup(backupScript, "'30'", "'0'"),
		file:   "node1" + backupScript, line: 7,
	},
	{
		rule: "etcd-backup-dir-shared", kind: facttest.KubeKey, masters: 3,
		change: backup(backupScript, "/var/backups/kube_etcd", "/var/lib/etcd"),
		file:   "node1" + backupScript, line: 5,
	},
	{
		rule: "etcd-type-unknown", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) { l.Replace("config.yaml", "type: kubekey", "type: KubeKey") },
		file:   "config.yaml", line: 23,
	},
	{
		rule: "etcd-kubeadm-one-year", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("config.yaml", "etcd: {type: kubekey}", "etcd: {type: kubeadm}")
			l.Replace("config.yaml", "    autoRenewCerts: true\n", "")
		},
		file: "config.yaml", line: 22,
	},
	{
		rule: "etcd-extra-args-not-env", kind: facttest.KubeKey, masters: 1,
		change: func(l *facttest.Layout) {
			l.Replace("config.yaml", "type: kubekey", "type: kubekey, extraArgs: [--max-txn-ops=2048]")
		},
		file: "config.yaml", line: 21,
	},
	{
		rule: "cc-etcd-monitoring-secret", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			l.Files["cc.yaml"] = []byte(`apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata: {name: ks-installer, namespace: kubesphere-system, labels: {version: v3.4.1}}
spec:
  enableHA: true
  authentication: {adminPassword: "", jwtSecret: ""}
  etcd: {monitoring: true, endpointIps: 10.0.0.1, port: 2379, tlsEnable: true}
`)
			l.Remove("/manifests/")
			l.Replace("config.yaml", "v1.28.15", "v1.26.15") // which KubeSphere 3.4 was made for
			l.Replace("kube-etcd-client-certs.yaml", "etcd-client.key:", "tls.key:")
		},
		file: "kube-etcd-client-certs.yaml", line: 6,
	},
}

func TestLayouts_etcdBackup(t *testing.T) { inject(t, faultsEtcdBackup) }

// TestLayouts_soundBackups gives every kind of cluster its sound scripts.
func TestLayouts_soundBackups(t *testing.T) {
	engine := wholeEngine(t)
	for _, kind := range facttest.Kinds() {
		l := facttest.Write(kind, 3)
		backup(backupScript)(l)
		backup(backupScript4, `"$ENDPOINTS"`, "https://10.0.0.1:2379")(l)
		if got := spoken(t, engine, l); len(got) > 0 {
			t.Errorf("%s: %s", kind, strings.Join(got, "\n  "))
		}
	}
}
