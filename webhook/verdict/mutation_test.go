package verdict_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// records are what libraries hand out beside fields of objects, see policies/lib: no field is meant by them.
var records = []string{
	"path", "value", "text", "document", "kind", "name", "amounts", "unread", "patch", "args", "message", "target", "index", "versions",
}

// undistinguished are the fields that a rule names and that no example of it, as an object of the API server, tells apart, each for
// a reason. The list is held to be exact: what a new example covers has to leave it.
var undistinguished = map[string]string{
	"ks-resources-wrong-path requests":      "no example has requests beside a bare cpu or memory",
	"ksconfig-yaml-invalid key":             "of a record",
	"liveness-wrong-target http":            "of a ConfigMap that is no part of a review",
	"liveness-wrong-target server":          "of a ConfigMap that is no part of a review",
	"liveness-wrong-target version":         "of a record",
	"pdb-blocks-drain operator":             "of a budget that is held against a Deployment, which is no part of a review",
	"pdb-blocks-drain values":               "of a budget that is held against a Deployment, which is no part of a review",
	"resource-quantity-suspicious resource": "of a record",
	"resource-request-gt-limit resource":    "of a record",
	"sec-oauth-redirect-wildcard client":    "of a record",
}

// T13 (CVE-2023-33191, CVE-2025-29778): a field that a rule names is a field that it judges by: in some example of the rule the
// finding comes or goes with it. A field that is read and makes no difference is one that an attacker may choose freely.
func TestReview_T13_everyFieldThatARuleNamesMakesADifference(t *testing.T) {
	byRule := map[string][]one{}
	keys := map[string]bool{}
	for _, c := range cases(t) {
		byRule[c.rule] = append(byRule[c.rule], c)
		keysIn(c.json, keys)
	}
	_, all := everyRule()
	fields, left := 0, map[string]string{}
	for _, r := range all {
		if !judgesObjects(r) || len(r.Facts) > 0 { // facts are Go's to judge
			continue
		}
		p := prober{t, r.ID, map[string]*verdict.Reviewer{}}
		for _, field := range fieldsOf(t, r) {
			if !keys[field] {
				continue // of a record that the rule or a library makes
			}
			fields++
			if !slices.ContainsFunc(byRule[r.ID], func(c one) bool { return p.dependsOn(c, field) }) {
				left[r.ID+" "+field] = ""
			}
		}
	}
	if fields < 60 {
		t.Errorf("%d fields prove little", fields)
	}
	for key := range left {
		if undistinguished[key] == "" {
			t.Errorf("%s: no example tells it apart", key)
		}
	}
	for key := range undistinguished {
		if _, ok := left[key]; !ok {
			t.Errorf("%s: an example tells it apart, take it off the list", key)
		}
	}
}

// TestReview_T13_aFindingGoesWithWhatItAccuses: where a finding stands at a value, it goes with the value or, where having none is as
// bad, with the value of a good example.
func TestReview_T13_aFindingGoesWithWhatItAccuses(t *testing.T) {
	_, all := everyRule()
	probers := map[string]*prober{}
	for _, r := range all {
		if judgesObjects(r) {
			probers[r.ID] = &prober{t, r.ID, map[string]*verdict.Reviewer{}}
		}
	}
	examples := cases(t)
	accused := 0
	for _, c := range examples {
		p := probers[c.rule]
		if p == nil || !strings.Contains(c.name, "/bad") {
			continue
		}
		for _, f := range p.findings(c, c.json) {
			changed, ok := mutate(c.json, f.Path, nil)
			if !ok || len(f.Path) == 0 {
				continue // it stands where something is missing
			}
			accused++
			stays := func(raw []byte) bool {
				return slices.ContainsFunc(p.findings(c, raw), func(g lint.Finding) bool { return same(f, g) })
			}
			if stays(changed) && !slices.ContainsFunc(examples, func(good one) bool {
				value, has := valueAt(good.json, first(f.Path))
				if good.rule != c.rule || !strings.Contains(good.name, "/good") || !has {
					return false
				}
				mended, ok := mutate(c.json, f.Path, value)
				return ok && !stays(mended)
			}) {
				t.Errorf("%s: the finding at %s stays when the value goes, and when it is that of a good example", c.name, f.Path)
			}
		}
	}
	if accused < 100 {
		t.Errorf("%d findings prove little", accused)
	}
}

func judgesObjects(r policy.Loaded) bool {
	ours := slices.ContainsFunc(r.Targets, func(t lint.Target) bool { return slices.Contains(inCluster, t) })
	return ours && !slices.Contains(ofText, r.ID) && (r.Scope == lint.OneDocument || slices.Contains(verdict.Alone(), r.ID))
}

// prober asks one rule alone.
type prober struct {
	t         *testing.T
	rule      string
	reviewers map[string]*verdict.Reviewer // by versions
}

func (p *prober) findings(c one, raw []byte) []lint.Finding {
	p.t.Helper()
	key := fmt.Sprint(c.versions)
	if p.reviewers[key] == nil {
		engine, all := everyRule()
		config, err := lint.ParseConfig("c", "/", []byte("rules: {'*': off, "+p.rule+": on}\n"+enforce))
		if err != nil {
			p.t.Fatal(err)
		}
		p.reviewers[key] = reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, known{}, verdict.Options{Versions: c.versions})
	}
	q := c.request()
	q.Object = raw
	return p.reviewers[key].Findings(context.Background(), q)
}

// dependsOn tells whether the rule says something else when a value below a field is another one.
func (p *prober) dependsOn(c one, field string) bool {
	if !bytes.Contains(c.json, []byte(field)) {
		return false
	}
	before := p.findings(c, c.json)
	for _, path := range pathsWith(c.json, field) {
		for _, value := range []any{nil, "kslint-other", "", true, false, 0, 1, 99999, []any{}, map[string]any{}} {
			changed, ok := mutate(c.json, path, value)
			if ok && !slices.EqualFunc(before, p.findings(c, changed), same) {
				return true
			}
		}
	}
	return false
}

func same(a, b lint.Finding) bool {
	return a.Rule.ID == b.Rule.ID && a.Message == b.Message && a.Path.String() == b.Path.String() && fmt.Sprint(a.Args) == fmt.Sprint(b.Args)
}

// fieldsOf lists what the references of a rule name: keys behind variables, and behind the input's document.
func fieldsOf(t *testing.T, r policy.Loaded) []string {
	t.Helper()
	text, err := policies.Files.ReadFile(strings.TrimPrefix(r.File, "policies/"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := ast.ParseModule(r.File, string(text))
	if err != nil {
		t.Fatal(err)
	}
	libraries := map[string]bool{"data": true, "input": true}
	for _, i := range module.Imports {
		libraries[string(i.Name())] = true
	}
	var fields []string
	ask := func(ref ast.Ref) bool {
		steps := ref[1:]
		if document := ast.MustParseRef("input.document.value"); ref.HasPrefix(document) {
			steps = ref[len(document):]
		} else if libraries[strings.Trim(ref[0].String(), `"`)] || ast.BuiltinMap[ref.String()] != nil {
			return false
		}
		for _, step := range steps {
			if s, ok := step.Value.(ast.String); ok && !slices.Contains(records, string(s)) && !slices.Contains(fields, string(s)) {
				fields = append(fields, string(s))
			}
		}
		return false
	}
	for _, rule := range module.Rules {
		ast.WalkRefs(rule, ask)
	}
	return fields
}
