package document

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

// builder makes values of nodes.
type builder struct {
	// anchors holds the values that aliases share.
	anchors map[*yaml.Node]*ast.Term
	// unsure says that the consumer must read the whole text, because single scalars do not show what it makes of them.
	unsure bool
	// colliding says that two keys differ to YAML and not to JSON: which of them the consumer keeps is left to chance.
	colliding bool
	merging   bool
	doubled   bool
	// refused is the first scalar that the consumer has no value for.
	refused *yaml.Node
}

func (b *builder) term(n *yaml.Node) *ast.Term {
	var t *ast.Term
	switch n.Kind {
	case yaml.AliasNode:
		b.unsure = true
		return b.anchors[n.Alias]
	case yaml.MappingNode:
		t = ast.NewTerm(b.object(n))
	case yaml.SequenceNode:
		terms := make([]*ast.Term, len(n.Content))
		for i, child := range n.Content {
			terms[i] = b.term(child)
		}
		t = ast.NewTerm(ast.NewArray(terms...))
	default:
		t = b.scalar(n)
	}
	if n.Anchor != "" {
		if b.anchors == nil {
			b.anchors = map[*yaml.Node]*ast.Term{}
		}
		b.anchors[n] = t
	}
	return t
}

func (b *builder) scalar(n *yaml.Node) *ast.Term {
	if ambiguous(n) {
		b.unsure = true
	}
	v := scalar(n)
	if v == nil {
		if b.refused == nil {
			b.refused = n
		}
		v = ast.NullValue
	}
	return ast.NewTerm(v)
}

func (b *builder) object(n *yaml.Node) ast.Object {
	pairs := make([][2]*ast.Term, 0, len(n.Content)/2)
	strange := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			b.unsure, b.merging, strange = true, true, true
			pairs = b.merge(pairs, value)
			continue
		}
		name, ok, clear := keyName(key)
		if !clear {
			b.unsure, strange = true, true
		}
		if key.Anchor != "" || key.Kind != yaml.ScalarNode {
			b.term(key) // an alias may ask for what stands in it
		}
		if term := b.term(value); ok {
			pairs = append(pairs, ast.Item(ast.StringTerm(name), term))
		}
	}
	kept := lastOnly(pairs)
	if strange || len(kept) < len(pairs) {
		b.compare(n)
	}
	return ast.NewObject(kept...)
}

// merge adds what "<<" brings, earlier mappings last because what stands last wins.
func (b *builder) merge(pairs [][2]*ast.Term, value *yaml.Node) [][2]*ast.Term {
	sources := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		sources = value.Content
	}
	terms := make([]*ast.Term, len(sources))
	for i, source := range sources {
		terms[i] = b.term(source)
	}
	for i := len(terms) - 1; i >= 0; i-- {
		if brought, ok := terms[i].Value.(ast.Object); ok {
			brought.Foreach(func(key, term *ast.Term) { pairs = append(pairs, ast.Item(key, term)) })
		}
	}
	return pairs
}
