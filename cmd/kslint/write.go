package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/output"
)

// write writes the report in every format asked for, and decides the exit status.
func (o *options) write(s streams, r *lint.Report) error {
	for _, t := range o.targets {
		if err := o.writeTo(s.Out, t, r); err != nil {
			return err
		}
	}
	if err := output.Diagnose(s.Err, r, o.writing); err != nil {
		return err
	}
	if len(r.Failures) > 0 {
		return status(exitFailed)
	}
	for severity := o.fail; severity <= lint.Error; severity++ {
		if r.Count(severity) > 0 {
			return status(exitFindings)
		}
	}
	return nil
}

func (o *options) writeTo(out io.Writer, t target, r *lint.Report) error {
	if t.file == "" {
		return t.writer.Write(out, r, o.writing)
	}
	options := o.writing
	options.Color, options.Width = false, 0
	var text strings.Builder
	if err := t.writer.Write(&text, r, options); err != nil {
		return err
	}
	if err := os.WriteFile(t.file, []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("--output %s: %w", t.name, err)
	}
	return nil
}
