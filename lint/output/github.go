package output

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// github is for GitHub Actions: commands that the runner makes annotations of.
type github struct{}

var githubCommands = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "notice"}

// Write writes a command for each finding that was not accepted, and for what could not be read.
func (github) Write(w io.Writer, r *lint.Report, o Options) error {
	out := bufio.NewWriter(w)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waived != "" {
			continue
		}
		fmt.Fprintf(out, "::%s %s,title=%s::%s\n",
			githubCommands[f.Severity], githubPlace(f.File, f.Range), property(f.Rule.ID), data(o.told(f, "\n")))
	}
	for _, f := range r.Failures {
		fmt.Fprintf(out, "::error %s,title=%s::%s\n", githubPlace(f.File, f.Range), property(cmp.Or(f.Rule, "kslint")), data(oneLine(f.Reason)))
	}
	return out.Flush()
}

// githubPlace names file, lines and columns. The runner takes columns only where a finding begins and ends on one line.
func githubPlace(file string, at lint.Range) string {
	at = place(at)
	text := "file=" + property(file)
	if at.Line > 0 {
		text += fmt.Sprintf(",line=%d", at.Line)
	}
	if at.EndLine > 0 {
		text += fmt.Sprintf(",endLine=%d", at.EndLine)
	}
	if at.Column > 0 && (at.EndLine == 0 || at.EndLine == at.Line) {
		text += fmt.Sprintf(",col=%d", at.Column)
		if at.EndColumn > 0 {
			text += fmt.Sprintf(",endColumn=%d", at.EndColumn)
		}
	}
	return text
}

// The runner decodes these, and nothing else, in the text of a command and in its properties.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(text string) string { return visible(dataEscapes.Replace(text)) }

func property(text string) string { return visible(propertyEscapes.Replace(text)) }
