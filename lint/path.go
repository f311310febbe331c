package lint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Path leads from the root of a document to a field: string keys and int indexes.
type Path []any

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// String writes a path as users read it: spec.hosts[0].name, data["kubesphere.yaml"].authentication.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(s) + "]")
		case string:
			switch {
			case !plainKey.MatchString(s):
				b.WriteString("[" + strconv.Quote(s) + "]")
			case b.Len() > 0:
				b.WriteString("." + s)
			default:
				b.WriteString(s)
			}
		}
	}
	return b.String()
}

// ParsePath reads what String writes.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		step, after, err := cutStep(rest)
		if err != nil {
			break
		}
		p, rest = append(p, step), after
	}
	if p.String() != text { // also where a step was no step, or written otherwise
		return nil, fmt.Errorf("%q is no path, expected keys and indexes such as spec.hosts[0].name", text)
	}
	return p, nil
}

// cutStep takes the first step from a path that is not empty.
func cutStep(text string) (step any, rest string, err error) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		quoted, err := strconv.QuotedPrefix(inner)
		if err != nil {
			digits, rest, _ := strings.Cut(inner, "]")
			n, err := strconv.Atoi(digits)
			return n, rest, err
		}
		key, err := strconv.Unquote(quoted)
		return key, strings.TrimPrefix(inner[len(quoted):], "]"), err
	}
	text = strings.TrimPrefix(text, ".")
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:], nil
}

// Join returns a new path that leads through p to q.
func (p Path) Join(q ...any) Path {
	joined := make(Path, 0, len(p)+len(q))
	joined = append(joined, p...)
	return append(joined, q...)
}
