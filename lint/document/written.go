package document

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// scribe collects how a document was written.
type scribe struct {
	secret bool
	// room is how many steps all paths together may still have: enough for every file that a person wrote, and an end
	// to those in which thousands of nodes stand a thousand levels deep.
	room int
	// values makes the values of doubled keys.
	values  builder
	nodes   [][2]*ast.Term
	doubled []*ast.Term
}

// written tells how the parts of a document were written. It stops at aliases: what they bring is told where it stands.
func written(p part) ast.Value {
	s := scribe{secret: p.secret(), room: 1 << 24}
	if p.node != nil {
		if p.Doubled {
			s.values.term(p.tree.root) // for the anchors, which may stand outside of an item
		}
		s.node(nil, target(p.node), false)
	}
	return ast.NewObject(
		ast.Item(ast.StringTerm("nodes"), ast.ObjectTerm(s.nodes...)),
		ast.Item(ast.StringTerm("doubled"), ast.ArrayTerm(s.doubled...)),
	)
}

// unwritten is what there is to tell of a document that could not be read: where the parser stopped.
func unwritten(problem *lint.Problem) ast.Value {
	told := ast.NewObject(
		ast.Item(ast.StringTerm("nodes"), ast.ObjectTerm()),
		ast.Item(ast.StringTerm("doubled"), ast.ArrayTerm()),
	)
	if problem.Kind == lint.Syntax || problem.Kind == lint.Tab {
		told.Insert(ast.StringTerm("error"), ast.ObjectTerm(
			ast.Item(ast.StringTerm("kind"), ast.StringTerm(string(problem.Kind))),
			ast.Item(ast.StringTerm("line"), ast.IntNumberTerm(problem.Range.Line)),
			ast.Item(ast.StringTerm("column"), ast.IntNumberTerm(problem.Range.Column)),
		))
	}
	return told
}

// node tells of a node and of what is below it. Where shadowed, a later key of the same name hides the node:
// then only the doubled keys below it are told.
func (s *scribe) node(path []*ast.Term, n *yaml.Node, shadowed bool) {
	if s.room -= len(path) + 1; s.room < 0 {
		return
	}
	if !shadowed {
		s.nodes = append(s.nodes, ast.Item(ast.ArrayTerm(path...), ast.NewTerm(s.entry(n))))
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			s.node(append(slices.Clip(path), ast.IntNumberTerm(i)), item, shadowed)
		}
	case yaml.MappingNode:
		s.mapping(path, n, shadowed)
	}
}

func (s *scribe) mapping(path []*ast.Term, n *yaml.Node, shadowed bool) {
	last := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name, ok, _ := keyName(n.Content[i]); ok && !isMerge(n.Content[i]) {
			last[name] = i
		}
	}
	twice := doubled(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name, ok, _ := keyName(key)
		if !ok || isMerge(key) {
			continue
		}
		below := append(slices.Clip(path), ast.StringTerm(name))
		s.node(below, value, shadowed || last[name] != i)
		if places := twice[key.Value]; key.Kind == yaml.ScalarNode && len(places) > 0 && places[len(places)-1] == i {
			s.doubled = append(s.doubled, ast.ObjectTerm(
				ast.Item(ast.StringTerm("path"), ast.ArrayTerm(below...)),
				ast.Item(ast.StringTerm("key"), ast.StringTerm(key.Value)),
				ast.Item(ast.StringTerm("same"), ast.BooleanTerm(s.same(n, places))),
				ast.Item(ast.StringTerm("mapping"), ast.ArrayTerm(path...)),
			))
		}
	}
}

// same tells whether all values of a doubled key are equal.
func (s *scribe) same(n *yaml.Node, places []int) bool {
	first := s.values.term(n.Content[places[0]+1])
	for _, at := range places[1:] {
		if !first.Equal(s.values.term(n.Content[at+1])) {
			return false
		}
	}
	return true
}

// entry tells of one node; an alias is as what it stands for.
func (s *scribe) entry(n *yaml.Node) ast.Object {
	anchor := n.Anchor
	n = target(n)
	entry := ast.NewObject(ast.Item(ast.StringTerm("style"), ast.StringTerm(style(n))))
	switch n.Kind {
	case yaml.MappingNode:
		entry.Insert(ast.StringTerm("tag"), ast.StringTerm("!!map"))
	case yaml.SequenceNode:
		entry.Insert(ast.StringTerm("tag"), ast.StringTerm("!!seq"))
	default:
		v := scalar(n)
		entry.Insert(ast.StringTerm("tag"), ast.StringTerm(tag(n, v)))
		if _, text := v.(ast.String); !text && !s.secret {
			entry.Insert(ast.StringTerm("text"), ast.StringTerm(n.Value))
		}
	}
	if anchor != "" {
		entry.Insert(ast.StringTerm("anchor"), ast.StringTerm(anchor))
	}
	return entry
}

// tag is what the consumer resolves a scalar to: its parser calls yes a boolean, and a date the text that it is.
func tag(n *yaml.Node, v ast.Value) string {
	switch v.(type) {
	case ast.Boolean:
		return "!!bool"
	case ast.Null, nil:
		return "!!null"
	case ast.Number:
		if n.Tag == "!!float" {
			return "!!float"
		}
		return "!!int"
	}
	if n.Style&yaml.TaggedStyle != 0 {
		return n.Tag
	}
	return "!!str"
}

func style(n *yaml.Node) string {
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		return "single"
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return "double"
	case n.Style&yaml.LiteralStyle != 0:
		return "literal"
	case n.Style&yaml.FoldedStyle != 0:
		return "folded"
	case n.Style&yaml.FlowStyle != 0:
		return "flow"
	case n.Kind == yaml.ScalarNode:
		return "plain"
	}
	return "block"
}
