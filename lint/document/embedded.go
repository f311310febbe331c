package document

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// carrier is the string that a text was found in.
type carrier struct {
	owner   part
	pair    pair // without nodes where the owner has no tree
	encoded bool
	// payload says that the string is a KubeSphere component's whole configuration, so that it is a document even when
	// it is empty or no mapping.
	payload bool
}

var payloads = map[string]bool{"kubesphere.yaml": true, "ks-config.yaml": true, "local_config.yaml": true}

// embedded decodes the YAML that a ConfigMap or Secret carries in strings.
func (d *decoder) embedded(p part) []*lint.Document {
	if p.Problem != nil || p.Object.APIVersion != "v1" {
		return nil
	}
	switch p.Object.Kind {
	case "ConfigMap":
		return d.strings(p, "data", false)
	case "Secret":
		return append(d.strings(p, "data", true), d.strings(p, "stringData", false)...)
	}
	return nil
}

func (d *decoder) strings(p part, field string, encoded bool) []*lint.Document {
	fields, ok := lint.Field(p.Value, field).(ast.Object)
	if !ok {
		return nil
	}
	_, n := child(p.node, field)
	written := entries(n)
	var documents []*lint.Document
	fields.Foreach(func(key, term *ast.Term) {
		name, isString := key.Value.(ast.String)
		text, isText := term.Value.(ast.String)
		if isString && isText && name == lint.CorefileKey && !encoded {
			in := carrier{owner: p, pair: written[string(name)]}
			documents = append(documents, d.corefile(&in, []byte(text))...)
			return
		}
		isYAML := strings.HasSuffix(string(name), ".yaml") || strings.HasSuffix(string(name), ".yml")
		if !isString || !isText || !isYAML {
			return
		}
		inner, err := []byte(text), error(nil)
		if encoded {
			if inner, err = base64.StdEncoding.DecodeString(string(text)); err != nil {
				return
			}
		}
		in := carrier{owner: p, pair: written[string(name)], encoded: encoded, payload: payloads[string(name)]}
		for _, document := range d.inside(&in, inner) {
			if document.Parent == nil {
				document.Parent, document.Prefix = p.Document, lint.Path{field, string(name)}
			}
			documents = append(documents, document)
		}
	})
	return documents
}

// corefile gives the lines of a Corefile.
func (d *decoder) corefile(in *carrier, text []byte) []*lint.Document {
	p := in.page(text)
	if d.budget -= len(text); d.budget < 0 || unreadable(p) != nil {
		return nil
	}
	c := p.chunk(0, len(p.data), 0)
	document := &lint.Document{Source: d.source, Format: lint.Lines, Value: c.script(), Where: lineLocator{c}}
	if document.Value == nil {
		return nil
	}
	document.Parent, document.Prefix = in.owner.Document, lint.Path{"data", lint.CorefileKey}
	return []*lint.Document{document}
}

// maxInString is how many documents of one string are looked at. A Secret of the largest size has room for 250,000 in base64, which
// took nine seconds.
const maxInString = 10_000

// inside decodes the text of one string.
func (d *decoder) inside(in *carrier, text []byte) []*lint.Document {
	if d.budget -= len(text); d.budget < 0 {
		tooMuch := &lint.Problem{Kind: lint.AliasBomb, Range: in.place(), Reason: tooManyAliases}
		return []*lint.Document{d.unread(tooMuch, lint.YAML)}
	}
	inner := in.page(text)
	if problem := unreadable(inner); problem != nil {
		return []*lint.Document{d.unread(problem, lint.YAML)}
	}
	if bytes.Count(text, []byte("\n---")) >= maxInString && len(split(inner)) > maxInString {
		problem := &lint.Problem{Kind: lint.TooLarge, Range: in.place(), Reason: fmt.Sprintf("holds more than %d YAML documents", maxInString)}
		return []*lint.Document{d.unread(problem, lint.YAML)}
	}
	documents := d.page(inner, in)
	if len(documents) == 0 && in.payload {
		empty := part{Document: &lint.Document{Source: d.source, Format: lint.YAML, Value: ast.NullValue}}
		empty.complete(inner.chunk(0, 0, 0))
		empty.Where = fixed(in.place())
		documents = append(documents, empty.Document)
	}
	return documents
}

// place is that of the string as a whole.
func (in *carrier) place() lint.Range {
	if in.pair.value == nil {
		return in.owner.Where.Locate(nil)
	}
	return locator{tree: in.owner.tree, top: in.owner.node}.value(in.pair.key, in.pair.value)
}

// page gives the text of a literal block the places of its lines. All other strings are one place as a whole.
func (in *carrier) page(text []byte) *page {
	inner := newPage(text)
	tree, n := in.owner.tree, target(in.pair.value)
	if tree == nil || tree.whole != (lint.Range{}) || in.encoded || n == nil || n.Style&yaml.LiteralStyle == 0 || n.Value != string(text) {
		inner.whole = in.place()
		return inner
	}
	indicator, _ := tree.skipProperties(tree.start(n))
	b := tree.block(n, indicator)
	inner.outer, inner.line, inner.indent = tree.page, b.line, max(b.indent, 0)
	return inner
}
