package output

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const planted = "S3CR3T"

// TestMask_neverShows plants values that are hard to read under secret keys, writes them as YAML and JSON may be written, carries
// them in strings of other documents, and looks for what is left of them.
func TestMask_neverShows(t *testing.T) {
	values := []string{
		planted, "a, S3CR3T", "a: S3CR3T", "# S3CR3T", "a # S3CR3T", "it's S3CR3T", `"S3CR3T`, `a" S3CR3T`, "{S3CR3T", "a} S3CR3T", "[S3CR3T", "- S3CR3T",
		"a\nS3CR3T", "a\n\n  S3CR3T\n", "a\n# S3CR3T\nb: S3CR3T", `\S3CR3T`, `a\" S3CR3T`, "a', b: S3CR3T", "%S3CR3T", "|\nS3CR3T", "~S3CR3T", "a\tS3CR3T", "密 S3CR3T",
		"a,b: S3CR3T", "a}}, S3CR3T", strings.Repeat("long words ", 20) + planted, strings.Repeat("x", 200) + " \"' " + planted,
	}
	t.Parallel()
	for _, value := range values {
		for name, document := range documents(value) {
			for way, text := range inAllWays(document) {
				if shown := masked(text); strings.Contains(shown, planted) {
					t.Fatalf("%s, %s, %q:\n%s\nshows:\n%s", name, way, value, text, shown)
				}
			}
		}
	}
}

func documents(value string) map[string]any {
	type m = map[string]any
	return map[string]any{
		"host":        m{"spec": m{"hosts": []any{m{"name": "n1", "password": value, "user": "root"}, m{"name": "n2"}}}},
		"deep":        m{"a": m{"b": m{"clientSecret": value}, "c": m{"d": 1}}},
		"list":        m{"spec": m{"tokens": []any{value, "x", value}}, "z": 1},
		"mapping":     m{"auth": m{"user": value, "deep": m{"x": []any{value}}}, "z": 1},
		"first":       []any{m{"accessKey": value}},
		"Secret":      m{"apiVersion": "v1", "kind": "Secret", "data": m{"a": value, "b.c": value}, "stringData": m{"d": value}, "z": 1},
		"List":        m{"kind": "List", "items": []any{m{"kind": "Secret", "data": m{"a": value}}, m{"kind": "ConfigMap"}}},
		"environment": m{"env": []any{m{"name": "A", "value": "b"}, m{"name": "DB_PASSWORD", "value": value}}},
	}
}

// inAllWays gives the ways to write a document.
func inAllWays(document any) map[string]string {
	ways := map[string]string{}
	direct(ways, "", document)
	for name, text := range maps.Clone(ways) {
		if name == "flow" || name == "literal" || name == "short JSON" {
			continue // enough of it
		}
		direct(ways, name+" in a string of ", map[string]any{"data": map[string]any{"x.yaml": text, "y": "z"}})
	}
	return ways
}

// direct writes a document in every style.
func direct(ways map[string]string, prefix string, document any) {
	ways[prefix+"block"] = styled(document, 0)
	ways[prefix+"flow"] = styled(document, yaml.FlowStyle)
	ways[prefix+"double quotes"] = styled(document, yaml.DoubleQuotedStyle)
	ways[prefix+"single quotes"] = styled(document, yaml.SingleQuotedStyle)
	ways[prefix+"literal"] = styled(document, yaml.LiteralStyle)
	ways[prefix+"folded"] = styled(document, yaml.FoldedStyle)
	short, _ := json.Marshal(document)
	long, _ := json.MarshalIndent(document, "", "  ")
	ways[prefix+"short JSON"], ways[prefix+"JSON"] = string(short), string(long)
}

// styled writes a document with all its strings, or its first level of collections, in a style.
func styled(document any, style yaml.Style) string {
	var n yaml.Node
	if err := n.Encode(document); err != nil {
		panic(err)
	}
	var walk func(*yaml.Node, int)
	walk = func(n *yaml.Node, depth int) {
		if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && style != yaml.FlowStyle && style != 0 {
			n.Style = style
		}
		if n.Kind != yaml.ScalarNode && style == yaml.FlowStyle && depth > 1 {
			n.Style = style
		}
		for i, child := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 && style != yaml.DoubleQuotedStyle {
				continue
			}
			walk(child, depth+1)
		}
	}
	walk(&n, 0)
	data, err := yaml.Marshal(&n)
	if err != nil {
		panic(fmt.Sprint(style, err))
	}
	return string(data)
}

// FuzzMask asks the YAML parser which values are secret, and looks for what is left of them.
func FuzzMask(f *testing.F) {
	for _, seed := range []string{
		"a: b\npassword: S3CR3T\n", "- {name: x, token: S3CR3T, z: y}\n", "auth:\n  a: [S3CR3T]\n  b: |\n    S3CR3T\nc: d\n", "{\"a\": {\"token\": \"S3CR3T\"}}\n",
		"secret: \"a\n  S3CR3T\" # x\nb: c\n", "passwords:\n- 'S3CR3T'\n- >-\n  S3CR3T\n", "? token\n: S3CR3T\n", "- token: !!str S3CR3T\n  x: &a {pwd: S3CR3T}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		var n yaml.Node
		if yaml.Unmarshal([]byte(source), &n) != nil || strings.ContainsAny(source, "\r\u0085\u2028\u2029") || odd.MatchString(source) {
			return
		}
		if n := secrets(&n, false); n > 0 && n == strings.Count(source, planted) && strings.Contains(masked(source), planted) {
			t.Errorf("%q\nshows:\n%s", source, masked(source))
		}
	})
}

// odd finds what nobody writes: the header of a block at the margin on a line of its own, a key behind "?" that is long.
var odd = regexp.MustCompile(`(?m)^(?:[|>]|[\s-]*\?)`)

// sane matches the keys that people write.
var sane = regexp.MustCompile(`^[\w ./-]{1,100}$`)

// secrets counts the planted values that stand in scalars below keys that name secrets.
func secrets(n *yaml.Node, secret bool) int {
	count := 0
	if secret && n.Kind == yaml.ScalarNode {
		count = strings.Count(n.Value, planted)
	}
	for i, child := range n.Content {
		switch {
		case n.Kind != yaml.MappingNode:
			count += secrets(child, secret)
		case i%2 == 0 && !sane.MatchString(child.Value):
			return -1 << 20
		case i%2 == 1:
			count += secrets(child, secret || namesSecret(n.Content[i-1].Value))
		}
	}
	return count
}
