package main

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
)

func newLint(s streams) *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Lint files and directories (default: the working directory)",
		Long: `Lint files and directories. A directory is walked for .yaml, .yml and .json files and for the
files of nodes that kslint knows: etcd.env, systemd units, backup scripts, kubeconfigs,
certificates. - reads standard input. Files of one cluster are judged together: those below
a folder that holds a KubeKey configuration.

Exit status: 0 nothing at or above --fail-on; 1 findings at or above it; 2 the run itself
failed: a flag or a configuration is wrong, a path or a file cannot be read.`,
		Example: `  kslint lint config-sample.yaml
  kslint lint clusters/ --fail-on warning
  kslint lint . -o json=report.json -o text
  kubectl -n kubesphere-system get deploy -o yaml | kslint lint -`,
		RunE: func(c *cobra.Command, paths []string) error { return f.run(c.Context(), s, paths) },
	}
	f.declare(c.Flags())
	return c
}

// run is the whole flow: Read, Decode, Classify, Check, Waive, Write.
func (f *lintFlags) run(ctx context.Context, s streams, paths []string) error {
	o, err := f.resolve(s, paths)
	if err != nil {
		return err
	}
	index, err := o.policies()
	if err != nil {
		return err
	}
	bar := newProgress(s, f.noProgress)
	defer bar.stop()

	o.divide()
	reading := lint.Read(o.input) // Read
	collect(reading, s.Env)
	files := lint.Open(reading, document.Decode) // Decode, Classify
	if err := o.configure(files, index); err != nil {
		return err
	}
	rules, err := index.For(lint.Documents(files), o.choice.Named)
	if err != nil {
		return err
	}
	files = o.withContext(files, rules)
	sets := o.sets(files)
	lint.FindVersions(sets, o.versions)
	engine, err := index.Compile(o.wanted(rules, files), parts(files))
	if err != nil {
		return err
	}
	report := engine.Check(ctx, sets, policy.Question{Choice: o.choice, Now: o.now, Done: bar.done}) // Check
	bar.stop()
	lint.Waive(report, files, o.now) // Waive
	report.Finish(files)
	if err := o.baseline.apply(report, files); err != nil { // Waive
		return err
	}
	return o.write(s, report) // Write
}

// collect makes the collector of garbage work more often where there is much to read. A short run is over before it would pay.
func collect(r *lint.Reading, env func(string) string) {
	size := 0
	for _, source := range r.Sources {
		size += len(source.Data)
	}
	if env("GOGC") != "" {
		return
	}
	if size > 1<<20 {
		debug.SetGCPercent(150)
	}
	if size > 8<<20 {
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

// parts is how many programs the rules are compiled to, side by side: what a run of few documents waits for is the compiler.
func parts(files []*lint.File) int {
	if len(lint.Documents(files)) > 100 {
		return 1
	}
	return min(2, runtime.GOMAXPROCS(0))
}

// now is --now, or the clock's word when the run began.
func (f *lintFlags) instant() (time.Time, error) {
	if f.now == "" {
		return time.Now(), nil
	}
	return parseInstant(f.now)
}
