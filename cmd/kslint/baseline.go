package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/output"
)

// baseline is what --baseline and --write-baseline say.
type baseline struct {
	known *lint.Baseline // nil without --baseline
	write string         // "" without --write-baseline
}

func (f *lintFlags) readBaseline() (b baseline, err error) {
	switch {
	case f.baseline != "" && f.writeBaseline != "":
		return b, errors.New("--baseline and --write-baseline exclude each other: a new one holds all that is found now")
	case f.writeBaseline != "" && f.shard != "":
		return b, errors.New("--write-baseline and --shard exclude each other: a baseline is written by a run over everything")
	case f.baseline == "":
		return baseline{write: f.writeBaseline}, nil
	}
	data, err := os.ReadFile(f.baseline)
	if err != nil {
		return b, fmt.Errorf("--baseline: %w", err)
	}
	if b.known, err = output.ReadBaseline(f.baseline, data); err != nil {
		return b, fmt.Errorf("--baseline: %w", err)
	}
	return b, nil
}

// apply accepts what is in the baseline, or writes a new one of all that is found, which it then accepts. What could not be read may hold
// what an old one knows: then no new one takes its place.
func (b baseline) apply(r *lint.Report, files []*lint.File) error {
	if b.known != nil {
		b.known.Accept(r, files)
	}
	if b.write == "" {
		return nil
	}
	note := lint.Note{File: b.write, Always: true, Reason: "no baseline is written, since not everything could be read and judged"}
	if len(r.Failures) == 0 {
		written := lint.NewBaseline(b.write, r)
		note.Reason = fmt.Sprintf("written with what is found now: %d", len(written.Known))
		if err := writeFile("--write-baseline", b.write, func(w io.Writer) error { return output.WriteBaseline(w, written) }); err != nil {
			return err
		}
	}
	r.Notes = append(r.Notes, note)
	return nil
}
