package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/cmd/internal/about"
)

// Set by the linker for releases.
var release, revision string

func version() string { return about.Version(release) }

func newVersion(s streams) *cobra.Command {
	format := "text"
	c := &cobra.Command{
		Use: "version", Short: "Print the version, the commit, the digest of the rules and the day of their tables", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			program, err := about.Of("kslint", release, revision)
			if err != nil {
				return err
			}
			switch format {
			case "text":
				_, err = fmt.Fprint(s.Out, program)
				return err
			case "json":
				encoder := json.NewEncoder(s.Out)
				encoder.SetIndent("", "  ")
				return encoder.Encode(program)
			}
			return fmt.Errorf("--output %q: expected text or json", format)
		},
	}
	c.Flags().StringVarP(&format, "output", "o", format, "`FORMAT`: text or json")
	return c
}
