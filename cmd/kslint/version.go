package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

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

func newVersion(s streams) *cobra.Command {
	format := "text"
	c := &cobra.Command{
		Use: "version", Short: "Print the version, the commit, the digest of the rules and the day of their tables", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			about, err := policy.Describe(policies.Files)
			if err != nil {
				return err
			}
			switch format {
			case "text":
				_, err = fmt.Fprintf(s.Out, "kslint %s\ncommit %s\npolicies %s\ntables %s\n", version(), commit(), about.Digest, about.Tables)
				return err
			case "json":
				encoder := json.NewEncoder(s.Out)
				encoder.SetIndent("", "  ")
				return encoder.Encode(struct {
					Name     string `json:"name"`
					Version  string `json:"version"`
					Commit   string `json:"commit"`
					Policies string `json:"policies"`
					Tables   string `json:"tables"`
				}{"kslint", version(), commit(), about.Digest, about.Tables})
			}
			return fmt.Errorf("--output %q: expected text or json", format)
		},
	}
	c.Flags().StringVarP(&format, "output", "o", format, "`FORMAT`: text or json")
	return c
}
