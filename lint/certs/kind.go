package certs

import (
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Kind is what a certificate is.
type Kind string

// The kinds. Their names are part of outputs that scripts read.
const (
	EtcdServerPeer     Kind = "etcd-server-peer"
	EtcdServer         Kind = "etcd-server"
	EtcdPeer           Kind = "etcd-peer"
	EtcdctlClient      Kind = "etcdctl-client"
	EtcdHealthcheck    Kind = "etcd-healthcheck-client"
	EtcdAPIServer      Kind = "apiserver-etcd-client"
	EtcdK3s            Kind = "k3s-etcd-client"
	EtcdMonitoring     Kind = "etcd-monitoring-client"
	EtcdMonitoringCA   Kind = "etcd-monitoring-ca"
	EtcdCA             Kind = "etcd-ca"
	APIServer          Kind = "apiserver"
	APIServerKubelet   Kind = "apiserver-kubelet-client"
	FrontProxyClient   Kind = "front-proxy-client"
	FrontProxyCA       Kind = "front-proxy-ca"
	ClusterCA          Kind = "cluster-ca"
	KubeletClient      Kind = "kubelet-client"
	KubeletClientDated Kind = "kubelet-client-dated"
	KubeletServer      Kind = "kubelet-server"
	KubeletServerDated Kind = "kubelet-server-dated"
	KubeletSelfSigned  Kind = "kubelet-server-self-signed"
	RegistryServer     Kind = "registry-server"
	RegistryCA         Kind = "registry-ca"
	RegistryClient     Kind = "registry-client"
	RegistryClientCA   Kind = "registry-client-ca"
	KubeconfigUser     Kind = "kubeconfig"
	KubeconfigCluster  Kind = "kubeconfig-cluster" // of a KubeSphere Cluster
	KubeconfigCA       Kind = "kubeconfig-ca"
	WebhookServer      Kind = "webhook-server"
	WebhookCA          Kind = "webhook-ca"
	APIServiceCA       Kind = "apiservice-ca"
	InSecret           Kind = "secret"
	OtherCA            Kind = "ca"
	Other              Kind = "certificate"
)

// kinds says of each kind whether its files are read as a CA's: then every certificate counts, and none is a chain.
var kinds = map[Kind]struct{ authority bool }{
	EtcdServerPeer: {}, EtcdServer: {}, EtcdPeer: {}, EtcdctlClient: {}, EtcdHealthcheck: {}, EtcdAPIServer: {}, EtcdK3s: {},
	EtcdMonitoring: {}, EtcdMonitoringCA: {true}, EtcdCA: {true},
	APIServer: {}, APIServerKubelet: {}, FrontProxyClient: {}, FrontProxyCA: {true}, ClusterCA: {true},
	KubeletClient: {}, KubeletClientDated: {}, KubeletServer: {}, KubeletServerDated: {}, KubeletSelfSigned: {},
	RegistryServer: {}, RegistryCA: {true}, RegistryClient: {}, RegistryClientCA: {true},
	KubeconfigUser: {}, KubeconfigCluster: {}, KubeconfigCA: {true},
	WebhookServer: {}, WebhookCA: {true}, APIServiceCA: {true}, InSecret: {true}, OtherCA: {true}, Other: {true},
}

// Kinds lists every kind.
func Kinds() []Kind {
	all := make([]Kind, 0, len(kinds))
	for k := range kinds {
		all = append(all, k)
	}
	return all
}

// byRole are the kinds of what is known by its place.
var byRole = map[facts.Role]Kind{
	facts.EtcdMember: EtcdServerPeer, facts.EtcdAdmin: EtcdctlClient, facts.EtcdNode: EtcdAPIServer,
	facts.EtcdServer: EtcdServerPeer, facts.EtcdClient: EtcdAPIServer, facts.EtcdCA: EtcdCA,
	facts.KubeadmEtcdServer: EtcdServer, facts.KubeadmEtcdPeer: EtcdPeer, facts.KubeadmEtcdHealthcheck: EtcdHealthcheck,
	facts.KubeadmEtcdAPIServer: EtcdAPIServer,
	facts.APIServer:            APIServer, facts.APIServerKubeletClient: APIServerKubelet, facts.FrontProxyClient: FrontProxyClient,
	facts.ClusterCA: ClusterCA, facts.FrontProxyCA: FrontProxyCA, facts.KubeletClient: KubeletClient,
	facts.RegistryServer: RegistryServer, facts.RegistryCA: RegistryCA, facts.RegistryClient: RegistryClient,
	facts.RegistryClientCA: RegistryClientCA,
	facts.WebhookServer:    WebhookServer, facts.WebhookCA: WebhookCA,
}

// monitoringSecret holds copies of etcd's files for Prometheus, monitoring what they are.
const monitoringSecret = "kube-etcd-client-certs" //nolint:gosec // the name of an object

var monitoring = map[string]Kind{"etcd-client.crt": EtcdMonitoring, "etcd-client-ca.crt": EtcdMonitoringCA}

// byPath are further files of a host; the first that matches counts. Of the kubelet's dated files those that were replaced stay
// behind, and its self-signed one is made once and verified by nobody.
var byPath = []struct {
	pattern string
	kind    Kind
}{
	{"/var/lib/kubelet/pki/kubelet.crt", KubeletSelfSigned},
	{"/var/lib/kubelet/pki/kubelet-server-current.pem", KubeletServer},
	{"/var/lib/kubelet/pki/kubelet-server-*.pem", KubeletServerDated},
	{"/var/lib/kubelet/pki/kubelet-client-*.pem", KubeletClientDated},
}

// kindOf tells what a holder is: by its place, else by the settings that name it.
func kindOf(h *facts.Holder, u users) (kind Kind, name string) {
	d := h.Document
	switch {
	case d.Has(lint.Kubeconfig):
		return kubeconfigKind(h)
	case h.Name == "caBundle" && (d.Has(lint.WebhookConfig) || d.Has(lint.CRD)):
		return WebhookCA, hookName(h)
	case h.Name == "caBundle" && d.Has(lint.APIService):
		return APIServiceCA, d.Object.Name
	case h.Role == facts.WebhookServer || h.Role == facts.WebhookCA:
		return byRole[h.Role], qualified(facts.WebhookService(d.Object.Name), d.Object.Namespace)
	case byRole[h.Role] != "":
		return byRole[h.Role], h.NamedFor
	case d.Has(lint.Secret) && d.Object.Name == monitoringSecret && monitoring[h.Name] != "":
		return monitoring[h.Name], ""
	case d.Has(lint.Secret):
		return InSecret, strings.TrimPrefix(d.Object.Namespace+"/"+d.Object.Name, "/")
	}
	for _, p := range byPath {
		if ok, _ := path.Match(p.pattern, hostPath(d)); ok {
			return p.kind, ""
		}
	}
	if kind := u.kind(h); kind != "" {
		return kind, ""
	}
	return Other, ""
}

func kubeconfigKind(h *facts.Holder) (Kind, string) {
	if h.Name != "client-certificate-data" {
		return KubeconfigCA, ""
	}
	if p := h.Document.Parent; p != nil && p.Object.Kind == "Cluster" {
		return KubeconfigCluster, p.Object.Name
	}
	if len(h.Path) < 2 {
		return KubeconfigUser, ""
	}
	return KubeconfigUser, lint.StringAt(step(h.Document.Value, h.Path[:2]), "name")
}

// hookName is the service that a caBundle is for, else the object that it stands in.
func hookName(h *facts.Holder) string {
	config := step(h.Document.Value, h.Path[:len(h.Path)-1])
	if name := lint.StringAt(config, "service", "name"); name != "" {
		return qualified(name, lint.StringAt(config, "service", "namespace"))
	}
	return h.Document.Object.Name
}

func qualified(name, namespace string) string { return strings.TrimSuffix(name+"."+namespace, ".") }

// step follows a path; nil where it leads nowhere.
func step(v ast.Value, p lint.Path) ast.Value {
	for _, s := range p {
		switch s := s.(type) {
		case string:
			v = lint.Field(v, s)
		case int:
			list, ok := v.(*ast.Array)
			if !ok || s < 0 || s >= list.Len() {
				return nil
			}
			v = list.Elem(s).Value
		}
	}
	return v
}

// hostPath is the path that a host has for a file; any other one where the file is in no host folder.
func hostPath(d *lint.Document) string {
	return "/" + strings.TrimPrefix(strings.TrimPrefix(d.File, d.Host), "/")
}
