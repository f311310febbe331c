package output

import (
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// sarif is SARIF 2.1.0 (OASIS, errata 01), which code scanning services read. What is written of it stands in sariftypes.go.
type sarif struct{}

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

var sarifLevels = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "note"}

// Write writes all findings, those that were accepted as suppressed, and what could not be read as notifications. There are no
// times in it: two runs over the same input write the same.
func (sarif) Write(w io.Writer, r *lint.Report, o Options) error {
	rules := sarifRules{options: o, index: map[string]int{}, all: []sarifRule{}}
	run := sarifRun{
		AutomationDetails: sarifAutomation{ID: "kslint/"},
		Language:          language(o.Lang), ColumnKind: "unicodeCodePoints",
		OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {Description: sarifText{Text: "The working directory."}}},
		Invocations:        []sarifInvocation{{ExecutionSuccessful: len(r.Failures) == 0, Notifications: []sarifNotification{}}},
		Results:            []sarifResult{},
	}
	for i := range r.Findings {
		run.Results = append(run.Results, sarifResultOf(&r.Findings[i], &rules, o))
	}
	for _, f := range r.Failures {
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotificationOf(f))
	}
	run.Tool.Driver = sarifDriver{
		Name: "kslint", Version: o.Tool, InformationURI: Home, Language: language(o.Lang), Rules: rules.all,
	}
	return encodeJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func language(l lint.Lang) string {
	if l == lint.Chinese {
		return "zh-CN"
	}
	return "en"
}

func sarifResultOf(f *lint.Finding, rules *sarifRules, o Options) sarifResult {
	result := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: rules.of(f), Level: sarifLevels[f.Severity],
		Message:      sarifText{Text: sarifString(o.told(f, "\n"))},
		Locations:    []sarifLocation{sarifLocationOf(f.File, f.Range)},
		Fingerprints: map[string]string{"kslint/v1": f.Fingerprint},
	}
	if path := f.Path.String(); path != "" {
		result.Locations[0].Logical = []sarifLogical{{FullyQualifiedName: visible(path)}}
	}
	if f.Waived != "" {
		kind := "inSource"
		if f.Exempted {
			kind = "external"
		}
		result.Suppressions = []sarifSuppression{{kind, oneLine(f.Waived)}}
	}
	return result
}

func sarifNotificationOf(f lint.Failure) sarifNotification {
	n := sarifNotification{Level: "error", Message: sarifText{Text: sarifString(oneLine(f.Reason))}}
	if f.File != "" {
		n.Locations = []sarifLocation{sarifLocationOf(f.File, f.Range)}
	}
	if f.Rule != "" {
		n.Rule = &sarifReference{ID: f.Rule}
	}
	return n
}

// In SARIF's messages braces stand for arguments, and brackets with parentheses behind them for links.
var braces = strings.NewReplacer("{", "{{", "}", "}}")

func sarifString(text string) string { return strings.ReplaceAll(braces.Replace(text), "](", "] (") }
