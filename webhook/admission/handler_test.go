package admission

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// reviewer is a Reviewer made of a function.
type reviewer func(ctx context.Context, r *Request) Answer

func (f reviewer) Review(ctx context.Context, r *Request) Answer { return f(ctx, r) }

var allow = reviewer(func(context.Context, *Request) Answer { return Answer{Allowed: true} })

// events keeps what an observer is told.
type events struct {
	sync.Mutex
	inFlight int
	all      []Event
}

func (e *events) InFlight(d int)   { e.Lock(); e.inFlight += d; e.Unlock() }
func (e *events) Answered(v Event) { e.Lock(); e.all = append(e.all, v); e.Unlock() }

func quiet(o Options) Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// body is a review as the API server writes it: with its own types, so that the order of the fields is its own too.
func body(t testing.TB, object string, change func(*admissionv1.AdmissionReview)) []byte {
	t.Helper()
	no := false
	review := admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID:      "705ab4f5-6393-11e8-b7cc-42010a800002",
			Kind:     metav1.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"},
			Resource: metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"},
			Name:     "web", Namespace: "shop", Operation: admissionv1.Create, DryRun: &no,
			UserInfo: authenticationv1.UserInfo{Username: "anna", Groups: []string{"dev", "system:authenticated"}},
			Object:   runtime.RawExtension{Raw: []byte(object)},
		},
	}
	if change != nil {
		change(&review)
	}
	data, err := json.Marshal(review)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func post(t testing.TB, h http.Handler, path string, body []byte) *admissionv1.AdmissionResponse {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return response(t, w.Result())
}

// response reads an answer as the API server does: nil for what it would call invalid.
func response(t testing.TB, r *http.Response) *admissionv1.AdmissionResponse {
	t.Helper()
	defer func() { _ = r.Body.Close() }()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var review admissionv1.AdmissionReview
	if r.StatusCode != http.StatusOK || json.Unmarshal(data, &review) != nil || review.Kind != "AdmissionReview" {
		return nil
	}
	if a := review.Response; a == nil || a.UID == "" || a.Patch != nil || a.PatchType != nil {
		t.Fatalf("the API server would not take this answer: %s", data)
	}
	if len(data) > maxResponse {
		t.Errorf("the answer has %d bytes", len(data))
	}
	return review.Response
}

func TestHandler_handsOnTheWholeRequest(t *testing.T) {
	yes := true
	var got Request
	h := NewHandler(reviewer(func(_ context.Context, r *Request) Answer {
		got = *r
		return Answer{Allowed: true, Warnings: []string{"mind the gap"}, Audit: map[string]string{"decision": "warn"}}
	}), quiet(Options{}))
	a := post(t, h, "/validate/workloads?timeout=3s", body(t, `{"kind":"Deployment","spec":{"a":"\u003c\"}{"}}`, func(r *admissionv1.AdmissionReview) {
		r.Request.Operation, r.Request.SubResource, r.Request.DryRun = admissionv1.Update, "scale", &yes
		r.Request.OldObject.Raw = []byte(`{"kind":"Deployment"}`)
	}))
	want := Request{
		UID: "705ab4f5-6393-11e8-b7cc-42010a800002", Kind: GroupVersionKind{"apps", "v1", "Deployment"},
		Resource: GroupVersionResource{"apps", "v1", "deployments"}, SubResource: "scale", Namespace: "shop", Name: "web",
		Operation: "UPDATE", User: "anna", Groups: []string{"dev", "system:authenticated"}, DryRun: true,
		Object: []byte(`{"kind":"Deployment","spec":{"a":"\u003c\"}{"}}`), OldObject: []byte(`{"kind":"Deployment"}`), Entry: "workloads",
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !a.Allowed || a.Warnings[0] != "mind the gap" || a.AuditAnnotations["decision"] != "warn" || a.Result != nil {
		t.Errorf("answer %+v", a)
	}
}

func TestHandler_answersEveryReviewWithAUID(t *testing.T) {
	large := `{"data":"` + strings.Repeat("x", 300<<10) + `"}`
	good := body(t, `{}`, nil)
	for _, c := range []struct {
		name string
		body []byte
		code int32
		says string
	}{
		{"larger than the limit", body(t, large, nil), 413, "larger than kslint looks at (256 KiB)"},
		{"cut off", good[:len(good)-20], 400, "no valid JSON"},
		{"cut off within the first field after the uid", good[:140], 400, "no valid JSON"},
		{"broken in the object", bytes.Replace(good, []byte(`"object":{}`), []byte(`"object":{,}`), 1), 400, "no valid JSON"},
		{"a field of another type", bytes.Replace(good, []byte(`"name":"web"`), []byte(`"name":["web"]`), 1), 400, "request.name is not of its type"},
		{"a kind of another type", bytes.Replace(good, []byte(`"kind":"Deployment"`), []byte(`"kind":7`), 1), 400, "request.kind is not of its type"},
		{"v1beta1", bytes.Replace(good, []byte(`k8s.io/v1"`), []byte(`k8s.io/v1beta1"`), 1), 400, "admissionReviewVersions has to be [v1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := NewHandler(allow, quiet(Options{MaxBody: 256 << 10}))
			for _, entry := range []string{"/workloads", "/pods-audit"} { // closed for Ignore entries too
				a := post(t, h, entry, c.body)
				if a == nil || a.Allowed || a.Result.Code != c.code || !strings.Contains(a.Result.Message, c.says) {
					t.Errorf("%s: %+v", entry, a)
				}
			}
		})
	}
}

func TestHandler_refusesDepthWithoutRecursion(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 1e6) + `1` + strings.Repeat(`}`, 1e6)
	review := bytes.Replace(body(t, `{}`, nil), []byte(`"object":{}`), []byte(`"object":`+deep), 1)
	a := post(t, NewHandler(allow, quiet(Options{})), "/workloads", review)
	if a == nil || a.Allowed || a.Result.Code != 400 {
		t.Errorf("answer %+v", a)
	}
}

func TestHandler_repeatsTheVersionOfTheReview(t *testing.T) {
	review := bytes.Replace(body(t, `{}`, nil), []byte(`k8s.io/v1"`), []byte(`k8s.io/v1beta1"`), 1)
	r := httptest.NewRequest(http.MethodPost, "/workloads", bytes.NewReader(review))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	w := httptest.NewRecorder()
	NewHandler(allow, quiet(Options{})).ServeHTTP(w, r)
	if got := w.Body.String(); !strings.HasPrefix(got, `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","response":{"uid":"705ab4f5`) {
		t.Error(got)
	}
}

func TestHandler_speaksPlainHTTPWhereThereIsNoReview(t *testing.T) {
	good := string(body(t, `{}`, nil))
	for _, c := range []struct {
		name, method, path, contentType, body string
		code                                  int
	}{
		{"GET", http.MethodGet, "/workloads", "application/json", "", 405},
		{"another content type", http.MethodPost, "/workloads", "application/yaml", good, 415},
		{"no content type", http.MethodPost, "/workloads", "", good, 415},
		{"an unknown entry", http.MethodPost, "/other", "application/json", good, 404},
		{"a path that a mux would redirect", http.MethodPost, "//x/../workloads/", "application/json", good, 404},
		{"no body", http.MethodPost, "/workloads", "application/json", "", 400},
		{"no uid", http.MethodPost, "/workloads", "application/json", `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}}`, 400},
		{"a request that is null", http.MethodPost, "/workloads", "application/json", `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}`, 400},
		{"another kind", http.MethodPost, "/workloads", "application/json", strings.Replace(good, "AdmissionReview", "ConversionReview", 1), 400},
		{"another group", http.MethodPost, "/workloads", "application/json", strings.Replace(good, "admission.k8s.io", "example.com", 1), 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.contentType)
			w := httptest.NewRecorder()
			NewHandler(allow, quiet(Options{})).ServeHTTP(w, r)
			if w.Code != c.code || w.Header().Get("Location") != "" {
				t.Errorf("status %d %s", w.Code, w.Body)
			}
		})
	}
}

// T38: failurePolicy does not cover what fails within the webhook, so onError decides.
func TestHandler_answersPanicsAndLatenessUnderOnError(t *testing.T) {
	panics := reviewer(func(_ context.Context, r *Request) Answer { panic("object holds " + string(r.Object)) })
	release := make(chan struct{})
	defer close(release)
	hangs := reviewer(func(context.Context, *Request) Answer { <-release; return Answer{Allowed: true} })
	for _, c := range []struct {
		name     string
		reviewer Reviewer
		reason   string
		code     int32
	}{{"panic", panics, "panic", 500}, {"hang", hangs, "deadline", 504}} {
		for _, on := range []Action{Deny, Warn, Allow} {
			t.Run(c.name+" "+string(on), func(t *testing.T) {
				var log bytes.Buffer
				seen := &events{}
				h := NewHandler(c.reviewer, Options{
					Entry:    func(string) (Entry, bool) { return Entry{OnOverload: Deny, OnError: on}, true },
					Observer: seen, Log: slog.New(slog.NewJSONHandler(&log, nil)), MaxJudge: time.Millisecond,
				})
				a := post(t, h, "/workloads", body(t, `{"secret":"hunter2"}`, nil))
				if a.Allowed != (on != Deny) || (len(a.Warnings) == 1) != (on == Warn) || a.AuditAnnotations["decision"] != "error" || a.AuditAnnotations["reason"] != c.reason {
					t.Errorf("answer %+v", a)
				}
				if on == Deny && a.Result.Code != c.code {
					t.Errorf("code %d", a.Result.Code)
				}
				if e := seen.all[0]; e.Decision != Failed || e.Reason != c.reason || seen.inFlight != 0 {
					t.Errorf("event %+v", e)
				}
				if strings.Contains(log.String(), "hunter2") {
					t.Error("the log holds the object")
				}
			})
		}
	}
}

func TestHandler_givesTheReviewerADeadlineBelowTheTimeout(t *testing.T) {
	for query, most := range map[string]time.Duration{
		"": time.Second, "?timeout=30s": time.Second, "?timeout=3s": time.Second, "?timeout=1s": 500 * time.Millisecond,
		"?timeout=nonsense": time.Second, "?timeout=-1s": time.Second, "?timeout=1ms": 500 * time.Millisecond,
	} {
		var left time.Duration
		h := NewHandler(reviewer(func(ctx context.Context, _ *Request) Answer {
			until, _ := ctx.Deadline()
			left = time.Until(until)
			return Answer{Allowed: true}
		}), quiet(Options{}))
		post(t, h, "/workloads"+query, body(t, `{}`, nil))
		if left > most || left < most-400*time.Millisecond {
			t.Errorf("timeout %q leaves %v, want about %v", query, left, most)
		}
	}
}

func TestHandler_cutsWhatIsAnswered(t *testing.T) { // T37
	many := make([]string, 500)
	for i := range many {
		many[i] = fmt.Sprintf("%03d ", i) + strings.Repeat("警告\n\x1b[31m", 100)
	}
	for name, message := range map[string]string{
		"plain": strings.Repeat("x", 200<<10), "escaped": strings.Repeat(`<"`, 100<<10), "no UTF-8": strings.Repeat("\xff", 100<<10),
		"Chinese": strings.Repeat("拒绝", 100<<10),
	} {
		t.Run(name, func(t *testing.T) {
			audit := map[string]string{"kslint.io/rules": strings.Repeat("r", 5000), "decision": "deny"}
			for i := range 40 {
				audit[fmt.Sprintf("more-%d", i)] = strings.Repeat("v", 500)
			}
			h := NewHandler(reviewer(func(context.Context, *Request) Answer {
				return Answer{Message: message, Warnings: many, Audit: audit}
			}), quiet(Options{}))
			a := post(t, h, "/workloads", body(t, `{}`, nil))
			if n := len(a.Result.Message); n > MaxMessage || n < 1<<9 || a.Result.Code != 403 {
				t.Errorf("message of %d bytes, code %d", n, a.Result.Code)
			}
			if len(a.Warnings) != 11 || a.Warnings[10] != "and 490 more" {
				t.Errorf("%d warnings, the last %q", len(a.Warnings), a.Warnings[len(a.Warnings)-1])
			}
			for _, w := range a.Warnings {
				if len([]rune(w)) > MaxWarningRunes || strings.ContainsAny(w, "\n\x1b") {
					t.Errorf("warning %q", w)
				}
			}
			for key := range a.AuditAnnotations {
				if strings.Contains(key, "/") {
					t.Errorf("the API server would drop the annotation %s", key)
				}
			}
			if a.AuditAnnotations["decision"] != "deny" {
				t.Error("the decision is lost")
			}
		})
	}
}

func TestHandler_answersItsOwnPanics(t *testing.T) {
	seen := &events{}
	h := NewHandler(allow, quiet(Options{Observer: seen}))
	read := io.MultiReader(bytes.NewReader(body(t, `{"data":"`+strings.Repeat("x", headSize)+`"}`, nil)), panicking{})
	r := httptest.NewRequest(http.MethodPost, "/workloads", read)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if a := response(t, w.Result()); a == nil || a.Allowed || a.Result.Code != 500 || seen.inFlight != 0 || seen.all[0].Reason != "panic" {
		t.Errorf("answer %+v, event %+v", a, seen.all)
	}
	if f := h.(*handler).fast; !f.bytes.TryAcquire(32 << 20) {
		t.Error("bytes are held")
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("a fault") }
