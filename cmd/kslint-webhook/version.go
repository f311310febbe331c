package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// Set by the linker for releases; otherwise the module's own version is told, and the commit that Go saw.
var release, revision string

func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

func commit() string {
	if revision != "" {
		return revision
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

func tellVersion(args []string, out, errs io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintf(errs, "kslint-webhook: version takes no arguments, not %q\n", args[0])
		return 2
	}
	about, err := policy.Describe(policies.Files)
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %s\n", err)
		return 1
	}
	fmt.Fprintf(out, "kslint-webhook %s\ncommit %s\npolicies %s\ntables %s\n", version(), commit(), about.Digest, about.Tables)
	return 0
}
