package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// env looks at one etcd.env.
func env(t *testing.T, lines ...string) *seen {
	t.Helper()
	return look(t, map[string][]byte{"node1/etc/etcd.env": []byte(strings.Join(lines, "\n") + "\n")})
}

func TestMembers_variables(t *testing.T) {
	s := env(t, "ETCD_NAME=etcd1", "ETCD_CERT_FILE=", "ETCD_CLIENT_CERT_AUTH=True", "ETCD_PEER_CLIENT_CERT_AUTH=yes",
		"ETCD_HEARTBEAT_INTERVAL=100", "ETCD_HEARTBEAT_INTERVAL=250", "GOMAXPROCS=4", "ETCDCTL_API=3",
		"ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379, http://[::1]:2379,https://LOCALHOST:1,:2379,,https://[FD00::0:1],unix://x:1,https://0.0.0.0:2379/x",
		"ETCD_INITIAL_CLUSTER=etcd1=https://10.0.0.1:2380,,b=,c")
	m := s.Etcd.Members[0]
	if m.Source != "env" || m.Host != "node1" || *m.Name != "etcd1" || m.ConfigFile || len(m.Settings) != 6 {
		t.Errorf("got %+v", m)
	}
	if on := m.Settings["ETCD_CLIENT_CERT_AUTH"].Bool; on == nil || !*on {
		t.Error("True is true")
	}
	if m.Settings["ETCD_PEER_CLIENT_CERT_AUTH"].Bool != nil {
		t.Error("yes is no boolean of Go's")
	}
	if v := m.Settings["ETCD_HEARTBEAT_INTERVAL"].Value; *v != "250" {
		t.Errorf("the last wins, got %s", *v)
	}
	var urls []string
	for _, u := range m.Settings["ETCD_LISTEN_CLIENT_URLS"].URLs {
		urls = append(urls, fmt.Sprint(u.URL, u.IsIP, u.Loopback, u.Unspecified))
	}
	same(t, "urls", urls, []string{
		"https://10.0.0.1:2379true false false", "http://[::1]:2379true true false", "https://localhost:1false true false",
		"https://[fd00::1]true false false", "unix://x:1false false false", "https://0.0.0.0:2379true false true",
	})
	var entries []string
	for _, e := range m.Settings["ETCD_INITIAL_CLUSTER"].Entries {
		entries = append(entries, fmt.Sprint(e.Name, " ", e.URL != nil))
	}
	same(t, "entries", entries, []string{"etcd1 true", "b false", "c false"})
}

func TestMembers_nameAndConfigFile(t *testing.T) {
	if m := env(t, "ETCD_DATA_DIR=/x").Etcd.Members[0]; *m.Name != "default" {
		t.Errorf("got %+v", m)
	}
	if m := etcdPod(t, "    command: [etcd, \"--name={{ x }}\"]\n")[0]; m.Name != nil || m.Settings["ETCD_NAME"].Value != nil {
		t.Errorf("a template is not judged: got %+v", m)
	}
	l := facttest.Write(facttest.KubeKey, 1)
	l.Replace("etcd.env", "ETCD_DATA_DIR=/var/lib/etcd\n", "ETCD_CONFIG_FILE=/etc/etcd.yaml\n")
	s := look(t, l.Files)
	if m := s.Etcd.Members[0]; !m.ConfigFile || len(m.Settings) != 0 {
		t.Errorf("etcd ignores everything else: got %+v", m)
	}
	same(t, "pairs", s.pairs(), nil)
	if s := env(t, "ETCDCTL_API=3", "ETCDCTL_CACERT=/x"); len(s.Etcd.Members) != 0 || len(s.Etcd.Clients) != 1 {
		t.Errorf("settings of etcdctl make no member: got %+v", s.Etcd)
	}
}

const pod = `apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: etcd
%s`

// etcdPod looks at one static pod.
func etcdPod(t *testing.T, container string) []member {
	t.Helper()
	return look(t, map[string][]byte{"node1/etc/kubernetes/manifests/etcd.yaml": fmt.Appendf(nil, pod, container)}).Etcd.Members
}

func TestMembers_flags(t *testing.T) {
	all := etcdPod(t, `    command: [etcd, --name, m1, -data-dir=/x, --client-cert-auth, --peer-client-cert-auth=false, --peer-client-cert-auth=true]
    args: ["--advertise-client-urls=https://$(IP):2379", "--snapshot-count=", --trusted-ca-file=/a/ca.crt]
    env:
    - {name: ETCD_SNAPSHOT_COUNT, value: "5"}
    - {name: ETCD_UNSUPPORTED_ARCH, value: arm64}
    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
`)
	if len(all) != 1 {
		t.Fatalf("got %+v", all)
	}
	m := all[0]
	for name, want := range map[string]string{
		"ETCD_NAME": "m1", "ETCD_DATA_DIR": "/x", "ETCD_CLIENT_CERT_AUTH": "true", "ETCD_PEER_CLIENT_CERT_AUTH": "true",
		"ETCD_UNSUPPORTED_ARCH": "arm64", "ETCD_TRUSTED_CA_FILE": "/a/ca.crt",
	} {
		if got := m.Settings[name].Value; got == nil || *got != want {
			t.Errorf("%s: got %v, want %s", name, got, want)
		}
	}
	if got := fmt.Sprint(m.Settings["ETCD_NAME"].Path, m.Settings["ETCD_TRUSTED_CA_FILE"].Path, m.Settings["ETCD_UNSUPPORTED_ARCH"].Path); got !=
		"[spec containers 0 command 2] [spec containers 0 args 2] [spec containers 0 env 1 value]" {
		t.Errorf("paths: got %s", got)
	}
	if _, ok := m.Settings["ETCD_SNAPSHOT_COUNT"]; ok {
		t.Error("an empty flag hides the variable, and is as absent")
	}
	if m.Settings["ETCD_ADVERTISE_CLIENT_URLS"].Value != nil {
		t.Error("$(IP) is known to the kubelet alone")
	}
	if got := etcdPod(t, "    command: [sh, -c, exec etcd --name=x]\n"); len(got) != 0 {
		t.Errorf("a shell hides the flags: got %+v", got)
	}
	if got := etcdPod(t, "    args: [--name=x]\n"); len(got) != 1 {
		t.Errorf("the image's own command: got %+v", got)
	}
}

// TestMembers_mounts follows paths of a container through its mounts.
func TestMembers_mounts(t *testing.T) {
	l := facttest.Write(facttest.Stacked, 1)
	l.Replace("manifests/etcd.yaml", "/etc/kubernetes/pki/etcd/", "/pki/")
	l.Replace("manifests/etcd.yaml", "mountPath: /etc/kubernetes/pki/etcd", "mountPath: /pki")
	if s := look(t, l.Files); len(s.Etcd.Pairs) != 3 {
		t.Errorf("another path inside: got %q", s.pairs())
	}
	l.Replace("manifests/etcd.yaml", "mountPath: /pki", "mountPath: /other")
	if s := look(t, l.Files); len(s.Etcd.Pairs) != 0 {
		t.Errorf("not mounted, not resolved: got %q", s.pairs())
	}
}

func TestClients(t *testing.T) {
	s := look(t, map[string][]byte{
		"a/etc/systemd/system/k3s.service.env": []byte("K3S_DATASTORE_ENDPOINT=postgres://user:secret@10.0.0.1:5432/k3s\nK3S_DATASTORE_CAFILE=/x\n"),
		"b/etc/systemd/system/k3s.service.env": []byte("K3S_DATASTORE_ENDPOINT=https://u:p@10.0.0.1:2379,https://10.0.0.2:2379\n"),
		"c/etc/etcd.env":                       []byte("ETCDCTL_CA_FILE=/old\nETCDCTL_CACERT=/new\nETCDCTL_CERT_FILE=/cert\n"),
		"d/etc/kubernetes/manifests/kube-apiserver.yaml": []byte(strings.ReplaceAll(fmt.Sprintf(pod,
			"    command: [kube-apiserver, --etcd-servers=https://10.0.0.1:2379, --etcd-servers-overrides=/events#https://10.0.0.9:2379, --etcd-servers=https://10.0.0.2:2379]\n"),
			"name: etcd", "name: kube-apiserver")),
		"secret.yaml": []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: kube-etcd-client-certs, namespace: kubesphere-monitoring-system}\n" +
			"stringData: {etcd-client-ca.crt: no PEM}\ndata: {etcd-client.crt: \"\"}\n"),
		"other.yaml": []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: kube-etcd-client-certs, namespace: other}\n"),
	})
	var got []string
	for _, c := range s.Etcd.Clients {
		line := c.Kind + " " + s.at(c.place)
		for _, u := range c.Servers {
			line += " " + u.URL
		}
		got = append(got, line)
	}
	same(t, "clients", got, []string{
		"apiserver d/etc/kubernetes/manifests/kube-apiserver.yaml spec.containers[0].command[3] https://10.0.0.1:2379 https://10.0.0.2:2379",
		"k3s b/etc/systemd/system/k3s.service.env variables.K3S_DATASTORE_ENDPOINT https://10.0.0.1:2379 https://10.0.0.2:2379",
		"etcdctl c/etc/etcd.env ",
		"secret secret.yaml ",
	})
	ctl, secret := s.Etcd.Clients[2], s.Etcd.Clients[3]
	if *ctl.CA.Value != "/new" || *ctl.Cert.Value != "/cert" || ctl.Key != nil {
		t.Errorf("got %+v", ctl)
	}
	if *secret.CA.PEM || *secret.Cert.PEM || secret.Key != nil || secret.Cert.Path[0] != "data" || secret.CA.Path[0] != "stringData" {
		t.Errorf("got %+v", secret)
	}
}

// TestClients_folders holds where the files of clients are on their hosts, and what lies beside them.
func TestClients_folders(t *testing.T) {
	const ssl = "/etc/ssl/etcd/ssl/"
	l := facttest.Write(facttest.KubeKey, 1)
	l.Files["node1"+ssl+"node-old.pem"] = nil // cannot be read, but is there
	l.Replace("kube-apiserver.yaml", "mountPath: /etc/ssl/etcd/ssl", "mountPath: /certs")
	l.Replace("kube-apiserver.yaml", "--etcd-cafile=/etc/ssl/etcd/ssl/", "--etcd-cafile=/certs//")
	l.Replace("kube-apiserver.yaml", "--etcd-keyfile=/etc/ssl/etcd/ssl/", "--etcd-keyfile=/etc/kubernetes/pki/etcd/")
	s := look(t, l.Files)
	server, ctl := s.Etcd.Clients[0], s.Etcd.Clients[1]
	all := []string{
		"admin-node1-key.pem", "admin-node1.pem", "ca-key.pem", "ca.pem", "member-node1-key.pem", "member-node1.pem",
		"node-node1-key.pem", "node-node1.pem", "node-old.pem",
	}
	if server.CA.File != ssl+"ca.pem" || *server.CA.Value != "/certs//ca.pem" {
		t.Errorf("through a mount: got %+v", server.CA)
	}
	same(t, "the folder behind a mount", server.CA.Folder, all)
	if server.Cert.File != "" || server.Cert.Folder != nil {
		t.Errorf("where no folder is mounted: got %+v", server.Cert)
	}
	if server.Key.File != "/etc/kubernetes/pki/etcd/node-node1-key.pem" || server.Key.Folder != nil {
		t.Errorf("in a folder that the set has nothing of: got %+v", server.Key)
	}
	same(t, "the folder of a variable's file", ctl.Key.Folder, all)
}
