package facts

import (
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// The kinds of facts, by the names that a rule's metadata asks for them with.
const (
	Hosts        = "hosts"
	Certificates = "certificates"
	Etcd         = "etcd"
	Kubeconfigs  = "kubeconfigs"
	Webhooks     = "webhooks"
)

// Kinds lists every kind.
func Kinds() []string { return []string{Hosts, Certificates, Etcd, Kubeconfigs, Webhooks} }

// Facts are what one set says. Each kind is worked out when it is first asked for, and once. They are not safe for
// concurrent use.
type Facts struct {
	documents []*lint.Document
	now       time.Time
	values    map[string]ast.Value
	surveyed  *survey
	verifier  *verifier
}

// Of prepares the facts of a set's documents, which are in the order of input.set. now is the instant that verifies_now holds
// at; it has whole seconds, as certificates have.
func Of(documents []*lint.Document, now time.Time) *Facts {
	now = now.UTC().Truncate(time.Second)
	return &Facts{documents: documents, now: now, values: map[string]ast.Value{}, verifier: newVerifier(now)}
}

// Input is what a rule that asks for the kinds gets as input.facts.
func (f *Facts) Input(kinds ...string) ast.Value {
	var all fields
	all.number("now", f.now.Unix())
	certificates := false
	for _, k := range kinds {
		if k != Certificates {
			all.put(k, f.value(k))
		}
		certificates = certificates || k != Hosts
	}
	if certificates {
		all.put(Certificates, f.value(Certificates))
	}
	return all.object()
}

// Holders lists what holds certificates, in the order of their ids.
func (f *Facts) Holders() []*Holder { return f.survey().holders }

func (f *Facts) value(k string) ast.Value {
	if v, ok := f.values[k]; ok {
		return v
	}
	var v ast.Value
	switch k {
	case Hosts:
		v = hostsValue(f.hosts())
	case Certificates:
		v = f.survey().certificatesValue()
	case Etcd:
		v = f.etcdValue()
	case Kubeconfigs:
		v = f.kubeconfigsValue()
	case Webhooks:
		v = f.webhooksValue()
	default:
		v = ast.NullValue
	}
	f.values[k] = v
	return v
}

// survey is all that can be seen without checking a signature.
type survey struct {
	*files
	oneCluster  bool
	members     []*member
	clients     []*client
	inUse       []*use
	authorities []*use
	kubeconfigs []*kubeconfig
	hooks       []*hook
	hookSecrets []*hookSecret
}

func (f *Facts) survey() *survey {
	if f.surveyed == nil {
		s := &survey{files: newFiles(f.documents), oneCluster: oneCluster(f.documents)}
		s.findMembers()
		s.findClients()
		s.findKubeconfigs()
		s.findHooks()
		s.findUses(f.hosts())
		s.markRead()
		f.surveyed = s
	}
	return f.surveyed
}

// oneCluster tells whether all files of the set belong to one cluster.
func oneCluster(documents []*lint.Document) bool {
	clusters, inventories := 0, 0
	for _, d := range documents {
		if d.Has(lint.KubeKeyCluster) {
			clusters++
		}
		if d.Has(lint.KubeKeyInventory) {
			inventories++
		}
	}
	return clusters == 1 || clusters == 0 && inventories == 1
}
