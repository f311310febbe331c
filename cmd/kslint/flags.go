package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/output"
)

// lintFlags are the flags of kslint lint, as they were written.
type lintFlags struct {
	outputs                         []string
	config                          string
	noConfig                        bool
	failOn                          string
	only, skip, policyDirs          []string
	kubesphere, kubernetes, kubekey string
	now, lang, stdinName, color     string
	shard                           string
	baseline, writeBaseline         string
	quiet, verbose, noProgress      bool
}

func (f *lintFlags) declare(flags *pflag.FlagSet) {
	flags.SortFlags = false
	f.declareOutputs(flags)
	flags.StringVarP(&f.config, "config", "c", "", "configuration `FILE` (default: the nearest .kslint.yaml upwards of each file)")
	flags.BoolVar(&f.noConfig, "no-config", false, "ignore every .kslint.yaml")
	f.declareFailOn(flags)
	flags.StringSliceVar(&f.only, "only", nil, "run only these `RULES`: names or globs, separated by commas")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave these `RULES` out: names or globs, separated by commas")
	flags.StringArrayVar(&f.policyDirs, "policies", nil, "folder `DIR` with more rules of your own; may be repeated")
	flags.StringVar(&f.kubesphere, "kubesphere-version", "", "`VERSION` of KubeSphere, where the files do not say it")
	flags.StringVar(&f.kubernetes, "kubernetes-version", "", "`VERSION` of Kubernetes, where the files do not say it")
	flags.StringVar(&f.kubekey, "kubekey-version", "", "`VERSION` of KubeKey (kk version), where the files do not say it")
	flags.StringVar(&f.now, "now", "", "the instant to judge dates at, `TIME` in RFC 3339 (default: now)")
	flags.StringVar(&f.baseline, "baseline", "", "report only what is not in this `FILE` of --write-baseline")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "write what is found now to `FILE`, and accept it")
	flags.StringVar(&f.stdinName, "stdin-filename", "<stdin>", "what standard input is called (`NAME`)")
	flags.StringVar(&f.shard, "shard", "", "lint the share `I/N` of the directories, I from 0 to N-1; kslint report merge puts the JSON reports together")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "also say what was not checked, and why")
	f.declareScreen(flags)
	flags.BoolVar(&f.noProgress, "no-progress", false, "no progress bar")
}

// The flags that lint and report merge have in common.

func (f *lintFlags) declareOutputs(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&f.outputs, "output", "o", []string{"text"}, "`FORMAT[=FILE]`: "+strings.Join(output.Names(), ", ")+"; may be given more than once")
}

func (f *lintFlags) declareFailOn(flags *pflag.FlagSet) {
	flags.StringVar(&f.failOn, "fail-on", "error", "exit with 1 for findings at or above `LEVEL`: error, warning, info, never")
}

func (f *lintFlags) declareScreen(flags *pflag.FlagSet) {
	flags.StringVar(&f.lang, "lang", "", "language of messages: en or zh (default: from LC_ALL, LC_MESSAGES, LANG)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "one line a finding, no counts")
	flags.StringVar(&f.color, "color", "auto", "`WHEN` to colour: auto, always, never (NO_COLOR holds)")
}

// failLevel is the lowest severity that fails the run; one above error for never.
func (f *lintFlags) failLevel() (lint.Severity, error) {
	if f.failOn == "never" {
		return lint.Error + 1, nil
	}
	level, err := lint.ParseSeverity(f.failOn)
	if err != nil {
		return 0, fmt.Errorf("--fail-on %q: expected error, warning, info or never", f.failOn)
	}
	return level, nil
}

func parseInstant(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--now %q: expected a time such as 2027-06-01T00:00:00Z", text)
	}
	return t, nil
}

// said are the versions that flags name, over those of the configuration.
func (f *lintFlags) said(config *lint.Config) (lint.Versions, error) {
	versions := lint.Versions{}
	if config != nil {
		for product, text := range config.Versions {
			versions[product], _ = lint.ParseVersion(text)
		}
	}
	for _, flag := range []struct {
		product lint.Product
		text    string
	}{{lint.KubeSphere, f.kubesphere}, {lint.Kubernetes, f.kubernetes}, {lint.KubeKey, f.kubekey}} {
		if flag.text == "" {
			continue
		}
		v, ok := lint.ParseVersion(flag.text)
		if !ok {
			return nil, fmt.Errorf("--%s-version %q: expected a version such as v3.4.1", flag.product, flag.text)
		}
		versions[flag.product] = v
	}
	return versions, nil
}

// language is --lang, else the configuration's, else what the environment says.
func (f *lintFlags) language(config *lint.Config, env func(string) string) (lint.Lang, error) {
	switch {
	case f.lang == "en", f.lang == "zh":
		return lint.Lang(f.lang), nil
	case f.lang != "":
		return "", fmt.Errorf("--lang %q: expected en or zh", f.lang)
	case config != nil && config.Lang != "":
		return config.Lang, nil
	}
	return languageOf(env), nil
}

func languageOf(env func(string) string) lint.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "zh") {
				return lint.Chinese
			}
			return lint.English
		}
	}
	return lint.English
}

// target is one --output.
type target struct {
	writer output.Writer
	name   string // of the format
	file   string // "" for standard output
}

func (f *lintFlags) targets() ([]target, error) {
	targets := make([]target, 0, len(f.outputs))
	toScreen := ""
	for _, text := range f.outputs {
		name, file, _ := strings.Cut(text, "=")
		w, ok := output.Formats[name]
		if !ok {
			return nil, fmt.Errorf("--output %q: unknown format, expected one of %s", name, strings.Join(output.Names(), ", "))
		}
		if file == "" && toScreen != "" {
			return nil, fmt.Errorf("--output %s and %s both go to standard output; give one of them a file: %s=FILE", toScreen, name, name)
		}
		if file == "" {
			toScreen = name
		} else {
			file = filepath.Clean(file)
		}
		targets = append(targets, target{w, name, file})
	}
	return targets, nil
}
