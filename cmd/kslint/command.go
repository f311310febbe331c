package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kslint/kslint/lint"
)

// Exit statuses; other people's scripts depend on them.
const (
	exitClean    = 0 // nothing at or above --fail-on
	exitFindings = 1 // findings at or above it
	exitFailed   = 2 // the run itself failed: a flag, a configuration, a path, a file, a policy
)

// streams are what the command talks through.
type streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	Env func(string) string
}

// status is an error that carries nothing but the exit status: everything has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run is the whole command: arguments and streams in, exit status out.
func run(args []string, s streams) int {
	root := newRoot(s)
	if err := mistyped(args, root); err != nil {
		fmt.Fprintf(s.Err, "kslint: %s\n", err)
		return exitFailed
	}
	root.SetArgs(withDefault(args, root))
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.Execute()
	var code status
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(s.Err, "kslint: %s\n", strings.TrimRight(err.Error(), "\n"))
	return exitFailed
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "kslint [command]",
		Short: "Lint KubeKey, ks-installer and KubeSphere configuration",
		Long: `kslint reads KubeKey configurations, ks-installer's ClusterConfiguration, KubeSphere's
own configuration and workloads, and says what will break before it breaks.

  kslint lint config-sample.yaml     one file
  kslint lint clusters/              everything below a directory
  kubectl get deploy -A -o yaml | kslint lint -

kslint PATH... is short for kslint lint PATH...`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: false},
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newLint(s), newCerts(s), newRules(s), newExplain(s), newReport(s), newTest(s), newVersion(s))
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.SetHelpTemplate(root.HelpTemplate())
	return root
}

// withDefault makes "kslint PATH..." and "kslint -o json PATH..." mean lint.
func withDefault(args []string, root *cobra.Command) []string {
	if len(args) == 0 {
		return args
	}
	first := args[0]
	if slices.Contains([]string{"-h", "--help", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, first) {
		return args
	}
	if first == "--version" {
		return append([]string{"version"}, args[1:]...)
	}
	for _, c := range root.Commands() {
		if c.Name() == first || c.HasAlias(first) {
			return args
		}
	}
	return append([]string{"lint"}, args...)
}

// mistyped says which command was meant by a word that is neither a command nor a file.
func mistyped(args []string, root *cobra.Command) error {
	if len(args) == 0 || strings.ContainsAny(args[0], "./-") || args[0] == "" || strings.HasPrefix(args[0], "__") {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	//nolint:gosec // a user may name any file
	if _, err := os.Stat(args[0]); err == nil || slices.Contains(names, args[0]) {
		return nil
	}
	if near := lint.Nearest(args[0], names); near != "" {
		return fmt.Errorf("%q is neither a command nor a file, did you mean kslint %s?", args[0], near)
	}
	return nil
}

var unknownFlag = regexp.MustCompile(`^unknown (?:flag: --(\S+)|shorthand flag: .*)$`)

// flagError says which flag was meant.
func flagError(c *cobra.Command, err error) error {
	m := unknownFlag.FindStringSubmatch(err.Error())
	if m == nil || m[1] == "" {
		return fmt.Errorf("%w (kslint %s --help lists the flags)", err, c.Name())
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := lint.Nearest(m[1], names); near != "" {
		return fmt.Errorf("unknown flag --%s, did you mean --%s?", m[1], near)
	}
	return fmt.Errorf("unknown flag --%s (kslint %s --help lists the flags)", m[1], c.Name())
}
