package main

import (
	"fmt"
	"io"

	"github.com/kslint/kslint/cmd/internal/about"
)

// Set by the linker for releases.
var release, revision string

func version() string { return about.Version(release) }

func tellVersion(args []string, out, errs io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintf(errs, "kslint-webhook: version takes no arguments, not %q\n", args[0])
		return 2
	}
	program, err := about.Of("kslint-webhook", release, revision)
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %s\n", err)
		return 1
	}
	fmt.Fprint(out, program)
	return 0
}
