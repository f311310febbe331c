package facttest

import (
	"fmt"
	"strings"
)

// controlPlanes are kubeadm's own certificates and kubeconfigs on every host.
func (l *Layout) controlPlanes() {
	dns, ips := l.sans()
	dns = append(dns, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
	for i, h := range l.Hosts {
		pki := h + "/etc/kubernetes/pki/"
		ca := l.pair("kubernetes-ca", pki+"ca.crt", "", Spec{CN: "kubernetes", IsCA: true})
		front := l.pair("front-proxy-ca", pki+"front-proxy-ca.crt", "", Spec{CN: "front-proxy-ca", IsCA: true})
		l.pair("", pki+"apiserver.crt", "", Spec{CN: "kube-apiserver", DNS: dns, IPs: append(ips, "10.233.0.1"), Usages: Server, Issuer: ca})
		l.pair("", pki+"apiserver-kubelet-client.crt", "", Spec{CN: "kube-apiserver-kubelet-client", Usages: Client, Issuer: ca})
		l.pair("", pki+"front-proxy-client.crt", "", Spec{CN: "front-proxy-client", Usages: Client, Issuer: front})
		for _, name := range []string{"admin", "controller-manager", "scheduler"} {
			at := h + "/etc/kubernetes/" + name + ".conf"
			user := l.user(at, Spec{CN: "kubernetes-" + name, Usages: Client, Issuer: ca})
			l.Files[at] = Kubeconfig("https://lb.kubesphere.local:6443", ca, user)
		}
		current := h + "/var/lib/kubelet/pki/kubelet-client-current.pem"
		kubelet := l.pair("", current, "", Spec{CN: "system:node:" + h, Usages: Client, Issuer: ca})
		l.Files[current] = append(kubelet.PEM(), kubelet.KeyPEM()...)
		config := string(Kubeconfig(fmt.Sprintf("https://%s:6443", address(i)), ca, nil))
		l.Files[h+"/etc/kubernetes/kubelet.conf"] = []byte(strings.Replace(config, "token: abc",
			"client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem\n    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem", 1))
	}
}

// user makes a certificate that is in no file of its own.
func (l *Layout) user(at string, s Spec) *Pair {
	p := l.pair("", at, "", s)
	delete(l.Files, at)
	return p
}

// cluster is the KubeKey v3 file.
func (l *Layout) cluster(version, etcd string) []byte {
	var hosts strings.Builder
	for i, h := range l.Hosts {
		fmt.Fprintf(&hosts, "  - {name: %s, address: %s, internalAddress: %s, user: root, privateKeyPath: \"~/.ssh/id_rsa\"}\n", h, address(i), address(i))
	}
	masters := strings.Join(l.Hosts, ", ")
	group := masters
	if etcd == "external" {
		group = ""
	}
	return fmt.Appendf(nil, `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: sample
spec:
  hosts:
%s  roleGroups:
    etcd: [%s]
    control-plane: [%s]
    worker: [%s]
  controlPlaneEndpoint:
    internalLoadbalancer: haproxy
    domain: lb.kubesphere.local
    address: ""
    port: 6443
  kubernetes:
    version: %s
    autoRenewCerts: true
    containerManager: containerd
  etcd: {type: %s}
  network:
    plugin: calico
    kubePodsCIDR: 10.233.64.0/18
    kubeServiceCIDR: 10.233.0.0/18
`, hosts.String(), group, masters, masters, version, etcd)
}

// inventory is that of kk v4.
func (l *Layout) inventory() []byte {
	var hosts strings.Builder
	for i, h := range l.Hosts {
		fmt.Fprintf(&hosts, "    %s:\n      connector: {type: ssh, host: %s}\n      internal_ipv4: %s\n", h, address(i), address(i))
	}
	names := strings.Join(l.Hosts, ", ")
	return fmt.Appendf(nil, `apiVersion: kubekey.kubesphere.io/v1
kind: Inventory
metadata:
  name: default
spec:
  hosts:
%s  groups:
    k8s_cluster: {groups: [kube_control_plane, kube_worker]}
    kube_control_plane: {hosts: [%s]}
    kube_worker: {hosts: [%s]}
    etcd: {hosts: [%s]}
`, hosts.String(), names, names, names)
}
