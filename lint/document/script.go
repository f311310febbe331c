package document

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// script gives the lines of a text; nil where there are none.
func (c *chunk) script() ast.Value {
	var lines []*ast.Term
	for row := lineAt(c.rows, c.from); row < len(c.rows); row++ {
		from := max(c.rows[row], c.from)
		if from == len(c.data) {
			break // nothing stands behind the last line break
		}
		lines = append(lines, ast.StringTerm(string(c.data[from:max(from, c.rowEnd(row))])))
	}
	if len(lines) == 0 {
		return nil
	}
	return ast.NewObject(ast.Item(ast.StringTerm("lines"), ast.ArrayTerm(lines...)))
}

// lineLocator finds lines by their numbers.
type lineLocator struct{ *chunk }

// Locate finds the line of a path lines[i], without the blanks around it, and the first line for every other path.
func (l lineLocator) Locate(path lint.Path) lint.Range {
	row := lineAt(l.rows, l.from)
	if len(path) > 1 && path[0] == "lines" {
		if i, ok := path[1].(int); ok && i >= 0 && row+i < len(l.rows) {
			row += i
		}
	}
	from, to := max(l.rows[row], l.from), l.lineEnd(row)
	for from < to && (l.data[from] == ' ' || l.data[from] == '\t') {
		from++
	}
	return l.span(from, max(from, to))
}
