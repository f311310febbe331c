package facts

import (
	"path"
	"strings"

	"github.com/kslint/kslint/lint"
)

// Role is what the place of a certificate says that it is.
type Role string

// The roles. A file has one by its path on its host; member-, admin- and node- files, pki/etcd, pki/registry and
// image_registry.crt also where they stand in no host folder, as in KubeKey's work folder.
const (
	EtcdMember Role = "etcd-member" // KubeKey v1-v3: member-<host>.pem, server and peer
	EtcdAdmin  Role = "etcd-admin"  // admin-<host>.pem, etcdctl
	EtcdNode   Role = "etcd-node"   // node-<host>.pem, kube-apiserver
	EtcdServer Role = "etcd-server" // v4: /etc/ssl/etcd/ssl/server.crt
	EtcdClient Role = "etcd-client" // v4: /etc/kubernetes/pki/etcd/client.crt
	EtcdCA     Role = "etcd-ca"     // ca.pem and ca.crt of those folders

	KubeadmEtcdServer      Role = "kubeadm-etcd-server"             // pki/etcd/server.crt
	KubeadmEtcdPeer        Role = "kubeadm-etcd-peer"               // pki/etcd/peer.crt
	KubeadmEtcdHealthcheck Role = "kubeadm-etcd-healthcheck-client" // pki/etcd/healthcheck-client.crt
	KubeadmEtcdAPIServer   Role = "kubeadm-apiserver-etcd-client"   // pki/apiserver-etcd-client.crt

	APIServer              Role = "apiserver"                // /etc/kubernetes/pki/apiserver.crt
	APIServerKubeletClient Role = "apiserver-kubelet-client" // …/apiserver-kubelet-client.crt
	FrontProxyClient       Role = "front-proxy-client"       // …/front-proxy-client.crt
	ClusterCA              Role = "ca"                       // …/ca.crt
	FrontProxyCA           Role = "front-proxy-ca"           // …/front-proxy-ca.crt
	KubeletClient          Role = "kubelet-client"           // /var/lib/kubelet/pki/kubelet-client-current.pem

	RegistryServer   Role = "registry-server"    // what the image registry serves
	RegistryCA       Role = "registry-ca"        // ca.pem and ca.crt beside it
	RegistryClient   Role = "registry-client"    // certs.d/<registry>/<registry>.cert
	RegistryClientCA Role = "registry-client-ca" // certs.d/<registry>/ca.crt

	KubeconfigUser   Role = "kubeconfig-user"    // client-certificate-data of the current user
	KubeconfigCA     Role = "kubeconfig-ca"      // certificate-authority-data of the current cluster
	WebhookBundle    Role = "webhook-bundle"     // caBundle of a clientConfig
	WebhookServer    Role = "webhook-server"     // tls.crt or server.crt of a webhook Secret
	WebhookCA        Role = "webhook-ca"         // its ca.crt or caBundle
	MonitoringClient Role = "etcd-secret-client" // etcd-client.crt of Secret kube-etcd-client-certs
	MonitoringCA     Role = "etcd-secret-ca"     // its etcd-client-ca.crt
)

// roles is the table of files. A host pattern is for the path on a host, a loose one for the end of the path of a file in no
// host folder. named is the part of the path, counted from its end, whose star is the host or registry that the file is for.
var roles = []struct {
	role        Role
	host, loose string
	named       int
}{
	{EtcdMember, "/etc/ssl/etcd/ssl/member-*.pem", "member-*.pem", 1},
	{EtcdAdmin, "/etc/ssl/etcd/ssl/admin-*.pem", "admin-*.pem", 1},
	{EtcdNode, "/etc/ssl/etcd/ssl/node-*.pem", "node-*.pem", 1},
	{EtcdServer, "/etc/ssl/etcd/ssl/server.crt", "", 0},
	{EtcdClient, "/etc/kubernetes/pki/etcd/client.crt", "", 0},
	{EtcdCA, "/etc/ssl/etcd/ssl/ca.pem", "pki/etcd/ca.pem", 0},
	{EtcdCA, "/etc/ssl/etcd/ssl/ca.crt", "", 0},
	{EtcdCA, "/etc/kubernetes/pki/etcd/ca.crt", "pki/etcd/ca.crt", 0},
	{KubeadmEtcdServer, "/etc/kubernetes/pki/etcd/server.crt", "pki/etcd/server.crt", 0},
	{KubeadmEtcdPeer, "/etc/kubernetes/pki/etcd/peer.crt", "pki/etcd/peer.crt", 0},
	{KubeadmEtcdHealthcheck, "/etc/kubernetes/pki/etcd/healthcheck-client.crt", "pki/etcd/healthcheck-client.crt", 0},
	{KubeadmEtcdAPIServer, "/etc/kubernetes/pki/apiserver-etcd-client.crt", "pki/apiserver-etcd-client.crt", 0},
	{APIServer, "/etc/kubernetes/pki/apiserver.crt", "", 0},
	{APIServerKubeletClient, "/etc/kubernetes/pki/apiserver-kubelet-client.crt", "", 0},
	{FrontProxyClient, "/etc/kubernetes/pki/front-proxy-client.crt", "", 0},
	{ClusterCA, "/etc/kubernetes/pki/ca.crt", "", 0},
	{FrontProxyCA, "/etc/kubernetes/pki/front-proxy-ca.crt", "", 0},
	{KubeletClient, "/var/lib/kubelet/pki/kubelet-client-current.pem", "", 0},
	{RegistryCA, "/etc/ssl/registry/ssl/ca.pem", "pki/registry/ca.pem", 0},
	{RegistryCA, "/etc/ssl/registry/ssl/ca.crt", "pki/registry/ca.crt", 0},
	{RegistryCA, "/opt/registry/certs/ca.crt", "", 0},
	{RegistryCA, "/etc/kubekey/registry/certs/ca.crt", "", 0},
	{RegistryServer, "/etc/ssl/registry/ssl/*.pem", "pki/registry/*.pem", 1},
	{RegistryServer, "/etc/ssl/registry/ssl/*.cert", "pki/registry/*.cert", 1},
	{RegistryServer, "/opt/registry/certs/domain.crt", "", 0},
	{RegistryServer, "/etc/kubekey/registry/certs/domain.crt", "", 0},
	{RegistryServer, "/opt/harbor/*/ssl/server.crt", "pki/image_registry.crt", 0},
	{RegistryServer, "/opt/docker-registry/*/ssl/server.crt", "", 0},
	{RegistryClientCA, "/etc/docker/certs.d/*/ca.crt", "", 2},
	{RegistryClientCA, "/etc/containerd/certs.d/*/ca.crt", "", 2},
	{RegistryClient, "/etc/docker/certs.d/*/*.cert", "", 1},
	{RegistryClient, "/etc/containerd/certs.d/*/*.cert", "", 1},
}

// roleOf is the role of a file, and the host or registry that its path carries.
func roleOf(d *lint.Document) (Role, string) {
	_, name, onHost := onHost(d)
	for _, r := range roles {
		pattern, part := r.loose, name
		if onHost {
			pattern = r.host
		} else {
			part = ending(name, 1+strings.Count(pattern, "/"))
		}
		if ok, _ := path.Match(pattern, part); !ok || pattern == "" {
			continue
		}
		carried := carried(pattern, part, r.named)
		// KubeKey names a client's certificate as the folder; docker's own client.cert is another thing.
		if r.role == RegistryClient && path.Base(path.Dir(part)) != carried {
			continue
		}
		return r.role, carried
	}
	return "", ""
}

// ending is the last n parts of a path.
func ending(name string, n int) string {
	parts := strings.Split(name, "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}

// carried is what the star of a part of the pattern stands for, the part counted from the end.
func carried(pattern, name string, part int) string {
	if part == 0 {
		return ""
	}
	patterns, names := strings.Split(pattern, "/"), strings.Split(name, "/")
	before, after, _ := strings.Cut(patterns[len(patterns)-part], "*")
	return strings.TrimSuffix(strings.TrimPrefix(names[len(names)-part], before), after)
}
