package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// Naming is a setting that names a file with certificates, or a kubeconfig that holds some.
type Naming struct {
	Holder *Holder
	// Document and Path are where the setting stands.
	Document *lint.Document
	Path     lint.Path
	// Program reads the setting: etcd, etcdctl, k3s, kubelet, kubekey, or the container of a static pod; "" for a kubeconfig,
	// which anybody may read.
	Program string
	// Setting is the variable, flag or field: ETCD_CERT_FILE, --etcd-certfile, client-certificate.
	Setting string
}

// Namings lists the settings that name the files of holders, in the order of the documents.
func (f *Facts) Namings() []Naming {
	n := &namer{survey: f.survey()}
	n.findConfigs()
	for _, d := range f.documents {
		switch {
		case d.Has(lint.EtcdEnv), d.Has(lint.K3sEnv):
			n.environment(d)
		case d.Has(lint.StaticPod):
			n.pod(d)
		case d.Has(lint.KubeletConfig):
			n.field(d, "clientCAFile", "authentication", "x509", "clientCAFile")
			n.field(d, "tlsCertFile", "tlsCertFile")
		}
	}
	n.kubeconfigs()
	n.external()
	slices.SortStableFunc(n.found, func(a, b Naming) int { return n.numbers[a.Document] - n.numbers[b.Document] })
	return n.found
}

// WebhookService is the service that a Secret of the catalogue's list serves webhooks for, "" for other Secrets.
func WebhookService(secret string) string { return webhookSecrets[secret].service }

// IsListedWebhook tells whether the certificates of a service's webhooks are those that KubeSphere's charts make.
func IsListedWebhook(service string) bool { return listed(service) }

type namer struct {
	*survey
	configs map[[2]string][]*Holder // what kubeconfig files hold, by host folder and path
	found   []Naming
}

func (n *namer) findConfigs() {
	n.configs = map[[2]string][]*Holder{}
	for _, h := range n.holders {
		if folder, name, ok := onHost(h.Document); ok && h.Document.Has(lint.Kubeconfig) && h.Document.Parent == nil {
			n.configs[[2]string{folder, name}] = append(n.configs[[2]string{folder, name}], h)
		}
	}
}

// add notes who names a file, where that leads to certificates.
func (n *namer) add(d *lint.Document, at lint.Path, program, setting, file string) {
	if t := n.resolve(d, file); t != nil && t.holder != nil {
		n.found = append(n.found, Naming{t.holder, d, at, program, setting})
	}
}

func (n *namer) environment(d *lint.Document) {
	variables(d, func(name string, s *setting) {
		program := "etcd"
		switch {
		case d.Has(lint.K3sEnv):
			program = "k3s"
		case strings.HasPrefix(name, "ETCDCTL_"):
			program = "etcdctl"
		}
		if strings.Contains(s.text, "/") {
			n.add(d, s.path, program, name, s.known())
		}
	})
}

func (n *namer) pod(d *lint.Document) {
	folder, _, _ := onHost(d)
	for _, v := range elements(lint.Field(d.Value, "spec", "containers")) {
		program := lint.StringAt(v, "name")
		c := containerOf(d, program)
		if c == nil {
			continue
		}
		for _, f := range c.flags {
			if !strings.HasPrefix(f.value, "/") {
				continue
			}
			name := c.onHost(f.value)
			n.add(d, f.path, program, "--"+f.name, name)
			for _, h := range n.configs[[2]string{folder, path.Clean(name)}] {
				n.found = append(n.found, Naming{h, d, f.path, program, "--" + f.name})
			}
		}
	}
}

// field is one of a KubeletConfiguration.
func (n *namer) field(d *lint.Document, setting string, at ...string) {
	file, _ := lint.Field(d.Value, at...).(ast.String)
	p := make(lint.Path, len(at))
	for i, step := range at {
		p[i] = step
	}
	n.add(d, p, "kubelet", setting, string(file))
}

func (n *namer) kubeconfigs() {
	for _, k := range n.survey.kubeconfigs {
		n.identity(k, k.cluster, "certificate-authority")
		n.identity(k, k.user, "client-certificate")
	}
}

func (n *namer) identity(k *kubeconfig, id *identity, key string) {
	if id != nil && id.holder != nil && !id.embedded {
		n.found = append(n.found, Naming{id.holder, k.from, id.path.Join(key), "", key})
	}
}

// external are the files that a KubeKey Cluster names for an etcd of somebody else's.
func (n *namer) external() {
	for _, c := range n.clients {
		if c.kind == "external" {
			n.externalFile(c, c.ca, "caFile")
			n.externalFile(c, c.cert, "certFile")
		}
	}
}

func (n *namer) externalFile(c *client, at *setting, key string) {
	if h := at.holder(); h != nil {
		n.found = append(n.found, Naming{h, c.from, at.path, "kubekey", "etcd.external." + key})
	}
}
