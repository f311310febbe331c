package facttest

import (
	"fmt"
	"strings"
)

const ssl = "/etc/ssl/etcd/ssl/"

// kubeKey is what kk v1-v3 leaves on its hosts: everybody's etcd files on every one.
func (l *Layout) kubeKey() {
	l.Files["config.yaml"] = l.cluster("v1.28.15", "kubekey")
	l.controlPlanes()
	for i, h := range l.Hosts {
		l.etcdSet(h + ssl)
		l.Files[h+"/etc/etcd.env"] = l.etcdEnv(i, "etcd-"+h, kubeKeyFiles(h))
		l.Files[h+"/etc/kubernetes/manifests/kube-apiserver.yaml"] = apiServer(address(i), l.urls("https://IP:2379"),
			ssl+"ca.pem", ssl+"node-node1.pem", ssl+"node-node1-key.pem", "/etc/ssl/etcd/ssl")
	}
	l.Files["kube-etcd-client-certs.yaml"] = EtcdSecret(l.made["etcd-ca"], l.made["node-node1"])
}

// workFolder is what kk v2-v3 keeps beside itself.
func (l *Layout) workFolder() {
	l.Files["config.yaml"] = l.cluster("v1.28.15", "kubekey")
	l.etcdSet("kubekey/pki/etcd/")
	for i, h := range l.Hosts {
		l.Files["kubekey/"+h+"/etcd.env"] = l.etcdEnv(i, "etcd-"+h, kubeKeyFiles(h))
	}
}

// pile is the files of the first host, all in one folder.
func (l *Layout) pile() {
	l.etcdSet("")
	l.Files["etcd.env"] = l.etcdEnv(0, "etcd-"+l.Hosts[0], kubeKeyFiles(l.Hosts[0]))
	l.Files["kube-apiserver.yaml"] = apiServer(address(0), l.urls("https://IP:2379"),
		ssl+"ca.pem", ssl+"node-node1.pem", ssl+"node-node1-key.pem", "/etc/ssl/etcd/ssl")
}

func (l *Layout) k3s() {
	l.Files["config.yaml"] = l.cluster("v1.28.15-k3s", "kubekey")
	for i, h := range l.Hosts {
		l.etcdSet(h + ssl)
		l.Files[h+"/etc/etcd.env"] = l.etcdEnv(i, "etcd-"+h, kubeKeyFiles(h))
		l.Files[h+"/etc/systemd/system/k3s.service.env"] = fmt.Appendf(nil, `K3S_DATASTORE_ENDPOINT=%s
K3S_DATASTORE_CAFILE=%sca.pem
K3S_DATASTORE_CERTFILE=%snode-node1.pem
K3S_DATASTORE_KEYFILE=%snode-node1-key.pem
K3S_TOKEN=K10example::server:example
`, l.urls("https://IP:2379"), ssl, ssl, ssl)
	}
}

func kubeKeyFiles(h string) etcdFiles {
	return etcdFiles{ssl + "ca.pem", ssl + "member-" + h + ".pem", ssl + "member-" + h + "-key.pem", ssl + "admin-" + h + ".pem", ssl + "admin-" + h + "-key.pem"}
}

// etcdSet writes kk's etcd files of all hosts into a folder.
func (l *Layout) etcdSet(folder string) {
	ca := l.pair("etcd-ca", folder+"ca.pem", folder+"ca-key.pem", Spec{CN: "etcd-ca", IsCA: true})
	dns, ips := l.sans()
	for _, h := range l.Hosts {
		for _, kind := range []string{"member", "admin", "node"} {
			name := kind + "-" + h
			l.pair(name, folder+name+".pem", folder+name+"-key.pem",
				Spec{CN: "etcd-" + name, DNS: dns, IPs: ips, Usages: Both, Issuer: ca})
		}
	}
}

// kubeKey4 is what kk v4 leaves: one root for everything, leaves without usages, each host its own files.
func (l *Layout) kubeKey4() {
	l.Files["config.yaml"] = []byte("apiVersion: kubekey.kubesphere.io/v1\nkind: Config\nspec:\n  kubernetes: {kube_version: v1.33.1}\n")
	l.Files["inventory.yaml"] = l.inventory()
	l.controlPlanes()
	for i, h := range l.Hosts {
		root := l.pair("etcd-ca", h+ssl+"ca.crt", "", Spec{CN: "root", IsCA: true})
		names, ips := []string{"localhost", h}, []string{"127.0.0.1", "::1", address(i)}
		l.pair("", h+ssl+"server.crt", h+ssl+"server.key", Spec{CN: "etcd", DNS: names, IPs: ips, Issuer: root})
		l.Files[h+"/etc/etcd.env"] = l.etcdEnv(i, h, etcdFiles{ssl + "ca.crt", ssl + "server.crt", ssl + "server.key", ssl + "server.crt", ssl + "server.key"})
		pki := "/etc/kubernetes/pki/etcd/"
		l.Files[h+pki+"ca.crt"] = l.made["etcd-ca"].PEM()
		l.pair("client", h+pki+"client.crt", h+pki+"client.key", Spec{CN: "etcd", DNS: names, IPs: ips, Issuer: root})
		l.Files[h+"/etc/kubernetes/manifests/kube-apiserver.yaml"] = apiServer(address(i), l.urls("https://IP:2379"),
			pki+"ca.crt", pki+"client.crt", pki+"client.key", "/etc/kubernetes/pki/etcd")
	}
}

// stacked is kubeadm's etcd, without a KubeKey file.
func (l *Layout) stacked() {
	l.controlPlanes()
	for i, h := range l.Hosts {
		pki := h + "/etc/kubernetes/pki/"
		ca := l.pair("etcd-ca", pki+"etcd/ca.crt", "", Spec{CN: "etcd-ca", IsCA: true})
		names, ips := []string{"localhost", h}, []string{"127.0.0.1", "::1", address(i)}
		for _, name := range []string{"server", "peer"} {
			l.pair("", pki+"etcd/"+name+".crt", pki+"etcd/"+name+".key", Spec{CN: h, DNS: names, IPs: ips, Usages: Both, Issuer: ca})
		}
		l.pair("", pki+"etcd/healthcheck-client.crt", pki+"etcd/healthcheck-client.key",
			Spec{CN: "kube-etcd-healthcheck-client", Usages: Client, Issuer: ca})
		l.pair("", pki+"apiserver-etcd-client.crt", pki+"apiserver-etcd-client.key",
			Spec{CN: "kube-apiserver-etcd-client", Usages: Client, Issuer: ca})
		l.Files[h+"/etc/kubernetes/manifests/etcd.yaml"] = l.etcdPod(i)
		at := "/etc/kubernetes/pki/"
		l.Files[h+"/etc/kubernetes/manifests/kube-apiserver.yaml"] = apiServer(address(i), "https://127.0.0.1:2379",
			at+"etcd/ca.crt", at+"apiserver-etcd-client.crt", at+"apiserver-etcd-client.key", "/etc/ssl/certs")
	}
}

// external is etcd on hosts that KubeKey only knows by address; servers and clients have a CA of their own each.
func (l *Layout) external() {
	masters := l.Hosts
	l.Files["config.yaml"] = []byte(strings.Replace(string(l.cluster("v1.28.15", "external")), "  etcd: {type: external}\n",
		"  etcd:\n    type: external\n    external:\n      endpoints: ["+l.urls("https://IP:2379")+"]\n"+
			"      caFile: /pki/etcd/ca.crt\n      certFile: /pki/etcd/client.crt\n      keyFile: /pki/etcd/client.key\n", 1))
	l.controlPlanes()
	dns, ips := l.sans()
	for i := range masters {
		h := fmt.Sprintf("etcd%d", i+1)
		at := h + "/etc/etcd/pki/"
		servers := l.pair("etcd-ca", at+"server-ca.crt", "", Spec{CN: "etcd-servers", IsCA: true})
		l.pair("clients-ca", at+"client-ca.crt", "", Spec{CN: "etcd-clients", IsCA: true})
		l.pair("", at+"server.crt", at+"server.key", Spec{CN: h, DNS: dns, IPs: ips, Usages: Both, Issuer: servers})
		env := l.etcdEnv(i, l.Hosts[i], etcdFiles{"/etc/etcd/pki/client-ca.crt", "/etc/etcd/pki/server.crt", "/etc/etcd/pki/server.key", "", ""})
		l.Files[h+"/etc/etcd.env"] = []byte(strings.NewReplacer(
			"ETCD_PEER_TRUSTED_CA_FILE=/etc/etcd/pki/client-ca.crt", "ETCD_PEER_TRUSTED_CA_FILE=/etc/etcd/pki/server-ca.crt",
			"ETCDCTL_CACERT=/etc/etcd/pki/client-ca.crt", "ETCDCTL_CACERT=/etc/etcd/pki/server-ca.crt").Replace(string(env)))
	}
	for i, h := range masters {
		l.Files[h+ssl+"ca.crt"] = l.made["etcd-ca"].PEM()
		l.pair("client", h+ssl+"client.crt", h+ssl+"client.key", Spec{CN: "kube-apiserver", Usages: Client, Issuer: l.made["clients-ca"]})
		l.Files[h+"/etc/kubernetes/manifests/kube-apiserver.yaml"] = apiServer(address(i), l.urls("https://IP:2379"),
			ssl+"ca.crt", ssl+"client.crt", ssl+"client.key", "/etc/ssl/etcd/ssl")
	}
	l.Files["pki/etcd/ca.crt"] = l.made["etcd-ca"].PEM()
}
