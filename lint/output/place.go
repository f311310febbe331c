package output

import (
	"cmp"
	"slices"

	"github.com/kslint/kslint/lint"
)

// place is a range as machines take it: what is not known is 0, and nothing ends before it begins.
func place(r lint.Range) lint.Range {
	if r.Line < 1 {
		return lint.Range{}
	}
	r.Column, r.EndLine, r.EndColumn = max(0, r.Column), max(0, r.EndLine), max(0, r.EndColumn)
	if r.EndLine < r.Line || r.Column == 0 || r.EndLine == r.Line && r.EndColumn < r.Column {
		r.EndLine, r.EndColumn = 0, 0
	}
	return r
}

// group is what a report says of one file.
type group struct {
	file     string
	findings []*lint.Finding // those that were accepted are among them
	failures []lint.Failure
}

// byFile puts together what belongs to the same file, in the order of their names.
func byFile(r *lint.Report) []*group {
	known := map[string]*group{}
	var groups []*group
	of := func(file string) *group {
		g := known[file]
		if g == nil {
			g = &group{file: file}
			known[file] = g
			groups = append(groups, g)
		}
		return g
	}
	for i := range r.Findings {
		g := of(r.Findings[i].File)
		g.findings = append(g.findings, &r.Findings[i])
	}
	for _, f := range r.Failures {
		g := of(f.File)
		g.failures = append(g.failures, f)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.file, b.file) })
	return groups
}
