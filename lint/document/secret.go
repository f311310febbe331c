package document

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// secretMark stands for every secret, whatever it is and however long.
const secretMark = ast.String("<secret>")

// hidden is a secret as rules see it: whether it says anything, and no more.
func hidden(v ast.Value) ast.Value {
	if _, null := v.(ast.Null); null || v == ast.String("") {
		return v
	}
	return secretMark
}

// veil says which parts of an object are secret. Its keys are those of the object, "*" any other key or element; a part
// without a veil is plain, one that is veiled as hide is secret as a whole, and so is a text where a mapping should stand.
type veil map[string]*veil

var (
	hide = &veil{}
	show = &veil{}
	all  = &veil{"*": hide}
	// lastApplied is where kubectl keeps a copy of the object.
	lastApplied = &veil{"annotations": {"kubectl.kubernetes.io/last-applied-configuration": hide}}

	// A Secret shows what is not secret, rather than hiding what is: a key may be misspelt.
	secretVeil = &veil{
		"apiVersion": show, "kind": show, "metadata": lastApplied, "type": show, "immutable": show, "*": all,
	}
	listVeil       = &veil{"items": {"*": secretVeil}} // whose items need not say their kind
	kubeconfigVeil = &veil{
		"clusters": {"*": {"cluster": {"certificate-authority-data": hide}}},
		"users": {"*": {"user": {
			"client-certificate-data": hide, "client-key-data": hide, "token": hide, "password": hide,
			"auth-provider": {"config": all},
			"exec":          {"args": all, "env": {"*": {"value": hide}}},
		}}},
	}
	clusterVeil = &veil{"metadata": lastApplied, "spec": {"config": hide, "connection": {"kubeconfig": hide, "token": hide}}}
	carrierVeil = &veil{"metadata": lastApplied, "data": {"config": hide}}
)

// veilOf is what is secret of an object, nil for nothing.
func veilOf(o ast.Object) *veil {
	kind := o.Get(kindKey)
	if kind == nil {
		return nil
	}
	switch kind.Value {
	case ast.String("Secret"):
		return secretVeil
	case ast.String("SecretList"):
		return listVeil
	case ast.String("Config"):
		if lint.StringAt(o, "apiVersion") == "v1" {
			return kubeconfigVeil
		}
	case ast.String("Cluster"):
		if strings.HasPrefix(lint.StringAt(o, "apiVersion"), "cluster.kubesphere.io/") {
			return clusterVeil
		}
	case ast.String("ConfigMap"):
		if isKubeconfigMap(lint.StringAt(o, "metadata", "name")) {
			return carrierVeil
		}
	}
	return nil
}

var kindKey = ast.StringTerm("kind")

// isKubeconfigMap knows the ConfigMaps in which KubeSphere 3.x keeps the kubeconfigs of its users.
func isKubeconfigMap(name string) bool { return strings.HasPrefix(name, "kubeconfig-") }

// conceal takes the secrets out of a value: those of the object itself, and those of objects in it, as in a template's list
// of objects. What holds none is the same value as before.
func conceal(v ast.Value) ast.Value {
	if o, ok := v.(ast.Object); ok {
		if w := veilOf(o); w != nil {
			return w.over(v)
		}
	}
	return replace(v, func(_ string, child ast.Value) ast.Value { return conceal(child) })
}

// conceal takes the secrets out of the document's value. YAML in the string of a Secret keeps nothing but its keys; a
// kubeconfig says by itself what is secret.
func (p part) conceal() {
	o, _ := p.Value.(ast.Object)
	switch {
	case p.Value == nil:
	case p.kind() == "Secret" && o != nil:
		p.Value = secretVeil.over(p.Value)
	case p.inSecret && (o == nil || veilOf(o) != kubeconfigVeil):
		p.Value = hideAll(p.Value)
	case holdsSecrets(p.Value):
		p.Value = conceal(p.Value)
	}
}

// secret tells whether the document holds secrets, or stands in the string of one that does.
func (p part) secret() bool {
	for d := p.Document; d != nil; d = d.Parent {
		if d.Object.Kind == "Secret" {
			return true
		}
	}
	return p.kind() == "Secret" || p.Value != nil && holdsSecrets(p.Value)
}

// hideAll hides every value of a document, and keeps its keys.
func hideAll(v ast.Value) ast.Value {
	switch v.(type) {
	case ast.Object, *ast.Array:
		return replace(v, func(_ string, child ast.Value) ast.Value { return hideAll(child) })
	}
	return hidden(v)
}

// holdsSecrets tells whether a value is or holds an object with secrets, which may be concealed already.
func holdsSecrets(v ast.Value) bool {
	switch v := v.(type) {
	case ast.Object:
		return veilOf(v) != nil || v.Until(func(_, t *ast.Term) bool { return holdsSecrets(t.Value) })
	case *ast.Array:
		return v.Until(func(t *ast.Term) bool { return holdsSecrets(t.Value) })
	}
	return false
}

// over gives a value with its secrets hidden.
func (w *veil) over(v ast.Value) ast.Value {
	switch v.(type) {
	case ast.Object, *ast.Array:
		if w == hide {
			return secretMark
		}
	default:
		if w == show {
			return v
		}
		return hidden(v)
	}
	return replace(v, func(key string, child ast.Value) ast.Value {
		below, ok := (*w)[key]
		if !ok {
			below, ok = (*w)["*"]
		}
		if !ok {
			return conceal(child)
		}
		return below.over(child)
	})
}

// replace puts other values in the place of an object's or array's children; a value of which nothing changes is kept.
// The elements of an array have no key.
func replace(v ast.Value, with func(key string, child ast.Value) ast.Value) ast.Value {
	changed := false
	child := func(key string, t *ast.Term) *ast.Term {
		other := with(key, t.Value)
		if other == t.Value {
			return t
		}
		changed = true
		return ast.NewTerm(other)
	}
	switch v := v.(type) {
	case ast.Object:
		pairs := make([][2]*ast.Term, 0, v.Len())
		v.Foreach(func(k, t *ast.Term) {
			name, _ := k.Value.(ast.String)
			pairs = append(pairs, ast.Item(k, child(string(name), t)))
		})
		if changed {
			return ast.NewObject(pairs...)
		}
	case *ast.Array:
		terms := make([]*ast.Term, v.Len())
		for i := range terms {
			terms[i] = child("", v.Elem(i))
		}
		if changed {
			return ast.NewArray(terms...)
		}
	}
	return v
}
