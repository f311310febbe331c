package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
	return writeFile("--output "+t.name, t.file, func(w io.Writer) error { return t.writer.Write(w, r, options) })
}

// writeFile writes the file that a flag asks for whole or not at all: who reads it while it is written sees what was there before.
func writeFile(flag, name string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	if err := replaceFile(name, text.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// replaceFile puts a new file in the place of an old one, with the mode of that. What is no regular file, such as /dev/stderr or a
// link, is written into.
func replaceFile(name string, data []byte) error {
	const mode = 0o644          // less what the user's umask takes away
	before, _ := os.Lstat(name) // nil where nothing is
	if before != nil && !before.Mode().IsRegular() {
		return os.WriteFile(name, data, mode)
	}
	aside := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text())
	f, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil { // a folder that nothing may be made in may hold a file that may be written
		return os.WriteFile(name, data, mode)
	}
	defer func() { _ = os.Remove(aside) }() // not there any more when all went well
	if before != nil {
		err = f.Chmod(before.Mode().Perm())
	}
	_, wrong := f.Write(data)
	if err := errors.Join(err, wrong, f.Close()); err != nil {
		return err
	}
	return os.Rename(aside, name)
}
