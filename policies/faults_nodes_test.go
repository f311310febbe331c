package policies_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

const (
	manifests = "/etc/kubernetes/manifests/"
	dropIn    = "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"
)

// withNodeFiles adds what kubeadm and KubeKey write for the kubelets and for DNS.
func withNodeFiles(l *facttest.Layout) {
	for i, h := range l.Hosts {
		ip := fmt.Sprintf("10.0.0.%d", i+1)
		l.Files[h+dropIn] = fmt.Appendf(nil, `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
Environment="KUBELET_EXTRA_ARGS=--node-ip=%s --hostname-override=%s  "
ExecStart=
ExecStart=/usr/local/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`, ip, h)
		l.Files[h+"/var/lib/kubelet/config.yaml"] = []byte(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: systemd
clusterDNS: [169.254.25.10]
clusterDomain: cluster.local
evictionHard: {memory.available: 5%, pid.available: 10%, nodefs.available: 10%, imagefs.available: 15%, nodefs.inodesFree: 5%}
kubeReserved: {cpu: 200m, memory: 250Mi}
systemReserved: {cpu: 200m, memory: 250Mi}
resolvConf: /run/systemd/resolve/resolv.conf
rotateCertificates: true
shutdownGracePeriod: 30s
shutdownGracePeriodCriticalPods: 10s
staticPodPath: /etc/kubernetes/manifests
`)
		l.Files[h+"/etc/resolv.conf"] = []byte("nameserver 127.0.0.53\noptions edns0\n")
		l.Files[h+"/etc/kubernetes/coredns-configmap.yaml"] = []byte(`apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        errors
        ready
        kubernetes cluster.local in-addr.arpa ip6.arpa {
          pods insecure
        }
        forward . /etc/resolv.conf {
          prefer_udp
        }
        cache 30
        loop
    }
`)
	}
}

// then changes a file behind withNodeFiles.
func then(ending, old, with string) func(*facttest.Layout) {
	return func(l *facttest.Layout) {
		withNodeFiles(l)
		l.Replace(ending, old, with)
	}
}

var faultsNodes = []injected{
	{
		rule: "static-pod-stray-file", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			old := string(l.Files["node2"+manifests+"kube-apiserver.yaml"])
			l.Files["node2"+manifests+"kube-apiserver.yaml.bak"] = []byte(strings.Replace(old, "v1.28.15", "v1.27.16", 1))
		},
		file: "node2" + manifests + "kube-apiserver.yaml.bak", line: 4,
	},
	{
		rule: "apiserver-etcd-paths", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("node2"+manifests+"kube-apiserver.yaml", "    - {name: etcd-certs, mountPath: /etc/ssl/etcd/ssl, readOnly: true}\n", "")
		},
		file: "node2" + manifests + "kube-apiserver.yaml", line: 13,
	},
	{
		rule: "apiserver-etcd-paths", kind: facttest.Stacked, masters: 1,
		change: func(l *facttest.Layout) {
			l.Replace("kube-apiserver.yaml", "    - --etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key\n", "")
		},
		file: "node1" + manifests + "kube-apiserver.yaml", line: 15,
	},
	{
		rule: "apiserver-etcd-paths", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("node3"+manifests+"kube-apiserver.yaml", "/node-node1", "/node-gone")
		},
		file: "node3" + manifests + "kube-apiserver.yaml", line: 14,
	},
	{
		rule: "apiserver-etcd-paths", kind: facttest.Pile, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("kube-apiserver.yaml", "node-node1-key.pem", "node-node2-key.pem")
			l.Remove("-key.pem")
		},
		file: "kube-apiserver.yaml", line: 15,
	},
	{
		rule: "apiserver-advertise-mismatch", kind: facttest.KubeKey, masters: 3,
		change: then("node2"+manifests+"kube-apiserver.yaml", "--advertise-address=10.0.0.2", "--advertise-address=10.0.9.2"),
		file:   "node2" + manifests + "kube-apiserver.yaml", line: 12,
	},
	{
		rule: "apiserver-advertise-mismatch", kind: facttest.KubeKey4, masters: 1,
		change: then("10-kubeadm.conf", "--node-ip=10.0.0.1", "--node-ip=10.0.9.1"),
		file:   "node1" + dropIn, line: 6,
	},
	{
		rule: "static-pod-etcd-on-kubekey-etcd", kind: facttest.KubeKey, masters: 1,
		change: func(l *facttest.Layout) {
			stacked := facttest.Write(facttest.Stacked, 1)
			l.Files["node1"+manifests+"etcd.yaml"] = stacked.Files["node1"+manifests+"etcd.yaml"]
		},
		file: "node1" + manifests + "etcd.yaml", line: 19,
	},
	{
		rule: "kubelet-hostname-override", kind: facttest.Stacked, masters: 3,
		change: then("node3"+dropIn, "--hostname-override=node3", "--hostname-override=master3"),
		file:   "node3" + dropIn, line: 6,
	},
	{
		rule: "kubelet-hostname-override", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			withNodeFiles(l)
			l.Remove("node3/var/lib/kubelet/pki/")
			l.Replace("node3"+dropIn, "--hostname-override=node3", "--hostname-override=node2")
		},
		file: "node3" + dropIn, line: 6,
	},
	{
		rule: "nodelocaldns-disabled-drift", kind: facttest.KubeKey, masters: 1,
		change: then("config.yaml", "resolvConf: /run/systemd/resolve/resolv.conf", "resolvConf: /etc/resolv.conf"),
		file:   "node1/var/lib/kubelet/config.yaml", line: 9,
	},
	{
		rule: "nodelocaldns-disabled-drift", kind: facttest.KubeKey4, masters: 1,
		change: then("coredns-configmap.yaml", "forward . /etc/resolv.conf", "forward . 127.0.0.53"),
		file:   "node1/etc/kubernetes/coredns-configmap.yaml", line: 12,
	},
}

func TestLayouts_nodes(t *testing.T) { inject(t, faultsNodes) }

// TestLayouts_soundNodesAreQuiet adds the files of kubelets and DNS to the sound clusters.
func TestLayouts_soundNodesAreQuiet(t *testing.T) {
	engine := wholeEngine(t)
	for _, kind := range facttest.Kinds() {
		for _, rest := range []int{-1, 0, 1} {
			t.Run(fmt.Sprintf("%s/%d", kind, rest), func(t *testing.T) {
				l := facttest.Write(kind, 3)
				if kind != facttest.Pile && kind != facttest.WorkFolder {
					withNodeFiles(l)
				}
				if rest >= 0 {
					thin(l, rest)
				}
				if got := spoken(t, engine, l); len(got) > 0 {
					t.Errorf("a sound cluster:\n  %s", strings.Join(got, "\n  "))
				}
			})
		}
	}
}
