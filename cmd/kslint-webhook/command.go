package main

import (
	"fmt"
	"io"
)

// commands are what the first argument may name; without one of them the webhook serves. Each gives the exit status.
var commands = map[string]func(args []string, out, errs io.Writer) int{
	"version": tellVersion,
}

func tellVersion(args []string, out, errs io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintf(errs, "kslint-webhook: version takes no arguments, not %q\n", args[0])
		return 2
	}
	fmt.Fprintln(out, "kslint-webhook "+version())
	return 0
}
