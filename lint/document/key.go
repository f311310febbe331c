package document

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

// keyName is the name that a key has for the consumer. clear is false when its text alone does not show it.
func keyName(n *yaml.Node) (name string, ok, clear bool) {
	if n.Kind == yaml.AliasNode {
		name, ok, _ = keyName(n.Alias)
		return name, ok, false
	}
	if n.Kind != yaml.ScalarNode {
		return "", false, false
	}
	text := n.Value
	if ambiguous(n) {
		text = tagged(n)
	} else if n.Style&(quoted|yaml.TaggedStyle) != 0 {
		return text, true, true
	} else if v, known := plain(text); known {
		switch v := v.(type) {
		case ast.String:
			return text, true, true
		case ast.Number:
			return text, true, true
		case ast.Boolean:
			return v.String(), true, true
		}
		return "", false, false
	}
	name, ok = askKey(text)
	return name, ok, false
}

// askKey has the consumer make a key of one scalar, which JSON has only strings for.
func askKey(text string) (name string, ok bool) {
	v, err := consult([]byte("{" + text + ": 0}"))
	object, isObject := v.(ast.Object)
	if err != nil || !isObject || object.Len() != 1 {
		return "", false
	}
	key, ok := object.Keys()[0].Value.(ast.String)
	return string(key), ok
}

// compare looks for keys that stand twice in a mapping.
func (b *builder) compare(n *yaml.Node) {
	b.doubled = b.doubled || len(doubled(n)) > 0
	tags := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := target(n.Content[i])
		name, ok, _ := keyName(key)
		if !ok || isMerge(key) {
			continue
		}
		own := tag(key, scalar(key))
		if other, seen := tags[name]; seen && own != other {
			b.colliding = true
		}
		tags[name] = own
	}
}

// otherKeys tells whether a key at or below a node is no text to YAML.
func otherKeys(n *yaml.Node) bool {
	for i, child := range n.Content {
		isKey := n.Kind == yaml.MappingNode && i%2 == 0 && !isMerge(child)
		if key := target(child); isKey && (key.Kind != yaml.ScalarNode || tag(key, scalar(key)) != "!!str") {
			return true
		}
		if otherKeys(child) {
			return true
		}
	}
	return false
}

// lastOnly drops the pairs whose key comes again: ast.NewObject would keep both.
func lastOnly(pairs [][2]*ast.Term) [][2]*ast.Term {
	if !repeats(pairs) {
		return pairs
	}
	last := make(map[ast.Value]int, len(pairs))
	for i, pair := range pairs {
		last[pair[0].Value] = i
	}
	kept := make([][2]*ast.Term, 0, len(last))
	for i, pair := range pairs {
		if last[pair[0].Value] == i {
			kept = append(kept, pair)
		}
	}
	return kept
}

// repeats tells whether two pairs have the same key.
func repeats(pairs [][2]*ast.Term) bool {
	const few = 16 // so many are compared faster than they are put into a map
	if len(pairs) > few {
		seen := make(map[ast.Value]bool, len(pairs))
		for _, pair := range pairs {
			seen[pair[0].Value] = true
		}
		return len(seen) < len(pairs)
	}
	for i, pair := range pairs {
		for _, other := range pairs[:i] {
			if pair[0].Value == other[0].Value {
				return true
			}
		}
	}
	return false
}

// isMerge knows the merge key as the consumer does: written without quotes.
func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Tag == "!!merge" && key.Value == "<<"
}

// doubled lists the texts that several keys of a mapping have, with the numbers of those keys in n.Content.
// Quotes make no difference: the parsers that refuse such a mapping compare the bare text.
func doubled(n *yaml.Node) map[string][]int {
	if n.Kind != yaml.MappingNode || len(n.Content) < 4 {
		return nil
	}
	first := make(map[string]int, len(n.Content)/2)
	var twice map[string][]int
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || isMerge(key) {
			continue
		}
		at, seen := first[key.Value]
		switch {
		case !seen:
			first[key.Value] = i
		case twice[key.Value] == nil:
			if twice == nil {
				twice = map[string][]int{}
			}
			twice[key.Value] = []int{at, i}
		default:
			twice[key.Value] = append(twice[key.Value], i)
		}
	}
	return twice
}
