package document

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// assignment is one NAME=value, and where its value stands; where that is empty, its name.
type assignment struct {
	name, value string
	stretch
}

// assignable are the names that systemd lets through: "export A" is none.
var assignable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// secretVariables are never shown to rules.
var secretVariables = map[string]bool{
	"K3S_TOKEN": true, "K3S_AGENT_TOKEN": true, "K3S_CLUSTER_SECRET": true, "K8E_TOKEN": true,
	"ETCDCTL_USER": true, "ETCDCTL_PASSWORD": true,
}

// env reads the variables of a file as systemd's EnvironmentFile does; nil where there are none.
func (c *chunk) env() (ast.Value, *spot) {
	first := c.firstSpot()
	variables := first.below("variables", first.stretch)
	values := map[string]ast.Value{}
	r := envReader{data: c.data} // a byte order mark spoils the first line
	for a, ok := r.next(); ok; a, ok = r.next() {
		if !assignable.MatchString(a.name) {
			continue // systemd leaves it out
		}
		variables.below(a.name, a.stretch).stretch = a.stretch
		values[a.name] = ast.String(a.value)
		if secretVariables[a.name] {
			values[a.name] = hidden(values[a.name])
		}
	}
	if len(values) == 0 {
		return nil, nil
	}
	pairs := make([][2]*ast.Term, 0, len(values))
	for name, value := range values {
		pairs = append(pairs, ast.Item(ast.StringTerm(name), ast.NewTerm(value)))
	}
	return ast.NewObject(ast.Item(ast.StringTerm("variables"), ast.ObjectTerm(pairs...))), first
}

// envReader follows parse_env_file_internal of systemd, in which a carriage return ends a line, a quote means something only
// where a value or another quoted part of it begins, and nothing but the beginning of a line begins a comment. As since
// systemd 254, a backslash at the end of a comment does not make one of the next line.
type envReader struct {
	data []byte
	at   int
}

// next gives the next assignment.
func (r *envReader) next() (a assignment, ok bool) {
	for {
		r.skip(isSpace)
		if r.at == len(r.data) {
			return a, false
		}
		begin := r.at
		comment := r.data[r.at] == '#' || r.data[r.at] == ';'
		r.at++ // even an equals sign belongs to the name here
		r.skip(func(c byte) bool { return !isBreak(c) && (comment || c != '=') })
		if r.at == len(r.data) || r.data[r.at] != '=' {
			continue
		}
		name := bytes.TrimRight(r.data[begin:r.at], " \t")
		r.at++
		a.name = string(name)
		if a.value, a.from, a.to = r.value(); a.from == a.to {
			a.from, a.to = begin, begin+len(name)
		}
		return a, true
	}
}

func (r *envReader) skip(while func(byte) bool) {
	for r.at < len(r.data) && while(r.data[r.at]) {
		r.at++
	}
}

// value reads to the end of the line; from and to are where the value stands, its quotes included.
func (r *envReader) value() (value string, from, to int) {
	var text []byte
	from, to = r.at, r.at
	solid := 0 // as much of the text as does not end in blanks
	begun := false
	for r.at < len(r.data) && !isBreak(r.data[r.at]) {
		c := r.data[r.at]
		blank := c == ' ' || c == '\t'
		if to == from && !blank {
			from = r.at
		}
		switch {
		case !begun && blank:
			r.at++
			continue
		case !begun && (c == '"' || c == '\''):
			text = r.quoted(text, c)
			solid = len(text)
		case c == '\\':
			begun = true
			text = r.escaped(text)
			solid = len(text)
		default:
			begun = true
			text = append(text, c)
			r.at++
			if blank {
				continue
			}
			solid = len(text)
		}
		to = r.at
	}
	return string(text[:solid]), from, to
}

// escaped reads a backslash and what stands behind it: a line break goes away with it.
func (r *envReader) escaped(text []byte) []byte {
	if r.at++; r.at == len(r.data) {
		return text
	}
	c := r.data[r.at]
	r.at++
	if isBreak(c) {
		return text
	}
	return append(text, c)
}

// quoted reads a part in quotes, which line breaks do not end.
func (r *envReader) quoted(text []byte, quote byte) []byte {
	for r.at++; r.at < len(r.data); r.at++ {
		c := r.data[r.at]
		switch {
		case c == quote:
			r.at++
			return text
		case c != '\\' || quote == '\'':
			text = append(text, c)
		case r.at+1 < len(r.data):
			r.at++
			if next := r.data[r.at]; strings.IndexByte("\"\\`$", next) >= 0 {
				text = append(text, next)
			} else if next != '\n' {
				text = append(text, '\\', next)
			}
		}
	}
	return text
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' }
