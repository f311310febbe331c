package output

import (
	"fmt"
	"strings"

	"github.com/kslint/kslint/lint"
)

// vocabulary holds our own words in one language; the colons belong to it.
type vocabulary struct {
	severities        map[lint.Severity]string
	fix, failed, note string
	semicolon         string
	tally             func(*lint.Report) string
}

var vocabularies = map[lint.Lang]vocabulary{
	lint.English: {
		severities: map[lint.Severity]string{lint.Error: "error: ", lint.Warning: "warning: ", lint.Info: "info: "},
		fix:        "fix: ", failed: "failed: ", note: "note: ", semicolon: "; ",
		tally: englishTally,
	},
	lint.Chinese: {
		severities: map[lint.Severity]string{lint.Error: "错误：", lint.Warning: "警告：", lint.Info: "提示："},
		fix:        "修复：", failed: "检查失败：", note: "说明：", semicolon: "；",
		tally: chineseTally,
	},
}

func (o Options) vocabulary() vocabulary {
	if v, ok := vocabularies[o.Lang]; ok {
		return v
	}
	return vocabularies[lint.English]
}

// englishTally is the last line: "2 errors, 1 warning in 3 files (5 documents), 1 suppressed, 1 failure".
func englishTally(r *lint.Report) string {
	found := counts(r, ", ", func(n int, s lint.Severity) string { return Plural(n, s.String()) })
	files := Plural(r.Files, "file")
	line := ""
	switch {
	case found != "":
		line = fmt.Sprintf("%s in %s (%s)", found, files, Plural(r.Documents, "document"))
	case r.Files == 0:
		line = "no files to check"
	case len(r.Failures) > 0:
		line = "no findings in " + files
	default:
		line = "no problems found in " + files
	}
	if n := r.Waived(); n > 0 {
		line += fmt.Sprintf(", %d suppressed", n)
	}
	if n := len(r.Failures); n > 0 {
		line += ", " + Plural(n, "failure")
	}
	return line
}

// Plural is a number with its English noun: 1 file, 2 files.
func Plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

var chineseSeverities = map[lint.Severity]string{lint.Error: "错误", lint.Warning: "警告", lint.Info: "提示"}

// chineseTally is the last line: 共 2 个错误、1 个警告（3 个文件、5 个文档），另有 1 个已豁免，1 处未能检查.
func chineseTally(r *lint.Report) string {
	found := counts(r, "、", func(n int, s lint.Severity) string { return fmt.Sprintf("%d 个%s", n, chineseSeverities[s]) })
	line := ""
	switch {
	case found != "":
		line = fmt.Sprintf("共 %s（%d 个文件、%d 个文档）", found, r.Files, r.Documents)
	case r.Files == 0:
		line = "没有可检查的文件"
	case len(r.Failures) > 0:
		line = fmt.Sprintf("已检查 %d 个文件，没有告警", r.Files)
	default:
		line = fmt.Sprintf("已检查 %d 个文件，未发现问题", r.Files)
	}
	if n := r.Waived(); n > 0 {
		line += fmt.Sprintf("，另有 %d 个已豁免", n)
	}
	if n := len(r.Failures); n > 0 {
		line += fmt.Sprintf("，%d 处未能检查", n)
	}
	return line
}

// counts joins the numbers of findings, the gravest first.
func counts(r *lint.Report, comma string, word func(int, lint.Severity) string) string {
	var parts []string
	for _, s := range []lint.Severity{lint.Error, lint.Warning, lint.Info} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, word(n, s))
		}
	}
	return strings.Join(parts, comma)
}
