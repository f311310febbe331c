package document

import (
	"bytes"
	"encoding/base64"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// findBlocks finds the PEM blocks in the strings that are meant to hold some. It must come before the secrets go.
func (p part) findBlocks() {
	kind, group := p.kind(), p.Object.Group()
	switch {
	case kind == "Secret":
		p.blocksOfSecret("data", true)
		p.blocksOfSecret("stringData", false)
	case kind == "Config" && p.Object.APIVersion == "v1":
		p.blocksOfEach("clusters", "cluster", "certificate-authority-data")
		p.blocksOfEach("users", "user", "client-certificate-data")
		p.blocksOfEach("users", "user", "client-key-data")
	case group == "admissionregistration.k8s.io":
		p.blocksOfEach("webhooks", "clientConfig", "caBundle")
	case group == "apiextensions.k8s.io":
		p.blocksAt(lint.Path{"spec", "conversion", "webhook", "clientConfig", "caBundle"})
		p.blocksAt(lint.Path{"spec", "conversion", "webhookClientConfig", "caBundle"}) // v1beta1
	case group == "apiregistration.k8s.io":
		p.blocksAt(lint.Path{"spec", "caBundle"})
	}
}

// kind is that of the object or, where it says none, the one that the list around it gives its items.
func (p part) kind() string {
	if p.Object.Kind == "" {
		return p.itemKind
	}
	return p.Object.Kind
}

func (p part) blocksOfSecret(field string, encoded bool) {
	fields, ok := lint.Field(p.Value, field).(ast.Object)
	if !ok {
		return
	}
	_, n := child(p.node, field)
	written := entries(n)
	fields.Foreach(func(key, term *ast.Term) {
		name, _ := key.Value.(ast.String)
		text, _ := term.Value.(ast.String)
		in := carrier{owner: p, pair: written[string(name)], encoded: encoded}
		p.blocksIn(&in, lint.Path{field, string(name)}, string(text))
	})
}

// blocksOfEach looks at the same field of each item of a list.
func (p part) blocksOfEach(list, object, field string) {
	items, ok := lint.Field(p.Value, list).(*ast.Array)
	if !ok {
		return
	}
	for i := range items.Len() {
		p.blocksAt(lint.Path{list, i, object, field})
	}
}

// blocksAt looks at one string in base64.
func (p part) blocksAt(path lint.Path) {
	in, text := p.carrier(path)
	in.encoded = true
	p.blocksIn(in, path, text)
}

// carrier is the string at a path, "" where there is none.
func (p part) carrier(path lint.Path) (in *carrier, text string) {
	in = &carrier{owner: p, pair: pair{value: p.node}}
	v := p.Value
	for _, step := range path {
		in.pair.key, in.pair.value = child(in.pair.value, step)
		switch step := step.(type) {
		case string:
			v = lint.Field(v, step)
		case int:
			list, ok := v.(*ast.Array)
			if !ok || step >= list.Len() {
				return in, ""
			}
			v = list.Elem(step).Value
		}
	}
	s, _ := v.(ast.String)
	return in, string(s)
}

// blocksIn adds the blocks of one string to those of the document.
func (p part) blocksIn(in *carrier, path lint.Path, written string) {
	text, ok := in.decode(written)
	if !ok || !bytes.Contains(text, pemBegin) {
		return
	}
	for _, b := range in.page(text).pemBlocks(maxBlocks - len(p.Blocks)) {
		b.Path = path
		p.Blocks = append(p.Blocks, b)
	}
}

// decode gives the text that a string stands for.
func (in *carrier) decode(written string) (text []byte, ok bool) {
	if !in.encoded {
		return []byte(written), written != ""
	}
	text, err := base64.StdEncoding.DecodeString(written)
	return text, err == nil && len(text) > 0
}
