package document

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// tree is the node tree of a chunk. It knows where each node was written.
type tree struct {
	*chunk
	root *yaml.Node
}

var (
	errEmpty  = errors.New("no document")
	errGaveUp = errors.New("the parser gave up")
)

// grow parses a text that has the length and the lines of the chunk: its own, or one that was mended.
func (c *chunk) grow(text []byte) (t *tree, err error) {
	// The parser ends some of its checks with a panic ("please report").
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, fmt.Errorf("%w: %v", errGaveUp, r)
		}
	}()
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errEmpty
	}
	return &tree{chunk: c, root: document.Content[0]}, nil
}

// weight is what a node comes to once its aliases are expanded.
type weight struct {
	size   int // characters, and some for each node
	height int // levels of collections
}

// survey walks a tree once, following no alias: what an alias brings was weighed where it was written.
type survey struct {
	anchors map[*yaml.Node]weight
	// deepest is the first node that reaches below lint.MaxDepth.
	deepest *yaml.Node
	// heaviest is the alias that brings most; loop an alias inside of its own anchor.
	heaviest, loop *yaml.Node
	heaviestSize   int
}

// nodeSize is what the smallest node takes as JSON, with its comma.
const nodeSize = 4

func (s *survey) weigh(n *yaml.Node, depth int) weight {
	w := weight{size: nodeSize + len(n.Value)}
	switch n.Kind {
	case yaml.AliasNode:
		return s.alias(n, depth)
	case yaml.MappingNode, yaml.SequenceNode:
		w.height = 1
		if depth++; depth > lint.MaxDepth && s.deepest == nil {
			s.deepest = n
		}
		for _, child := range n.Content {
			c := s.weigh(child, depth)
			w.size = min(w.size+c.size, tooBig)
			w.height = max(w.height, c.height+1)
		}
	}
	if n.Anchor != "" {
		if s.anchors == nil {
			s.anchors = map[*yaml.Node]weight{}
		}
		s.anchors[n] = w
	}
	return w
}

// tooBig stands for every size that is beyond all limits, so that sums never overflow.
const tooBig = 1 << 60

func (s *survey) alias(n *yaml.Node, depth int) weight {
	w, done := s.anchors[n.Alias]
	if !done && s.loop == nil {
		s.loop = n
	}
	if s.heaviest == nil || w.size > s.heaviestSize {
		s.heaviest, s.heaviestSize = n, w.size
	}
	if depth+w.height > lint.MaxDepth && s.deepest == nil {
		s.deepest = n
	}
	return w
}

// excess says what forbids to expand the tree, nil when nothing does. It takes what the expansion costs from the budget.
func (t *tree) excess(budget *int) *lint.Problem {
	var s survey
	w := s.weigh(t.root, 0)
	switch {
	case s.loop != nil:
		return &lint.Problem{Kind: lint.AliasBomb, Range: t.place(s.loop), Reason: aliasInAnchor}
	case s.heaviest != nil && w.size > *budget:
		return &lint.Problem{Kind: lint.AliasBomb, Range: t.place(s.heaviest), Reason: tooManyAliases}
	case s.deepest != nil:
		at := t.start(s.deepest) // where it ends lies as deep again
		return &lint.Problem{Kind: lint.TooDeep, Range: t.span(at, min(at+1, t.to)), Reason: tooDeep}
	}
	if s.heaviest != nil {
		*budget -= w.size
	}
	return nil
}

const (
	aliasInAnchor  = "an alias stands inside of its own anchor"
	tooManyAliases = "aliases expand beyond measure"
)

var tooDeep = fmt.Sprintf("nested deeper than %d levels", lint.MaxDepth)
