package output

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func saved(t *testing.T, r *lint.Report, o Options) (*Saved, string) {
	t.Helper()
	text := written(t, jsonFormat{}, r, o)
	s, err := ReadSaved("a.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s, text
}

// TestMerge_oneIsItself: nothing of a report is lost on the way, whatever its texts are.
func TestMerge_oneIsItself(t *testing.T) {
	for name, r := range map[string]*lint.Report{"sample": sample(), "hostile": hostileReport(), "empty": {}} {
		for _, lang := range lint.Langs() {
			s, text := saved(t, r, Options{Lang: lang, Tool: "v0.1.0"})
			merged, err := Merge([]*Saved{s})
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, merged.Writer(jsonFormat{}), merged.Report(nil), Options{}); got != text {
				t.Errorf("%s:\n%s\nbecomes\n%s", name, text, got)
			}
		}
	}
}

// TestMerge_keepsWhatOneReportSaysTwice: only what several reports say counts once.
func TestMerge_keepsWhatOneReportSaysTwice(t *testing.T) {
	failure := lint.Failure{File: "a.yaml", Reason: "it fails"}
	a, _ := saved(t, &lint.Report{Failures: []lint.Failure{failure, failure}}, Options{})
	b, _ := saved(t, &lint.Report{Failures: []lint.Failure{failure}}, Options{})
	merged, err := Merge([]*Saved{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if r := merged.Report(nil); len(r.Failures) != 2 || merged.report.Summary.Failures != 2 {
		t.Errorf("%+v", r.Failures)
	}
}

func TestSaved_reportKnowsRules(t *testing.T) {
	s, _ := saved(t, sample(), Options{})
	r := s.Report(map[string]*lint.Rule{"etcd-even-members": etcd})
	if len(r.Findings) != 3 || r.Waived() != 1 || r.Count(lint.Error) != 1 || r.Files != 3 || r.Documents != 5 {
		t.Errorf("%+v", r)
	}
	for _, f := range r.Findings {
		if known := f.Rule == etcd; known != (f.Rule.ID == "etcd-even-members") {
			t.Errorf("%s: known is %v", f.Rule.ID, known)
		}
		if f.Words(lint.Chinese).Message == "" {
			t.Errorf("%s says nothing", f.Rule.ID)
		}
	}
}

func TestReadSaved_refuses(t *testing.T) {
	_, text := saved(t, sample(), Options{Tool: "v0.1.0"})
	for name, change := range map[string][2]string{
		"a path":        {`"path": "spec.roleGroups.etcd"`, `"path": "spec..etcd"`},
		"a tool":        {`"name": "kslint"`, `"name": "other"`},
		"a type":        {`"line": 8`, `"line": "8"`},
		"a fingerprint": {`"fingerprint": "sha256:0123"`, `"fingerprint": ""`},
		"its end":       {`"failures": [`, `"failures": `},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		if changed == text {
			t.Fatalf("%s: the report has no %s", name, change[0])
		}
		if _, err := ReadSaved("b.json", []byte(changed)); err == nil || !strings.HasPrefix(err.Error(), "b.json:") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
