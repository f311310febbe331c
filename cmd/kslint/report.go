package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/lint/output"
)

func newReport(s streams) *cobra.Command {
	c := &cobra.Command{
		Use: "report", Short: "Work with saved reports",
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("report takes a command: kslint report merge FILE [FILE...]")
		},
	}
	c.AddCommand(newMerge(s))
	return c
}

func newMerge(s streams) *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use: "merge FILE...", Short: "Merge JSON reports, such as those of all shards",
		Long: `Merge reports that kslint lint -o json wrote, and write them in any format. Those of all shards
give the report of the run without shards.

Exit status: as kslint lint for what the reports hold; 2 also for a file that is no such report.`,
		Example: `  kslint lint clusters/ --shard 0/2 -o json=0.json
  kslint lint clusters/ --shard 1/2 -o json=1.json
  kslint report merge 0.json 1.json -o text -o sarif=kslint.sarif`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("merge takes reports: kslint report merge FILE [FILE...]")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, files []string) error { return f.merge(s, files) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	f.declareOutputs(flags)
	f.declareFailOn(flags)
	f.declareScreen(flags)
	return c
}

// merge is the whole flow: read, merge, write.
func (f *lintFlags) merge(s streams, files []string) error {
	o := &options{}
	if err := o.resolveWriting(f, s); err != nil {
		return err
	}
	reports := make([]*output.Saved, len(files))
	for i, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if reports[i], err = output.ReadSaved(name, data); err != nil {
			return err
		}
	}
	merged, err := output.Merge(reports)
	if err != nil {
		return err
	}
	rules, err := knownRules()
	if err != nil {
		return err
	}
	o.writing.Tool = merged.Tool()
	for i := range o.targets {
		o.targets[i].writer = merged.Writer(o.targets[i].writer)
	}
	return o.write(s, merged.Report(rules))
}
