package document

import (
	"bytes"

	"github.com/open-policy-agent/opa/v1/ast"
)

// blanks are what systemd takes off both ends of a line, a key and a value.
const blanks = " \t\r\n"

// unitText collects the settings of a unit. They stand by section and key; both may come again.
type unitText struct {
	*chunk
	where  *spot
	values map[string]map[string][]string
}

// unit reads a systemd unit or a drop-in as systemd does. What stands outside of any section is left out, and an assignment of
// nothing takes back all earlier ones of its key.
func (c *chunk) unit() (ast.Value, *spot) {
	u := unitText{chunk: c, where: c.firstSpot(), values: map[string]map[string][]string{}}
	section := ""
	for row := lineAt(c.rows, c.from); row < len(c.rows); {
		var line logical
		line, row = c.logical(row)
		text := bytes.Trim(line.text, blanks)
		switch {
		case len(text) == 0:
		case text[0] == '[' && text[len(text)-1] == ']':
			section = string(text[1 : len(text)-1])
			from := bytes.IndexByte(line.text, '[')
			u.open(section, line.stretch(from, len(text)))
		case section != "":
			u.assign(section, line)
		}
	}
	sections := make([][2]*ast.Term, 0, len(u.values))
	for name, keys := range u.values {
		pairs := make([][2]*ast.Term, 0, len(keys))
		for key, list := range keys {
			terms := make([]*ast.Term, len(list))
			for i, text := range list {
				terms[i] = ast.StringTerm(text)
			}
			pairs = append(pairs, ast.Item(ast.StringTerm(key), ast.ArrayTerm(terms...)))
		}
		sections = append(sections, ast.Item(ast.StringTerm(name), ast.ObjectTerm(pairs...)))
	}
	return ast.NewObject(sections...), u.where
}

func (u *unitText) open(section string, at stretch) {
	if section == "" {
		return
	}
	u.where.below(section, at)
	if u.values[section] == nil {
		u.values[section] = map[string][]string{}
	}
}

// assign takes a line Key=value; systemd leaves out a line without an equals sign.
func (u *unitText) assign(section string, line logical) {
	name, value, ok := bytes.Cut(line.text, []byte("="))
	key := string(bytes.Trim(name, blanks))
	if !ok || key == "" {
		return
	}
	begin := len(name) - len(bytes.TrimLeft(name, blanks))
	at := line.stretch(begin, len(key))
	spots := u.where.below(section, at).below(key, at)
	text := bytes.Trim(value, blanks)
	if len(text) == 0 {
		u.values[section][key] = []string{}
		spots.stretch, spots.listed = at, nil
		return
	}
	from := len(name) + 1 + len(value) - len(bytes.TrimLeft(value, blanks))
	u.values[section][key] = append(u.values[section][key], string(text))
	spots.stretch, spots.listed = at, append(spots.listed, &spot{stretch: line.stretch(from, len(text))})
}

// logical is a line with those that continue it, and the offset of each of its bytes.
type logical struct {
	text []byte
	at   []int
}

// stretch is where some bytes of the line stand in the page.
func (l logical) stretch(from, length int) stretch {
	return stretch{l.at[from], l.at[from+length-1] + 1}
}

// logical reads a row and the rows that continue it; next is the row behind them. A backslash at the end of a row becomes a
// blank, and rows that are comments do not count, even between two rows of one line.
func (c *chunk) logical(row int) (line logical, next int) {
	for ; row < len(c.rows); row++ {
		from, to := max(c.rows[row], c.from), c.rowEnd(row)
		text := c.data[from:max(from, to)]
		if start := bytes.TrimLeft(text, " \t"); len(start) > 0 && (start[0] == '#' || start[0] == ';') {
			if len(line.text) == 0 {
				return line, row + 1
			}
			continue
		}
		continued := endsInBackslash(text)
		for i, b := range text {
			if continued && i == len(text)-1 {
				b = ' '
			}
			line.text, line.at = append(line.text, b), append(line.at, from+i)
		}
		if !continued {
			return line, row + 1
		}
	}
	return line, row
}

// endsInBackslash tells whether a row ends in a backslash that no other one escapes.
func endsInBackslash(row []byte) bool {
	backslashes := len(row) - len(bytes.TrimRight(row, `\`))
	return backslashes%2 == 1
}
