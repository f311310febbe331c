package lint

import (
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

// Join returns a new path that leads through p to q.
func (p Path) Join(q ...any) Path {
	joined := make(Path, 0, len(p)+len(q))
	joined = append(joined, p...)
	return append(joined, q...)
}
