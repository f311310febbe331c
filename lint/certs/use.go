package certs

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Use is a setting that names the file of a certificate, or an object that names its Secret.
type Use struct {
	File string
	Line int
	// Program reads the setting: etcd, kube-apiserver …, or the object, such as Deployment ks-apiserver; "" for anybody.
	Program string
	// Setting is the variable, flag or field: ETCD_CERT_FILE, --etcd-certfile, secretName.
	Setting string
}

// users knows who names what.
type users struct {
	files   map[*facts.Holder][]facts.Naming
	secrets map[[2]string][]Use // by namespace and name
}

func usersOf(f *facts.Facts, documents []*lint.Document) users {
	u := users{files: map[*facts.Holder][]facts.Naming{}, secrets: map[[2]string][]Use{}}
	for _, n := range f.Namings() {
		u.files[n.Holder] = append(u.files[n.Holder], n)
	}
	for _, d := range documents {
		u.addSecrets(d)
	}
	return u
}

// addSecrets notes the Secrets that a workload mounts and that an Ingress serves.
func (u users) addSecrets(d *lint.Document) {
	if d.Has(lint.Workload) {
		var at lint.Path
		for _, key := range lint.PodPath(d.Object) {
			at = append(at, key)
		}
		u.addEach(d, at.Join("volumes"), "secret", "secretName")
	}
	if d.Object.Kind == "Ingress" && d.Parent == nil {
		u.addEach(d, lint.Path{"spec", "tls"}, "secretName")
	}
}

// addEach looks at the same field of every item of a list.
func (u users) addEach(d *lint.Document, list lint.Path, keys ...string) {
	items, ok := step(d.Content(), list).(*ast.Array)
	if !ok {
		return
	}
	for i := range items.Len() {
		name := lint.StringAt(items.Elem(i).Value, keys...)
		if name == "" {
			continue
		}
		at := list.Join(i)
		for _, key := range keys {
			at = at.Join(key)
		}
		key := [2]string{d.Object.Namespace, name}
		u.secrets[key] = append(u.secrets[key], Use{d.Source.Name, d.Locate(at).Line, d.Object.Kind + " " + d.Object.Name, "secretName"})
	}
}

// usedBy lists what uses the certificates of a holder, each once.
func (u users) usedBy(h *facts.Holder) []Use {
	var all []Use
	for _, n := range u.files[h] {
		all = append(all, Use{n.Document.Source.Name, n.Document.Locate(n.Path).Line, n.Program, n.Setting})
	}
	if h.Document.Has(lint.Secret) {
		all = append(all, u.secrets[[2]string{h.Document.Object.Namespace, h.Document.Object.Name}]...)
	}
	slices.SortFunc(all, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.Program, b.Program))
	})
	return slices.Compact(all)
}

// bySetting are the kinds of what is known by the settings that name it; of several the first row counts.
var bySetting = []struct {
	program, setting string
	kind             Kind
}{
	{"etcd", "ETCD_CERT_FILE", EtcdServer},
	{"etcd", "--cert-file", EtcdServer},
	{"etcd", "ETCD_PEER_CERT_FILE", EtcdPeer},
	{"etcd", "--peer-cert-file", EtcdPeer},
	{"kube-apiserver", "--etcd-certfile", EtcdAPIServer},
	{"k3s", "K3S_DATASTORE_CERTFILE", EtcdK3s},
	{"etcdctl", "ETCDCTL_CERT", EtcdctlClient},
	{"etcdctl", "ETCDCTL_CERT_FILE", EtcdctlClient},
	{"kube-apiserver", "--tls-cert-file", APIServer},
	{"kube-apiserver", "--kubelet-client-certificate", APIServerKubelet},
	{"kube-apiserver", "--proxy-client-cert-file", FrontProxyClient},
	{"kubelet", "tlsCertFile", KubeletServer},
	{"etcd", "ETCD_TRUSTED_CA_FILE", EtcdCA},
	{"etcd", "--trusted-ca-file", EtcdCA},
	{"etcd", "ETCD_PEER_TRUSTED_CA_FILE", EtcdCA},
	{"etcd", "--peer-trusted-ca-file", EtcdCA},
	{"etcdctl", "ETCDCTL_CACERT", EtcdCA},
	{"etcdctl", "ETCDCTL_CA_FILE", EtcdCA},
	{"kube-apiserver", "--etcd-cafile", EtcdCA},
	{"k3s", "K3S_DATASTORE_CAFILE", EtcdCA},
	{"kubekey", "etcd.external.caFile", EtcdCA},
	{"kubekey", "etcd.external.certFile", EtcdAPIServer},
	{"kube-apiserver", "--requestheader-client-ca-file", FrontProxyCA},
	{"kube-apiserver", "--client-ca-file", ClusterCA},
	{"kube-controller-manager", "--root-ca-file", ClusterCA},
	{"kubelet", "clientCAFile", ClusterCA},
	{"", "client-certificate", KubeconfigUser},
	{"", "certificate-authority", KubeconfigCA},
}

// kind is what the settings say that a file is, "" where they say nothing.
func (u users) kind(h *facts.Holder) Kind {
	found := map[Kind]bool{}
	var first Kind
	for _, s := range bySetting {
		if slices.ContainsFunc(u.files[h], func(n facts.Naming) bool { return n.Program == s.program && n.Setting == s.setting }) {
			found[s.kind] = true
			first = cmp.Or(first, s.kind)
		}
	}
	if found[EtcdServer] && found[EtcdPeer] {
		return EtcdServerPeer
	}
	return first
}
