package output

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestTally(t *testing.T) {
	found := func(files, documents int, severities ...lint.Severity) *lint.Report {
		r := &lint.Report{Files: files, Documents: documents}
		for _, s := range severities {
			r.Findings = append(r.Findings, lint.Finding{Rule: plain, Severity: s})
		}
		return r
	}
	waived := found(1, 1, lint.Error)
	waived.Findings[0].Waived = "so be it"
	failed := found(2, 2)
	failed.Failures = make([]lint.Failure, 1)
	missing := found(0, 0)
	missing.Failures = make([]lint.Failure, 2)
	mixed := sample()
	for _, test := range []struct {
		r      *lint.Report
		en, zh string
	}{
		{found(3, 9), "no problems found in 3 files", "已检查 3 个文件，未发现问题"},
		{found(1, 1), "no problems found in 1 file", "已检查 1 个文件，未发现问题"},
		{found(0, 0), "no files to check", "没有可检查的文件"},
		{found(1, 1, lint.Error), "1 error in 1 file (1 document)", "共 1 个错误（1 个文件、1 个文档）"},
		{found(2, 3, lint.Info, lint.Warning, lint.Info), "1 warning, 2 infos in 2 files (3 documents)", "共 1 个警告、2 个提示（2 个文件、3 个文档）"},
		{waived, "no problems found in 1 file, 1 suppressed", "已检查 1 个文件，未发现问题，另有 1 个已豁免"},
		{failed, "no findings in 2 files, 1 failure", "已检查 2 个文件，没有告警，1 处未能检查"},
		{missing, "no files to check, 2 failures", "没有可检查的文件，2 处未能检查"},
		{mixed, "1 error, 1 warning, 1 info in 3 files (5 documents), 1 suppressed, 2 failures", "共 1 个错误、1 个警告、1 个提示（3 个文件、5 个文档），另有 1 个已豁免，2 处未能检查"},
	} {
		if got := englishTally(test.r); got != test.en {
			t.Errorf("got %q, want %q", got, test.en)
		}
		if got := chineseTally(test.r); got != test.zh {
			t.Errorf("got %q, want %q", got, test.zh)
		}
	}
}
