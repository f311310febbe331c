package lint_test

import (
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// TestWaive_everyFile holds that an ignore of one file that waives nothing leaves those of later files in force.
func TestWaive_everyFile(t *testing.T) {
	all := files(map[string]string{
		"a.yaml": "a: 1 # kslint:ignore some-rule -- an old sin\n",
		"b.yaml": "a: 1 # kslint:ignore some-rule -- accepted\n",
		"c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {kslint.io/ignore: some-rule -- accepted too}}\n",
	})
	rule := &lint.Rule{ID: "some-rule"}
	report := &lint.Report{
		Findings: []lint.Finding{
			{Rule: rule, Severity: lint.Error, File: "b.yaml", Range: lint.Range{Line: 1, Column: 1}},
			{Rule: rule, Severity: lint.Error, File: "c.yaml", Range: lint.Range{Line: 2, Column: 1}, Object: all[2].Documents[0].Object},
		},
	}
	for _, f := range all {
		report.Asked(f.Name, rule.ID)
	}
	lint.Waive(report, all, time.Unix(0, 0))
	if report.Count(lint.Error) != 0 || report.Waived() != 2 || report.Count(lint.Info) != 1 {
		t.Errorf("got %+v", report.Findings)
	}
}
