package output

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// described is the sample, with rules as policies describe them.
func described() *lint.Report {
	r := sample()
	known := func(rule *lint.Rule, area string) *lint.Rule {
		full := *rule
		full.Area, full.Severity, full.Targets = area, lint.Warning, []lint.Target{lint.KubeKeyCluster}
		full.Text = map[lint.Lang]lint.Text{}
		for lang, text := range rule.Text {
			text.Title, text.Description = "A title in "+string(lang), "What it is about,\nin "+string(lang)+"."
			full.Text[lang] = text
		}
		return &full
	}
	rules := map[string]*lint.Rule{"host-duplicate-address": known(host, "topology"), "etcd-even-members": known(etcd, "etcd"), "some-rule": plain}
	for i := range r.Findings {
		r.Findings[i].Rule = rules[r.Findings[i].Rule.ID]
	}
	r.Findings[2].Exempted = true
	return r
}

func TestFormats(t *testing.T) {
	known := func(r *lint.Rule) bool { return r.Area != "" }
	for _, format := range []string{"sarif", "github", "gitlab", "junit", "checkstyle", "html"} {
		for _, lang := range lint.Langs() {
			t.Run(format+"-"+string(lang), func(t *testing.T) {
				golden(t, format+"-"+string(lang), written(t, Formats[format], described(), Options{Lang: lang, Tool: "v0.1.0", Documented: known}))
			})
		}
		t.Run(format+"-empty", func(t *testing.T) { golden(t, format+"-empty", written(t, Formats[format], &lint.Report{}, Options{})) })
	}
}

// hostileText is text that ends what it stands in, in one format or the other.
const hostileText = "a\x1b]0;x\x07\u202eb\u2028\x00\x7f\u009b\ufffe\xff]]>-->\r\n::error::x%0A,c=:\"'<script>alert(1)</script>&amp;{0}[y](http://z)"

func hostileReport() *lint.Report {
	rule := &lint.Rule{ID: "r" + hostileText, Area: hostileText, Targets: []lint.Target{lint.Target(hostileText)}, Text: map[lint.Lang]lint.Text{
		lint.English: {Title: hostileText, Description: hostileText, Messages: map[string]lint.Words{"": {Message: "{text}", Remediation: hostileText}}},
	}}
	at := lint.Range{Line: 1, Column: 1, EndLine: 1, EndColumn: 4}
	f := lint.Finding{
		Rule: rule, Severity: lint.Error, Args: map[string]any{"text": hostileText}, File: "f" + hostileText, Range: at, Path: lint.Path{hostileText},
		Target: lint.Target(hostileText), Object: lint.Resource{APIVersion: hostileText, Kind: hostileText, Namespace: hostileText, Name: hostileText}, Fingerprint: "sha256:1",
	}
	waived := f
	waived.Waived = hostileText
	return &lint.Report{
		Files: 1, Documents: 1, Findings: []lint.Finding{f, waived},
		Failures: []lint.Failure{{File: f.File, Range: at, Rule: rule.ID, Reason: hostileText}},
		Sources:  map[string][]byte{f.File: []byte(hostileText)},
	}
}

func TestFormats_hostileText(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			got := written(t, Formats[name], hostileReport(), Options{Tool: hostileText, Documented: func(*lint.Rule) bool { return true }})
			if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
				t.Errorf("a control character in %q", got[max(0, i-20):i+20])
			}
			switch name {
			case "json", "sarif", "gitlab":
				if !json.Valid([]byte(got)) {
					t.Errorf("no JSON: %s", got)
				}
			case "junit", "checkstyle":
				readXML(t, got)
			case "github":
				if lines := strings.Split(strings.TrimSpace(got), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[0], "::error file=fa") || !strings.HasPrefix(lines[1], "::error file=fa") {
					t.Errorf("expected two commands, found %q", lines)
				}
			case "html":
				if strings.Count(got, "<script") != 0 || strings.Contains(got, "alert(1)<") || strings.Contains(got, "\u202e") {
					t.Error(got)
				}
			}
		})
	}
}

// readXML reads a document to its end, as strictly as encoding/xml can.
func readXML(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
}

func TestGitHub_escapes(t *testing.T) {
	for text, want := range map[string]struct{ data, property string }{
		"100%":      {"100%25", "100%25"},
		"a: b, c":   {"a: b, c", "a%3A b%2C c"},
		"a\r\nb":    {"a%0D%0Ab", "a%0D%0Ab"},
		"%0A::x":    {"%250A::x", "%250A%3A%3Ax"},
		"a\x1b[1mb": {`a\x1b[1mb`, `a\x1b[1mb`},
	} {
		if got := data(text); got != want.data {
			t.Errorf("%q: got %q, want %q", text, got, want.data)
		}
		if got := property(text); got != want.property {
			t.Errorf("%q: got %q, want %q", text, got, want.property)
		}
	}
}

func TestGitHub_columnsOnlyOnOneLine(t *testing.T) {
	for _, test := range []struct {
		at   lint.Range
		want string
	}{
		{lint.Range{}, "file=a"},
		{lint.Range{Line: 3}, "file=a,line=3"},
		{lint.Range{Line: 3, Column: 5}, "file=a,line=3,col=5"},
		{lint.Range{Line: 3, Column: 5, EndLine: 3, EndColumn: 9}, "file=a,line=3,endLine=3,col=5,endColumn=9"},
		{lint.Range{Line: 3, Column: 5, EndLine: 4, EndColumn: 9}, "file=a,line=3,endLine=4"},
	} {
		if got := githubPlace("a", test.at); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestArtifact(t *testing.T) {
	for name, want := range map[string]sarifArtifact{
		"clusters/a/config.yaml": {"clusters/a/config.yaml", sourceRoot},
		"生产/a b.yaml":            {"%E7%94%9F%E4%BA%A7/a%20b.yaml", sourceRoot},
		"a:b/c#d?e%20.yaml":      {"a%3Ab/c%23d%3Fe%2520.yaml", sourceRoot},
		"<stdin>":                {"%3Cstdin%3E", sourceRoot},
		"a\nb\xff":               {"a%0Ab%FF", sourceRoot},
		"/srv/a b.yaml":          {"file:///srv/a%20b.yaml", ""},
		"C:/a:b.yaml":            {"file:///C:/a%3Ab.yaml", ""},
	} {
		if got := artifact(name); got != want {
			t.Errorf("%q: got %+v, want %+v", name, got, want)
		}
	}
}

func TestHTML_hidesSecretsAndLoadsNothing(t *testing.T) {
	r := sample()
	r.Findings[0].Range = lint.Range{Line: 7, Column: 87, EndLine: 7, EndColumn: 99} // the password itself
	got := written(t, htmlFormat{}, r, Options{})
	if strings.Contains(got, "Qcloud") || !strings.Contains(got, secretMark) {
		t.Error(got)
	}
	for _, loads := range []string{"src=", "<link", "@import", "url(", "<script"} {
		if strings.Contains(got, loads) {
			t.Errorf("the page holds %s", loads)
		}
	}
}

func TestExcerpt_marksByColumns(t *testing.T) {
	for _, test := range []struct {
		text string
		at   lint.Range
		want htmlLine
	}{
		{"名称: 主节点, 其他", lint.Range{Line: 1, Column: 5, EndLine: 1, EndColumn: 8}, htmlLine{1, "名称: ", "主节点", ", 其他"}},
		{"n: cafe\u0301 bar", lint.Range{Line: 1, Column: 4, EndLine: 1, EndColumn: 9}, htmlLine{1, "n: ", "cafe\u0301", " bar"}},
		{"a:\tb", lint.Range{Line: 1, Column: 4, EndLine: 1, EndColumn: 5}, htmlLine{1, "a:  ", "b", ""}},
		{"{password: x, a: b}", lint.Range{Line: 1, Column: 18, EndLine: 1, EndColumn: 19}, htmlLine{1, "{password: ***, a: ", "b", "}"}},
		{"a: b", lint.Range{Line: 1}, htmlLine{1, "a: b", "", ""}},
	} {
		got := newPage([]byte(test.text)).excerpt(test.at)
		if len(got) != 1 || got[0] != test.want {
			t.Errorf("%q: got %+v, want %+v", test.text, got, test.want)
		}
	}
}
