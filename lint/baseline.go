package lint

import (
	"fmt"
	"path"
	"strings"
)

// Baseline is what was found when it was written: it is accepted, and what comes later is not.
type Baseline struct {
	// Name is that of its file.
	Name  string
	Known []Known
}

// Known is a finding of a baseline.
type Known struct {
	Rule, File, Path string
	// Fingerprint alone decides; the others are for those who read the file, and to see that it has gone.
	Fingerprint string
}

// Accept marks the findings of a finished report that are in the baseline, unless something else has accepted them, and notes what of
// the baseline is no longer found in the files that were read. files are all that were read.
func (b *Baseline) Accept(r *Report, files []*File) {
	found := map[string]bool{}
	known := map[string]bool{}
	for _, k := range b.Known {
		known[k.Fingerprint] = true
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		found[f.Fingerprint] = true
		if known[f.Fingerprint] && f.Waived == "" {
			f.Waived, f.Exempted = "baseline "+b.Name, true
		}
	}
	read := map[string]bool{}
	for _, f := range files {
		read[f.Name] = !f.Context
	}
	gone, here := 0, false
	for _, k := range b.Known {
		here = here || read[k.File]
		if read[k.File] && (r.Ran[k.File][k.Rule] || k.Rule == IgnoreUnused) && !found[k.Fingerprint] {
			gone++
		}
	}
	if gone > 0 {
		r.Notes = append(r.Notes, Note{File: b.Name, Always: true, Reason: fmt.Sprintf("findings of it that are mended: %d; write it anew with --write-baseline", gone)})
	}
	if here {
		return
	}
	if name, other := b.elsewhere(r); name != "" {
		r.Notes = append(r.Notes, Note{File: b.Name, Always: true, Reason: fmt.Sprintf(
			"it knows %s and not %s: names are relative to the working directory, so run kslint where it was written", other, name)})
	}
}

// elsewhere gives the file of a finding that nobody has accepted and the name that the baseline seems to have for it: it was written
// in another folder.
func (b *Baseline) elsewhere(r *Report) (name, other string) {
	type place struct{ rule, path string }
	files := map[place][]string{}
	for _, k := range b.Known {
		at := place{k.Rule, k.Path}
		files[at] = append(files[at], k.File)
	}
	for _, f := range r.Findings {
		if f.Waived != "" {
			continue
		}
		for _, other := range files[place{f.Rule.ID, f.Path.String()}] {
			if isBelow(f.File, other) || isBelow(other, f.File) {
				return f.File, other
			}
		}
	}
	return "", ""
}

// isBelow tells whether long is short below some folder.
func isBelow(long, short string) bool {
	return strings.HasSuffix(path.Clean("/"+long), path.Clean("/"+short)) && long != short
}

// NewBaseline is one of all findings of a finished report that nobody has accepted yet, and accepts them.
func NewBaseline(name string, r *Report) *Baseline {
	b := &Baseline{Name: name}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waived == "" {
			b.Known = append(b.Known, Known{f.Rule.ID, f.File, f.Path.String(), f.Fingerprint})
			f.Waived, f.Exempted = "baseline "+name, true
		}
	}
	return b
}
