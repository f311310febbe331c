package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/policies"
)

// release is set by the linker for releases; otherwise the module's own version is told.
var release string

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
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

// policyDigest tells two sets of rules apart: a hash over the names and texts of all policies.
func policyDigest() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(policies.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(policies.Files, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(text))
		h.Write(text)
		return nil
	})
	return "sha256:" + hex.EncodeToString(h.Sum(nil)[:8]), err
}

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version, the commit and the digest of the rules", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			digest, err := policyDigest()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.Out, "kslint %s\ncommit %s\npolicies %s\n", version(), commit(), digest)
			return err
		},
	}
}
