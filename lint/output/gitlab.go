package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// gitlab is for GitLab's merge requests: a Code Quality report.
type gitlab struct{}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end,omitempty"`
}

var gitlabSeverities = map[lint.Severity]string{lint.Error: "major", lint.Warning: "minor", lint.Info: "info"}

// Write lists the findings that were not accepted, and what could not be read as critical. GitLab wants a line: what has none
// stands in the first.
func (gitlab) Write(w io.Writer, r *lint.Report, o Options) error {
	issues := []gitlabIssue{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waived != "" {
			continue
		}
		issues = append(issues, gitlabIssue{
			o.told(f, o.vocabulary().semicolon), f.Rule.ID, strings.TrimPrefix(f.Fingerprint, "sha256:"), gitlabSeverities[f.Severity], gitlabPlace(f.File, f.Range),
		})
	}
	for _, f := range r.Failures {
		issues = append(issues, gitlabIssue{
			oneLine(f.Reason), "kslint", failureFingerprint(f), "critical", gitlabPlace(f.File, f.Range),
		})
	}
	return encodeJSON(w, issues)
}

func gitlabPlace(file string, at lint.Range) gitlabLocation {
	at = place(at)
	return gitlabLocation{file, gitlabLines{max(1, at.Line), at.EndLine}}
}

// failureFingerprint tells failures apart; a file that is mended and broken again has another one where it broke elsewhere.
func failureFingerprint(f lint.Failure) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d\x00%s\x00%s", f.File, f.Range.Line, f.Range.Column, f.Rule, f.Reason))
	return hex.EncodeToString(sum[:16])
}
