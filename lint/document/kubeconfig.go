package document

import (
	"bytes"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// kubeconfigs decodes the kubeconfigs that KubeSphere keeps in strings. Each is a document of its own, below the object that
// carries it, so that a rule about kubeconfigs sees them all alike: its paths and blocks are those of the kubeconfig, and
// stand where the string does.
func (d *decoder) kubeconfigs(p part) []*lint.Document {
	var documents []*lint.Document
	for _, at := range p.kubeconfigStrings() {
		in, written := p.carrier(at.path)
		in.encoded = at.encoded
		text, ok := in.decode(written)
		if !ok || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			continue // not what it should be, and no file of the user's that would be unreadable
		}
		for _, document := range d.inside(in, text) {
			if document.Parent == nil {
				document.Parent, document.Prefix = p.Document, at.path
			}
			documents = append(documents, document)
		}
	}
	return documents
}

// kubeconfigString is a string that is meant to be a kubeconfig.
type kubeconfigString struct {
	path    lint.Path
	encoded bool
}

func (p part) kubeconfigStrings() []kubeconfigString {
	switch {
	case p.Object.Group() == "cluster.kubesphere.io" && p.Object.Kind == "Cluster":
		return []kubeconfigString{{lint.Path{"spec", "connection", "kubeconfig"}, true}}
	case p.Object.APIVersion != "v1":
		return nil
	case p.Object.Kind == "ConfigMap" && isKubeconfigMap(p.Object.Name):
		return []kubeconfigString{{lint.Path{"data", "config"}, false}}
	case p.Object.Kind == "Secret" && lint.StringAt(p.Value, "type") == "config.kubesphere.io/kubeconfig":
		return []kubeconfigString{{lint.Path{"data", "config"}, true}, {lint.Path{"stringData", "config"}, false}}
	}
	return nil
}
