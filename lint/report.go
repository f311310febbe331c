package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Add puts another report behind this one.
func (r *Report) Add(other *Report) {
	r.Findings = append(r.Findings, other.Findings...)
	r.Failures = append(r.Failures, other.Failures...)
	r.Notes = append(r.Notes, other.Notes...)
	r.Files += other.Files
	r.Documents += other.Documents
	for file, rules := range other.Ran {
		for rule := range rules {
			r.Asked(file, rule)
		}
	}
}

// Asked keeps in mind that a rule was asked about a file: an ignore of it that waives nothing is unused.
func (r *Report) Asked(file, rule string) {
	if r.Ran == nil {
		r.Ran = map[string]map[string]bool{}
	}
	if r.Ran[file] == nil {
		r.Ran[file] = map[string]bool{}
	}
	r.Ran[file][rule] = true
}

// Unread says of a document with a Problem what becomes of it: nothing where a rule has spoken about it, else a note or a
// failure, as the table in docs/reading.md says.
func (r *Report) Unread(d *Document, spoken bool) {
	p := d.Problem
	if p == nil {
		return
	}
	note := Note{File: d.Source.Name, Range: p.Range, Reason: p.Reason}
	switch p.Kind {
	case Template, Unknown:
		note.Reason = "not checked: " + p.Reason
		note.Always = d.Source.Named
		r.Notes = append(r.Notes, note)
		return
	case Binary, TooLarge, NotUTF8, NotAMap:
		if !d.Source.Named {
			note.Reason = "not checked: " + p.Reason
			r.Notes = append(r.Notes, note)
			return
		}
	case Syntax, Tab:
		if spoken {
			return
		}
		// Who reads a string of a ConfigMap that KubeSphere does not know, and with which parser, is not known either.
		if d.Parent != nil && !d.payload() {
			note.Reason = "not checked: the YAML in this string cannot be read: " + p.Reason
			r.Notes = append(r.Notes, note)
			return
		}
	}
	r.Failures = append(r.Failures, Failure{File: d.Source.Name, Range: p.Range, Reason: p.Reason})
}

func (d *Document) payload() bool { return d.Has(KSInstallerConfig) || d.Has(KubeSphereConfig) }

// Sort brings findings, failures and notes into the order of every output and gives findings their fingerprints.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		if d := cmp.Or(cmp.Compare(a.File, b.File), compareStart(a.Range, b.Range), cmp.Compare(a.Rule.ID, b.Rule.ID), cmp.Compare(a.Message, b.Message)); d != 0 {
			return d
		}
		return cmp.Or(cmp.Compare(a.Path.String(), b.Path.String()), cmp.Compare(fmt.Sprint(a.Args), fmt.Sprint(b.Args)))
	})
	slices.SortStableFunc(r.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.File, b.File), compareStart(a.Range, b.Range), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason))
	})
	slices.SortStableFunc(r.Notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.File, b.File), compareStart(a.Range, b.Range), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason))
	})
	r.Failures = slices.Compact(r.Failures)
	r.Notes = slices.Compact(r.Notes)
	seen := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		key := fmt.Sprintf("%s\x00%s\x00%s\x00%s", f.Rule.ID, f.Message, f.File, f.Identity)
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		seen[key]++
		f.Fingerprint = "sha256:" + hex.EncodeToString(sum[:16])
	}
}

func compareStart(a, b Range) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Count gives the number of findings of a severity that were not waived.
func (r *Report) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s && f.Waived == "" {
			n++
		}
	}
	return n
}

// Waived gives the number of findings that were accepted.
func (r *Report) Waived() int {
	n := r.Suppressed
	for _, f := range r.Findings {
		if f.Waived != "" {
			n++
		}
	}
	return n
}

// Finish sorts the report and keeps the text of the files that findings stand in.
func (r *Report) Finish(files []*File) {
	r.Sort()
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.File] = true
	}
	r.Sources = map[string][]byte{}
	for _, f := range files {
		if found[f.Name] {
			r.Sources[f.Name] = f.Data
		}
	}
}
