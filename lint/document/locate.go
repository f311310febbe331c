package document

import (
	"maps"

	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// locator finds places below a node: the root of a document, or an item of a List.
type locator struct {
	*tree
	top *yaml.Node
}

// fixed is the one place of a document that has no tree.
type fixed lint.Range

func (f fixed) Locate(lint.Path) lint.Range { return lint.Range(f) }

// Locate finds the value of a path, or the key of its nearest parent that exists.
func (l locator) Locate(path lint.Path) lint.Range {
	key, node := (*yaml.Node)(nil), l.top
	for _, step := range path {
		k, v := child(node, step)
		if v == nil {
			return l.owner(key, node)
		}
		key, node = k, v
	}
	return l.value(key, node)
}

// value is the place of a node that exists.
func (l locator) value(key, n *yaml.Node) lint.Range {
	scalarOrFlow := n.Kind == yaml.ScalarNode || n.Style&yaml.FlowStyle != 0
	if n.Kind != yaml.AliasNode && !scalarOrFlow {
		return l.owner(key, n)
	}
	from, to := l.extent(n)
	if from < to {
		return l.span(from, to)
	}
	return l.owner(key, n)
}

// owner is the place that stands for a node as a whole: its key or, where it has none, the first token of it.
func (l locator) owner(key, n *yaml.Node) lint.Range {
	if key != nil {
		return l.place(key)
	}
	from, to := l.extent(n)
	switch {
	case n == l.top && n.Kind != yaml.AliasNode && l.opens(n):
		from = l.first(n)
		to = from + 1
	case from == to && from > l.from && l.data[from-1] == '-':
		from-- // nothing stands behind this dash
	}
	return l.span(from, to)
}

// opens tells whether the first token of a node is a bracket or a dash.
func (l locator) opens(n *yaml.Node) bool {
	return n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0
}

func (l locator) first(n *yaml.Node) int {
	from, _ := l.skipProperties(l.start(n))
	return from
}

// child finds the value that a step leads to, with its key where it has one. What stands last is in effect.
func child(n *yaml.Node, step any) (key, value *yaml.Node) {
	if n = target(n); n == nil {
		return nil, nil
	}
	switch step := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && step >= 0 && step < len(n.Content) {
			return nil, n.Content[step]
		}
	case string:
		if n.Kind == yaml.MappingNode {
			return entry(n, step, map[*yaml.Node]bool{})
		}
	}
	return nil, nil
}

func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// pair is a key and its value.
type pair struct{ key, value *yaml.Node }

// entries lists all keys of a mapping, for those who ask for many: entry looks at each of them for each question.
func entries(n *yaml.Node) map[string]pair {
	all := map[string]pair{}
	if n = target(n); n == nil || n.Kind != yaml.MappingNode {
		return all
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !isMerge(key) {
			if name, ok, _ := keyName(key); ok {
				all[name] = pair{key, value}
			}
			continue
		}
		sources := []*yaml.Node{value}
		if source := target(value); source.Kind == yaml.SequenceNode {
			sources = source.Content
		}
		for j := len(sources) - 1; j >= 0; j-- {
			maps.Copy(all, entries(sources[j]))
		}
	}
	return all
}

// entry finds a key of a mapping. seen holds the mappings that lack it, so that merges of merges cost each of them once.
func entry(n *yaml.Node, name string, seen map[*yaml.Node]bool) (key, value *yaml.Node) {
	if n.Kind != yaml.MappingNode || seen[n] {
		return nil, nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		k, v := n.Content[i], n.Content[i+1]
		if !isMerge(k) {
			if own, ok, _ := keyName(k); ok && own == name {
				return k, v
			}
			continue
		}
		if k, v := merged(target(v), name, seen); v != nil {
			return k, v
		}
	}
	seen[n] = true
	return nil, nil
}

func merged(n *yaml.Node, name string, seen map[*yaml.Node]bool) (key, value *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		return entry(n, name, seen)
	}
	for _, source := range n.Content {
		if k, v := entry(target(source), name, seen); v != nil {
			return k, v
		}
	}
	return nil, nil
}
