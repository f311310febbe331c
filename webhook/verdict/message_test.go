package verdict_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

func TestReview_denialsNameRulePathMessageAndFix(t *testing.T) {
	a := asked(t, reviewer(t, enforce+"rules: {many: error}", nil), creation(deployment(
		map[string]any{"name": "a", "image": "x:bad", "args": []any{"q"}}, container("b", "y:bad"))))
	want := `bad-image spec.template.spec.containers[0].image: image x:bad is bad (fix: Mend it.)
bad-image spec.template.spec.containers[1].image: image y:bad is bad (fix: Mend it.)
many spec.template.spec.containers[0].args[0]: argument q (fix: Mend it.)`
	if a.Message != want {
		t.Errorf("got\n%s", a.Message)
	}
	a = asked(t, reviewer(t, enforce+"lang: zh", nil), creation(bad))
	if want := "bad-image spec.template.spec.containers[0].image: 中文 image x:bad is bad（修复：修好它）"; a.Message != want {
		t.Errorf("got %s", a.Message)
	}
	a = asked(t, reviewer(t, enforce+"lang: zh", nil), change(bad, bad.with("spec.replicas", 1)))
	if want := "bad-image spec.template.spec.containers[0].image: 原有的违规，予以放行：中文 image x:bad is bad（修复：修好它）"; len(a.Warnings) != 1 || a.Warnings[0] != want {
		t.Errorf("got %q", a.Warnings)
	}
}

// T37 (F10): many findings: the gravest first, the same each time, within the limits, cut between characters.
func TestReview_T37_limits(t *testing.T) {
	var args []any
	for i := range 500 {
		args = append(args, fmt.Sprintf("%03d%s", i, strings.Repeat("界\n\x00\u202e", 100)))
	}
	o := deployment(map[string]any{"name": "a", "image": "x:1", "args": args})
	for _, config := range []string{enforce, "enforcement: {profile: enforce, rules: {many: deny}}", "lang: zh\n" + enforce} {
		a := asked(t, reviewer(t, config, nil), creation(o))
		for range 5 {
			if again := asked(t, reviewer(t, config, nil), creation(o)); again.Message != a.Message || !slices.Equal(again.Warnings, a.Warnings) {
				t.Error("another answer to the same request")
			}
		}
		if len(a.Message) > 8<<10 || len(a.Warnings) > 10 || len(a.Warnings)+len(a.Message) == 0 {
			t.Errorf("%d bytes, %d warnings", len(a.Message), len(a.Warnings))
		}
		for _, w := range append(a.Warnings, strings.Split(a.Message, "\n")...) {
			odd := strings.ContainsFunc(w, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
			if !utf8.ValidString(w) || odd || !strings.HasPrefix(w, "many ") && w != "" && !strings.HasPrefix(w, "and ") {
				t.Errorf("got %q", w)
			}
		}
		for _, w := range a.Warnings {
			if utf8.RuneCountInString(w) > 200 {
				t.Errorf("%d runes: %q", utf8.RuneCountInString(w), w)
			}
		}
		last := a.Message
		if a.Allowed {
			last = a.Warnings[9]
		}
		if !strings.Contains(last, "and 490 more") && !strings.Contains(last, "另有 490 条") && !strings.Contains(last, "\nand 4") {
			t.Errorf("got %q", last)
		}
	}
}

func TestReview_warningsAreRanked(t *testing.T) {
	o := bad.with("metadata.labels", map[string]any{}).with(inTemplate, containers(map[string]any{"name": "a", "image": "x:bad", "args": []any{"q"}}))
	a := asked(t, reviewer(t, "enforcement: {info: warn}", nil), creation(o))
	var rules []string
	for _, w := range a.Warnings {
		rules = append(rules, strings.Fields(w)[0])
	}
	if want := []string{"bad-image", "many", "label"}; !slices.Equal(rules, want) {
		t.Errorf("got %q", a.Warnings)
	}
}

func TestReview_neverTellsASecret(t *testing.T) {
	coded := base64.StdEncoding.EncodeToString([]byte("hunter2"))
	kubeconfig := "apiVersion: v1\nkind: Config\nusers: [{name: a, user: {token: hunter2}}]\n"
	metadata := map[string]any{"name": "a", "namespace": "b", "annotations": map[string]any{
		"kubectl.kubernetes.io/last-applied-configuration": `{"data":{"a":"hunter2"}}`,
	}}
	for name, o := range map[string]object{
		"a Secret": {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": map[string]any{"a": coded}, "stringData": map[string]any{"b": "hunter2"}},
		"YAML in a Secret": {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": map[string]any{
			"kubesphere.yaml": base64.StdEncoding.EncodeToString([]byte("password: hunter2\nbroken: [hunter2")),
		}},
		"a Cluster":    {"apiVersion": "cluster.kubesphere.io/v1alpha1", "kind": "Cluster", "metadata": metadata, "spec": map[string]any{"connection": map[string]any{"token": "hunter2", "kubeconfig": base64.StdEncoding.EncodeToString([]byte(kubeconfig))}}},
		"a kubeconfig": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "kubeconfig-admin", "namespace": "b"}, "data": map[string]any{"config": kubeconfig}},
	} {
		a := asked(t, reviewer(t, enforce, nil), creation(o))
		if a.Allowed {
			t.Errorf("%s: nothing was found", name)
		}
		said := a.Message + fmt.Sprint(a.Warnings, a.Audit)
		if strings.Contains(said, "hunter2") || strings.Contains(said, coded) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// T16 (CVE-2025-47281): where the review itself breaks off, the answer is that of a failed rule.
func TestReview_T16_aPanicIsAnAnswer(t *testing.T) {
	broken := snapshotOf(t, enforce)
	broken.Engine = nil
	observed := snapshotOf(t, "")
	observed.Engine = nil
	for name, test := range map[string]struct {
		current func() *snapshot.Snapshot
		allowed bool
	}{
		"no engine":           {func() *snapshot.Snapshot { return broken }, false},
		"no engine, observed": {func() *snapshot.Snapshot { return observed }, true},
		"no snapshot":         {func() *snapshot.Snapshot { return nil }, false},
	} {
		told := 0
		r := verdict.New(test.current, nil, nil, verdict.Options{RuleFailed: func(string) { told++ }, Log: quiet})
		a := r.Review(context.Background(), creation(good))
		audited := creation(good)
		audited.Entry = "pods-audit"
		if a := r.Review(context.Background(), audited); !a.Allowed {
			t.Errorf("%s: the entry that only audits denied", name)
		}
		if a.Allowed != test.allowed || told != 2 || !strings.Contains(a.Message+strings.Join(a.Warnings, ""), "the review broke off") {
			t.Errorf("%s: got %+v, told %d times", name, a, told)
		}
	}
}

// FuzzReview: whatever an object looks like there is an answer within the limits.
func FuzzReview(f *testing.F) {
	for _, o := range []object{good, bad, pod(container("a", "x:bad"))} {
		f.Add("CREATE", "", o.json(), []byte(nil))
		f.Add("UPDATE", "status", o.json(), good.json())
	}
	f.Add("UPDATE", "resize", []byte(`{"metadata":{"annotations":{"fail":1}}}`), []byte(`{"spec":null}`))
	r := reviewer(f, enforce, nil)
	f.Fuzz(func(t *testing.T, operation, sub string, after, before []byte) {
		q := &admission.Request{
			Operation: operation, SubResource: sub, Object: after, OldObject: before,
			Kind: admission.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"},
		}
		a := asked(t, r, q)
		if len(a.Message) > admission.MaxMessage || len(a.Warnings) > admission.MaxWarnings || !utf8.ValidString(a.Message) {
			t.Errorf("%d bytes, %d warnings", len(a.Message), len(a.Warnings))
		}
	})
}

// T37: the same, as it leaves the handler: an answer that the API server takes, of 16 KiB at most.
func TestReview_T37_500ViolationsFitIntoAnAnswer(t *testing.T) {
	var args []any
	for i := range 500 {
		args = append(args, fmt.Sprintf("%03d<>&%s", i, strings.Repeat("\u2028", 200)))
	}
	o := deployment(map[string]any{"name": "a", "image": "x:1", "args": args})
	q := fmt.Sprintf(`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","kind":{"group":"apps","version":"v1","kind":"Deployment"},
"resource":{"group":"apps","version":"v1","resource":"deployments"},"namespace":"shop","name":"web","operation":"CREATE","object":%s}}`, o.json())
	for config, allowed := range map[string]bool{enforce: true, "enforcement: {profile: enforce, rules: {many: deny}}": false} {
		h := admission.NewHandler(reviewer(t, config, nil), admission.Options{Log: quiet, MaxJudge: time.Minute})
		var first string
		for range 3 {
			r := httptest.NewRequest(http.MethodPost, "/workloads?timeout=30s", strings.NewReader(q))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var said admissionv1.AdmissionReview
			if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Response == nil || said.Response.Allowed != allowed || said.Response.UID != "u" {
				t.Fatalf("%v: %.300s", err, w.Body)
			}
			if w.Body.Len() > 16<<10 {
				t.Errorf("%d bytes", w.Body.Len())
			}
			if first == "" {
				first = w.Body.String()
			}
			if w.Body.String() != first {
				t.Error("another answer to the same request")
			}
		}
	}
}
