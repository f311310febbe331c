package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/lint/output"
	"github.com/kslint/kslint/lint/policy/example"
)

func newTest(s streams) *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use:   "test [PATH...]",
		Short: "Test rules of your own: their examples and their Rego tests",
		Long: `Test folders with rules of your own (default: those that policies: in .kslint.yaml names). Each rule
is held against its example.txtar, as kslint-webhook does before it takes a rule: it has to
find what the # want: lines of bad/ ask for and nothing in good/. Then the rules called test_…
in the _test.rego files are run. Rules see the libraries and tables of kslint, as when linting.

Exit status: 0 all pass; 1 some fail; 2 a folder is missing or a policy does not compile.`,
		Example: `  kslint test policies/
  kslint test && kslint lint clusters/`,
		RunE: func(c *cobra.Command, folders []string) error { return f.test(c.Context(), s, folders) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.config, "config", "c", "", "configuration `FILE` (default: the nearest .kslint.yaml upwards)")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "also name what passes")
	return c
}

// test tests each folder beside the built-in rules alone: what one needs of another would be missing in some run.
func (f *lintFlags) test(ctx context.Context, s streams, folders []string) error {
	if len(folders) == 0 {
		dir, err := os.Getwd()
		if err != nil {
			return err
		}
		o := &options{}
		if err := o.findConfig(f, dir); err != nil {
			return err
		}
		if folders = configured(o.config); len(folders) == 0 {
			return errors.New("test takes folders of rules: kslint test DIR, or policies: in .kslint.yaml")
		}
	}
	t := trial{out: s.Out, verbose: f.verbose}
	for _, folder := range folders {
		if err := t.folder(ctx, folder); err != nil {
			return err
		}
	}
	return t.end()
}

// trial counts what became of tests, and tells it as it goes.
type trial struct {
	out                         io.Writer
	verbose                     bool
	rules, cases, tests, failed int
}

func (t *trial) folder(ctx context.Context, dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("test %s: no such folder", dir)
	}
	index, err := openPolicies([]string{dir})
	if err != nil {
		return err
	}
	const own = 1 // behind the built-in ones
	rules, err := index.In(own)
	if err != nil {
		return err
	}
	engine, err := index.Compile(rules, 1)
	if err != nil {
		return err
	}
	outcomes, err := index.Tests(ctx, own)
	if err != nil {
		return err
	}
	for _, r := range rules {
		cases, mistakes := example.Prove(ctx, engine, r)
		t.rules++
		t.cases += cases
		for _, mistake := range mistakes {
			t.tell(mistake.Error(), false)
		}
		if len(mistakes) == 0 {
			t.tell(fmt.Sprintf("%s: passes, %s", r.File, output.Plural(cases, "case")), true)
		}
	}
	t.tests += len(outcomes)
	for _, o := range outcomes {
		at := fmt.Sprintf("%s:%d: %s", o.File, o.Line, o.Name)
		if o.Err != nil {
			t.tell(fmt.Sprintf("%s fails: %v", at, o.Err), false)
			continue
		}
		t.tell(at+" passes", true)
	}
	return nil
}

func (t *trial) tell(line string, passes bool) {
	if !passes {
		t.failed++
	}
	if !passes || t.verbose {
		_, _ = fmt.Fprintln(t.out, line)
	}
}

// end writes the last line: "2 rules, 9 cases of examples, 5 tests: all pass".
func (t *trial) end() error {
	line := fmt.Sprintf("%s, %s of examples, %s: ", output.Plural(t.rules, "rule"), output.Plural(t.cases, "case"), output.Plural(t.tests, "test"))
	if t.failed > 0 {
		_, _ = fmt.Fprintln(t.out, line+output.Plural(t.failed, "failure"))
		return status(exitFindings)
	}
	_, err := fmt.Fprintln(t.out, line+"all pass")
	return err
}
