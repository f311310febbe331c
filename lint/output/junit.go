package output

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// junit is for CI systems that show tests: a suite for each file that something is said of, a test for each finding.
type junit struct{}

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Cases []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
	Skipped *junitOutcome `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Write makes a failure of each finding whatever its severity, an error of what could not be read, and a skipped test of what was
// accepted. A passed test stands for the run itself: CI systems take a report without tests for a mistake.
func (junit) Write(w io.Writer, r *lint.Report, o Options) error {
	out := junitReport{Name: "kslint"}
	run := junitSuite{Name: "kslint"}
	run.add(junitCase{Name: "run", Class: "kslint", Out: o.vocabulary().tally(r)})
	out.add(run)
	for _, g := range byFile(r) {
		out.add(g.suite(o))
	}
	return encodeXML(w, out)
}

func (r *junitReport) add(s junitSuite) {
	r.Suites = append(r.Suites, s)
	r.Tests += s.Tests
	r.Failures += s.Failures
	r.Errors += s.Errors
	r.Skipped += s.Skipped
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func (g *group) suite(o Options) junitSuite {
	s := junitSuite{Name: visible(g.file)}
	used := map[string]int{}
	// name is the same in every run for the same finding, and no other's in the suite.
	name := func(text string) string {
		if used[text]++; used[text] > 1 {
			text = fmt.Sprintf("%s (%d)", text, used[text])
		}
		return text
	}
	for _, f := range g.findings {
		title := strings.TrimSpace(f.Rule.ID + " " + f.Path.String())
		c := junitCase{Name: name(visible(title)), Class: visible(g.file), File: g.file, Line: place(f.Range).Line}
		message := oneLine(f.Words(o.Lang).Message)
		if f.Waived != "" {
			c.Skipped = &junitOutcome{Message: oneLine(f.Waived)}
		} else {
			c.Failure = &junitOutcome{message, f.Severity.String(), o.plainly(f)}
		}
		s.add(c)
	}
	for _, f := range g.failures {
		reason := oneLine(f.Reason)
		s.add(junitCase{
			Name: name(visible(cmp.Or(f.Rule, "read"))), Class: visible(g.file), File: g.file, Line: place(f.Range).Line,
			Error: &junitOutcome{reason, "failure", position(visible(g.file), place(f.Range)) + reason},
		})
	}
	return s
}

// plainly is a finding as the text format has it, without its frame.
func (o Options) plainly(f *lint.Finding) string {
	where := position(visible(f.File), place(f.Range))
	return where + o.vocabulary().severities[f.Severity] + o.told(f, "\n") + "\n"
}
