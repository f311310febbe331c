package certs

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Renewer is who renews a certificate without being told to.
type Renewer string

// The renewers. Their names are part of outputs that scripts read.
const (
	Kubelet     Renewer = "kubelet"
	Timer       Renewer = "k8s-certs-renew" // KubeKey's systemd timer: kubeadm certs renew all
	Controller  Renewer = "ks-controller-manager"
	CertManager Renewer = "cert-manager"
	Tower       Renewer = "tower"   // KubeSphere's proxy to member clusters
	Nobody      Renewer = "nobody"  // a person has to
	Unknown     Renewer = "unknown" // the files do not tell
)

// Renewers lists every renewer.
func Renewers() []Renewer {
	return []Renewer{Kubelet, Timer, Controller, CertManager, Tower, Nobody, Unknown}
}

// renewedBy tells who renews a certificate, by table 3 of the catalogue.
func (r *renewal) renewedBy(h *facts.Holder, row *Row) Renewer {
	d := h.Document
	switch {
	case issued(d):
		return CertManager
	case row.Chain:
		return Unknown
	}
	switch row.Kind {
	case APIServer, APIServerKubelet, FrontProxyClient, EtcdServer, EtcdPeer, EtcdHealthcheck, EtcdAPIServer:
		return r.leaf(h)
	case KubeletClient, KubeletClientDated, KubeletServer, KubeletServerDated:
		return r.kubelet(h)
	case KubeconfigUser, KubeconfigCluster:
		return r.kubeconfig(d)
	case KubeconfigCA:
		if ok, _ := path.Match("/etc/kubernetes/*.conf", hostPath(d)); ok && d.Parent == nil {
			return Nobody // the cluster's CA, as pki/ca.crt
		}
	case KubeletSelfSigned, WebhookServer, EtcdMonitoring, EtcdMonitoringCA:
		return Nobody // made once: neither the kubelet, nor the charts, nor KubeKey overwrite them
	case WebhookCA:
		if service, _, _ := strings.Cut(row.Name, "."); facts.IsListedWebhook(service) && !injected(d) {
			return Nobody
		}
	}
	if known[h.Role] {
		return Nobody
	}
	return Unknown
}

// known are the roles of KubeKey's and kubeadm's own files that nobody renews: CAs, and what KubeKey v1-v3 made itself. kk certs
// renew of v4 is a command that a person gives.
var known = map[facts.Role]bool{
	facts.EtcdMember: true, facts.EtcdAdmin: true, facts.EtcdNode: true, facts.EtcdServer: true, facts.EtcdClient: true,
	facts.EtcdCA: true, facts.ClusterCA: true, facts.FrontProxyCA: true,
	facts.RegistryServer: true, facts.RegistryCA: true, facts.RegistryClient: true,
}

// leaf is a server's or a client's file: kubeadm's own, or KubeKey's.
func (r *renewal) leaf(h *facts.Holder) Renewer {
	switch h.Role {
	case facts.APIServer, facts.APIServerKubeletClient, facts.FrontProxyClient,
		facts.KubeadmEtcdServer, facts.KubeadmEtcdPeer, facts.KubeadmEtcdHealthcheck, facts.KubeadmEtcdAPIServer:
		return r.kubeadm(h.Document)
	}
	if known[h.Role] {
		return Nobody
	}
	return Unknown
}

func (r *renewal) kubelet(h *facts.Holder) Renewer {
	switch {
	case !strings.HasPrefix(hostPath(h.Document), "/var/lib/kubelet/pki/"):
		return Unknown // a file that somebody configured
	case r.hosts[h.Document.Host] != nil && r.hosts[h.Document.Host].rotationOff:
		return Unknown // a flag may say otherwise
	}
	return Kubelet
}

// renewable are the kubeconfigs that kubeadm certs renew all writes anew.
var renewable = []string{"/etc/kubernetes/admin.conf", "/etc/kubernetes/controller-manager.conf", "/etc/kubernetes/scheduler.conf"}

func (r *renewal) kubeconfig(d *lint.Document) Renewer {
	if d.Parent == nil {
		if slices.Contains(renewable, hostPath(d)) {
			return r.kubeadm(d)
		}
		return Unknown
	}
	version := lint.Version{Major: 3, Minor: 1}
	switch d.Parent.Object.Kind {
	case "Secret": // of 4.x
		return Controller
	case "ConfigMap": // of 3.x
		return r.since(version)
	case "Cluster":
		if lint.StringAt(d.Parent.Value, "spec", "connection", "type") == "proxy" {
			return Tower
		}
		return r.since(lint.Version{Major: 4})
	}
	return Unknown
}

// since is for what ks-controller-manager renews from a version on.
func (r *renewal) since(first lint.Version) Renewer {
	switch {
	case !r.known:
		return Unknown
	case r.kubeSphere.Compare(first) < 0:
		return Nobody
	}
	return Controller
}

// issued tells whether cert-manager makes the certificate of a Secret, or writes a caBundle.
func issued(d *lint.Document) bool {
	annotations, _ := lint.Field(d.Root().Value, "metadata", "annotations").(ast.Object)
	if annotations == nil {
		return false
	}
	names := []string{"cert-manager.io/inject-ca-from", "cert-manager.io/inject-ca-from-secret", "cert-manager.io/inject-apiserver-ca"}
	if d.Has(lint.Secret) {
		names = []string{"cert-manager.io/certificate-name"}
	}
	return slices.ContainsFunc(names, func(name string) bool { return lint.Field(annotations, name) != nil })
}

// injected tells whether somebody else than the chart writes a caBundle.
func injected(d *lint.Document) bool {
	return lint.Field(d.Value, "metadata", "annotations", "service.beta.openshift.io/inject-cabundle") != nil
}
