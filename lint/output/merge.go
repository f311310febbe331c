package output

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kslint/kslint/lint"
)

// Merge puts reports together, as if one run had linted what each of them did: those of all shards give the report of the run
// without shards, to the byte. What several of them say of the same place counts once; files and documents are added up.
func Merge(reports []*Saved) (*Saved, error) {
	all := jsonReport{SchemaVersion: schemaVersion, Findings: []jsonFinding{}, Failures: []jsonFailure{}}
	said, failed := once[findingKey]{}, once[jsonFailure]{}
	for i, s := range reports {
		r := &s.report
		if i == 0 {
			all.Tool = r.Tool
		}
		if r.Tool != all.Tool {
			return nil, fmt.Errorf("%s: a report of kslint %s, but %s is one of %s: expected one version", s.name, r.Tool.Version, reports[0].name, all.Tool.Version)
		}
		all.Summary.Files += r.Summary.Files
		all.Summary.Documents += r.Summary.Documents
		all.Summary.Suppressed += r.Summary.Suppressed
		for _, f := range r.Findings {
			if said.first(f.key(), i) {
				all.Findings = append(all.Findings, f)
			}
		}
		for _, f := range r.Failures {
			if failed.first(f, i) {
				all.Failures = append(all.Failures, f)
			}
		}
	}
	all.sort()
	all.count()
	return &Saved{report: all}, nil
}

// findingKey tells findings apart: two reports of one file say the same of the same place.
type findingKey struct {
	fingerprint string
	at          lint.Range
}

func (j *jsonFinding) key() findingKey {
	return findingKey{j.Fingerprint, lint.Range{Line: j.Line, Column: j.Column, EndLine: j.EndLine, EndColumn: j.EndColumn}}
}

// once keeps in mind which report said something first.
type once[K comparable] map[K]int

func (o once[K]) first(key K, report int) bool {
	if _, ok := o[key]; !ok {
		o[key] = report
	}
	return o[key] == report
}

// sort brings files together. Within a file each report is sorted already, by more than is saved, which a stable sort leaves.
func (r *jsonReport) sort() {
	slices.SortStableFunc(r.Findings, func(a, b jsonFinding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
	})
	slices.SortStableFunc(r.Failures, func(a, b jsonFailure) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
}

func (r *jsonReport) count() {
	of := map[string]*int{"error": &r.Summary.Errors, "warning": &r.Summary.Warnings, "info": &r.Summary.Infos}
	for i := range r.Findings {
		*of[r.Findings[i].Severity]++
	}
	r.Summary.Failures = len(r.Failures)
}
