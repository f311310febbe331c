package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/output"
	"github.com/kslint/kslint/lint/policy"
)

// options are the flags together with what they name: checked, opened, ready.
type options struct {
	input    lint.Input
	configs  *lint.Configs
	config   *lint.Config // of the working directory, or --config; nil for none
	choice   lint.Choice
	versions lint.Versions
	now      time.Time
	fail     lint.Severity
	targets  []target
	writing  output.Options
	folders  []string
	baseline baseline
	shard    lint.Shard  // the zero value without --shard
	share    *lint.Share // of the shard, nil without one or before the input is divided
}

// resolve checks every flag before anything is read.
func (f *lintFlags) resolve(s streams, paths []string) (*options, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	o := &options{choice: lint.Choice{Only: f.only, Skip: f.skip}}
	if o.now, err = f.instant(); err != nil {
		return nil, err
	}
	if o.baseline, err = f.readBaseline(); err != nil {
		return nil, err
	}
	if err := o.findConfig(f, dir); err != nil {
		return nil, err
	}
	if o.versions, err = f.said(o.config); err != nil {
		return nil, err
	}
	if err := o.resolveWriting(f, s); err != nil {
		return nil, err
	}
	o.folders = slices.Concat(f.policyDirs, configured(o.config))
	if len(paths) == 0 {
		paths = []string{"."}
	}
	o.input = lint.Input{Dir: dir, Paths: paths, Stdin: s.In, StdinName: f.stdinName, Exclude: o.excluded(dir)}
	return o, o.chooseShard(f.shard)
}

// configured are the folders of rules that a configuration names; none where there is none.
func configured(c *lint.Config) (folders []string) {
	if c == nil {
		return nil
	}
	for _, p := range c.Policies {
		folders = append(folders, filepath.Join(filepath.FromSlash(c.Folder), p))
	}
	return folders
}

// resolveWriting checks the flags that say what is written, and when the run fails.
func (o *options) resolveWriting(f *lintFlags, s streams) error {
	lang, err := f.language(o.config, s.Env)
	if err != nil {
		return err
	}
	if o.fail, err = f.failLevel(); err != nil {
		return err
	}
	if o.targets, err = f.targets(); err != nil {
		return err
	}
	color, width, err := screen(s, f.color)
	if err != nil {
		return err
	}
	o.writing = output.Options{
		Lang: lang, Color: color, Width: width, Quiet: f.quiet, Verbose: f.verbose, Tool: version(), Documented: documented,
	}
	return nil
}

// findConfig reads --config, or the configuration of the working directory.
func (o *options) findConfig(f *lintFlags, dir string) error {
	o.configs = &lint.Configs{ReadFile: os.ReadFile}
	switch {
	case f.noConfig && f.config != "":
		return fmt.Errorf("--config and --no-config exclude each other")
	case f.noConfig:
		o.configs.Fixed = &lint.Config{}
		return nil
	case f.config == "":
		var err error
		o.config, err = o.configs.For(filepath.ToSlash(dir))
		return err
	}
	data, err := os.ReadFile(f.config)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	full, err := filepath.Abs(f.config)
	if err != nil {
		return err
	}
	o.config, err = lint.ParseConfig(f.config, filepath.ToSlash(filepath.Dir(full)), data)
	o.configs.Fixed = o.config
	return err
}

func (o *options) excluded(dir string) func(string) bool {
	return func(name string) bool {
		full := name
		if !filepath.IsAbs(name) {
			full = filepath.Join(dir, name)
		}
		full = filepath.ToSlash(full)
		c, err := o.configs.For(filepath.ToSlash(filepath.Dir(full)))
		return err == nil && c.Excludes(full)
	}
}

// configure gives each file its configuration.
func (o *options) configure(files []*lint.File, index *policy.Index) error {
	checked := map[*lint.Config]bool{}
	for _, f := range files {
		dir := filepath.ToSlash(o.input.Dir)
		if f.Absolute != "" {
			dir = filepath.ToSlash(filepath.Dir(f.Absolute))
		}
		c, err := o.configs.For(dir)
		if err != nil {
			return err
		}
		if f.Config = c; c != nil && !checked[c] {
			checked[c] = true
			if err := c.CheckRules(append(index.IDs(), lint.IgnoreUnused)); err != nil {
				return err
			}
			if err := checkParameters(c, index); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkParameters holds parameters against the metadata of the rules that they are set for.
func checkParameters(c *lint.Config, index *policy.Index) error {
	loaded, err := index.Named(c.SetsParameters)
	if err != nil {
		return err
	}
	rules := make([]*lint.Rule, len(loaded))
	for i, r := range loaded {
		rules[i] = r.Rule
	}
	return c.CheckParameters(rules)
}

// wanted are the rules that run on at least one of the files.
func (o *options) wanted(rules []policy.Loaded, files []*lint.File) []policy.Loaded {
	configs := map[*lint.Config]bool{}
	for _, f := range files {
		configs[f.Config] = true
	}
	var wanted []policy.Loaded
	for _, r := range rules {
		for c := range configs {
			if o.choice.Runs(r.Rule, c) {
				wanted = append(wanted, r)
				break
			}
		}
	}
	return wanted
}

// withContext adds the other files of the sets of named files, where a rule at hand looks at whole sets.
func (o *options) withContext(files []*lint.File, rules []policy.Loaded) []*lint.File {
	for _, r := range rules {
		if r.SeesOthers() {
			context := lint.Context(o.input, files)
			return append(files, lint.Open(context, document.Decode)...)
		}
	}
	return files
}
