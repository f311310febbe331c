package main

import (
	"fmt"
	"io"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/output"
)

// certsFlags are the flags of kslint certs, as they were written.
type certsFlags struct {
	format, failWithin, now, lang, color string
	quiet, verbose                       bool
}

// soon is how long before its end a certificate is spoken of, where --fail-within does not say it.
const soon = 30 * day

const day = 24 * time.Hour

func newCerts(s streams) *cobra.Command {
	var f certsFlags
	c := &cobra.Command{
		Use:   "certs [PATH...]",
		Short: "List certificates, those that end first at the top",
		Long: `List every certificate in files and directories (default: the working directory): in PEM files,
kubeconfigs, Secrets and the caBundles of webhooks, those that end first at the top; - reads
standard input.

Exit status: 0 the list is complete; 1 --fail-within is given, and a certificate has ended or
ends within it; 2 the run itself failed: a flag is wrong, a path or a file cannot be read.`,
		Example: `  kslint certs /etc/kubernetes /etc/ssl/etcd/ssl /var/lib/kubelet/pki
  kslint certs -v hosts/                    also what uses them and who renews them
  kslint certs --fail-within 30d .
  kslint certs -o prometheus=/var/lib/node_exporter/textfile/kslint.prom /etc/kubernetes
  kubectl get secrets -A -o yaml | kslint certs -`,
		RunE: func(_ *cobra.Command, paths []string) error { return f.run(s, paths) },
	}
	f.declare(c.Flags())
	return c
}

func (f *certsFlags) declare(flags *pflag.FlagSet) {
	flags.SortFlags = false
	flags.StringVarP(&f.format, "output", "o", "text", "`FORMAT[=FILE]`: "+strings.Join(output.CertificateFormatNames(), ", "))
	flags.StringVar(&f.failWithin, "fail-within", "", "exit with 1 where a certificate has ended or ends within `DURATION`, such as 30d or 12h")
	flags.StringVar(&f.now, "now", "", "the instant to judge dates at, `TIME` in RFC 3339 (default: now)")
	flags.StringVar(&f.lang, "lang", "", "language: en or zh (default: from LC_ALL, LC_MESSAGES, LANG)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "the lines of certificates only, no headings and counts")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "also what uses each certificate and who renews it, and what was not read")
	flags.StringVar(&f.color, "color", "auto", "`WHEN` to colour: auto, always, never (NO_COLOR holds)")
}

// run is the whole flow: Read, Decode, Classify, list, Write. No rule is asked.
func (f *certsFlags) run(s streams, paths []string) error {
	format, file, toFile := strings.Cut(f.format, "=")
	write, ok := output.CertificateFormats[format]
	if !ok || toFile && file == "" {
		return fmt.Errorf("--output %q: unknown format, expected one of %s, or one of these with a file: json=certs.json", f.format, strings.Join(output.CertificateFormatNames(), ", "))
	}
	within, err := parseDuration(f.failWithin)
	if err != nil {
		return err
	}
	shared := lintFlags{
		failOn: "never", now: f.now, lang: f.lang, color: f.color, stdinName: "<stdin>", quiet: f.quiet, verbose: f.verbose,
	}
	o, err := shared.resolve(s, paths)
	if err != nil {
		return err
	}
	found := &output.Certificates{Now: o.now.UTC().Truncate(time.Second), Soon: soon}
	if f.failWithin != "" {
		found.Soon = within
	}
	diagnosed := listCertificates(found, o.input, s.Env)
	if toFile {
		err = writeFile("--output "+format, file, func(w io.Writer) error {
			plain := o.writing
			plain.Color, plain.Width = false, 0
			return write(w, found, plain)
		})
	} else {
		err = write(s.Out, found, o.writing)
	}
	if err != nil {
		return err
	}
	if err := output.Diagnose(s.Err, diagnosed, o.writing); err != nil {
		return err
	}
	switch {
	case len(found.Failures) > 0:
		return status(exitFailed)
	case f.failWithin != "" && slices.ContainsFunc(found.Rows, func(r certs.Row) bool { return found.EndsWithin(&r, within) }):
		return status(exitFindings)
	}
	return nil
}

// listCertificates fills the list, and gives what could not be read.
func listCertificates(found *output.Certificates, input lint.Input, env func(string) string) *lint.Report {
	reading := lint.Read(input)
	if len(reading.Sources) > 1000 && env("GOGC") == "" {
		debug.SetGCPercent(50) // certificates are small, and all of them are kept
	}
	files := lint.Open(reading, document.Decode)
	sets := lint.Sets(files)
	lint.FindVersions(sets, nil)
	list := certs.Find(sets, found.Now)
	report := &lint.Report{Failures: list.Unreadable}
	for _, d := range lint.Documents(files) {
		report.Unread(d, false)
	}
	report.Sort()
	found.Rows, found.Failures, found.Files = list.Rows, report.Failures, len(files)
	return report
}

var durationText = regexp.MustCompile(`^(?:(\d{1,5})d)?((?:\d+(?:\.\d+)?(?:h|m|s))*)$`)

// parseDuration reads what Go does, and days in front of it: 30d, 12h, 1d12h. Nothing gives nothing.
func parseDuration(text string) (time.Duration, error) {
	if text == "" || text == "0" {
		return 0, nil
	}
	wrong := fmt.Errorf("--fail-within %q: expected a duration such as 30d or 12h", text)
	m := durationText.FindStringSubmatch(text)
	if m == nil {
		return 0, wrong
	}
	days, _ := strconv.Atoi("0" + m[1])
	d := time.Duration(days) * day
	if m[2] == "" {
		return d, nil
	}
	rest, err := time.ParseDuration(m[2])
	if err != nil || d+rest < d {
		return 0, wrong
	}
	return d + rest, nil
}
