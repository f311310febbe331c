package verdict_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

const (
	// asLong is what the handler gives a review.
	asLong = time.Second
	// mostHeap is what one review may make the heap grow by: of the 256 MiB of a container, two large ones are judged at a time on four
	// processors.
	mostHeap = 160 << 20
	// etcdTakes is how large an object can be at most.
	etcdTakes = 1500 << 10
)

// everyRuleOn judges by all rules, those that are off by default among them.
func everyRuleOn(t testing.TB) *verdict.Reviewer {
	t.Helper()
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte("rules: {'*': on}\n"+enforce))
	if err != nil {
		t.Fatal(err)
	}
	return reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, known{}, verdict.Options{})
}

// T17 (CVE-2026-23881, CVE-2022-33082): an object that is made to be dear ends at the deadline and takes no more memory than there is.
func TestReview_T17_hostileObjects(t *testing.T) {
	many := func(n int, each string) string { return strings.TrimSuffix(strings.Repeat(each+",", n), ",") }
	numbered := func(n int, format string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(all, ",")
	}
	workload := func(spec string) string {
		return `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"b"},"spec":{"template":{"spec":{` + spec + `}}}}`
	}
	for name, text := range map[string]string{
		"containers that are alike":      workload(`"containers":[` + many(100_000, `{"name":"c"}`) + `]`),
		"containers that are not":        workload(`"containers":[` + numbered(50_000, `{"name":"c%d","image":"i"}`) + `]`),
		"probes":                         workload(`"containers":[` + numbered(1_000, `{"name":"c%d","livenessProbe":{"httpGet":{"path":"/","port":"p"}},"ports":[{"name":"p","containerPort":1}]}`) + `]`),
		"ports of one container":         workload(`"containers":[{"name":"c","livenessProbe":{"httpGet":{"port":"p"}},"ports":[` + numbered(30_000, `{"name":"p%d","containerPort":1}`) + `]}]`),
		"environment":                    workload(`"containers":[{"name":"c","env":[` + numbered(40_000, `{"name":"E%d","value":"v"}`) + `]}]`),
		"a name that a regex walks":      workload(`"containers":[{"name":"` + strings.Repeat("a-", 700_000) + `!","image":"` + strings.Repeat("a/", 10_000) + `"}]`),
		"a quantity without end":         workload(`"containers":[{"name":"c","resources":{"limits":{"memory":"` + strings.Repeat("9", 1_400_000) + `"}}}]`),
		"an exponent":                    workload(`"containers":[{"name":"c","resources":{"limits":{"memory":"1e999999999"},"requests":{"memory":1e999999999}}}]`),
		"resources that nobody has":      workload(`"containers":[{"name":"c","resources":{"limits":{` + numbered(60_000, `"r%d":"1"`) + `}}}]`),
		"depth":                          workload(`"x":` + strings.Repeat(`[`, 5_000) + strings.Repeat(`]`, 5_000)),
		"YAML in a string, with aliases": `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kubesphere-config","namespace":"kubesphere-system"},"data":{"kubesphere.yaml":"a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d]\n"}}`,
		"YAML in a string, long":         `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kubesphere-config","namespace":"kubesphere-system"},"data":{"kubesphere.yaml":"` + strings.Repeat(`a: b\n---\n`, 150_000) + `"}}`,
		"components of KubeSphere":       `{"apiVersion":"installer.kubesphere.io/v1alpha1","kind":"ClusterConfiguration","metadata":{"name":"ks-installer","namespace":"kubesphere-system"},"spec":{` + numbered(40_000, `"c%d":{"enabled":"yes"}`) + `}}`,
		"certificates that are none":     `{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"a","namespace":"b"},"data":{` + numbered(20_000, `"c%d":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"`) + `}}`,
		"webhooks":                       `{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"a"},"webhooks":[` + numbered(2_000, `{"name":"w%d","clientConfig":{"caBundle":"eA==","service":{"name":"s","namespace":"n"}}}`) + `]}`,
	} {
		t.Run(name, func(t *testing.T) { bounded(t, everyRuleOn(t), text) })
	}
}

// TestReview_T17_whatIsTooMuchIsSaid: the limits are where they are said to be, and what is beyond them is no way around the rules.
func TestReview_T17_whatIsTooMuchIsSaid(t *testing.T) {
	all := func(n int) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = container(fmt.Sprintf("c%d", i), "x:1")
		}
		return list
	}
	documents := func(n int) object {
		return object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "kubesphere-config", "namespace": "kubesphere-system"}, "data": map[string]any{
			"kubesphere.yaml": "authentication: {jwtSecret: abcdefgh}\n" + strings.Repeat("---\n{}\n", n),
			"ca.crt":          strings.Repeat("-----BEGIN CERTIFICATE-----\n", 2000),
		}}
	}
	for _, test := range []struct {
		name   string
		object object
		within bool
	}{
		{"1000 containers", good.with(inTemplate, all(1000)), true},
		{"1001 containers", good.with(inTemplate, all(1001)), false},
		{"1001 of all sorts", good.with(inTemplate, all(1000)).with("spec.template.spec.initContainers", all(1)), false},
		{"no list of containers", good.with(inTemplate, "x"), true},
		{"some documents and many certificates", documents(500), true},
		{"2000 documents", documents(2000), false},
	} {
		a := asked(t, reviewer(t, enforce, nil), creation(test.object))
		if again := asked(t, reviewer(t, enforce, nil), change(test.object, test.object.with("spec.replicas", 2))); !test.within && again.Allowed {
			t.Errorf("%s: is tolerated because it was there", test.name)
		}
		said := strings.Contains(a.Message, "more containers or YAML documents than kslint looks at (1000)")
		if said == test.within {
			t.Errorf("%s: got %v %.200q", test.name, a.Allowed, a.Message)
		}
	}
}

// TestReview_T17_longStrings puts long strings into the place of every string of every bad example: what rules hold against regular
// expressions.
func TestReview_T17_longStrings(t *testing.T) {
	r := everyRuleOn(t)
	_, all := everyRule()
	asked, seen := map[string]bool{}, map[string]bool{}
	for _, rule := range all {
		asked[rule.ID] = judgesObjects(rule)
	}
	for _, c := range cases(t) {
		if !asked[c.rule] || !strings.Contains(c.name, "/bad") || seen[c.rule] {
			continue
		}
		seen[c.rule] = true
		var root any
		if err := json.Unmarshal(c.json, &root); err != nil {
			t.Fatal(err)
		}
		kept := []string{"apiVersion", "kind", "metadata"}
		n := 0
		replaceStrings(root, kept, func(string) string { n++; return "" })
		long := strings.Repeat("a-1.", etcdTakes/(4*max(n, 1))) + "!"
		if err := json.Unmarshal(c.json, &root); err != nil {
			t.Fatal(err)
		}
		replaceStrings(root, kept, func(string) string { return long })
		text, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.rule, func(t *testing.T) { bounded(t, r, string(text)) })
	}
	if len(seen) < 30 {
		t.Errorf("%d rules prove little", len(seen))
	}
}

// replaceStrings replaces the strings of an object, but for those below some of its keys.
func replaceStrings(v any, kept []string, with func(string) string) {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			if slices.Contains(kept, k) {
				continue
			}
			if s, ok := child.(string); ok {
				v[k] = with(s)
			}
			replaceStrings(child, nil, with)
		}
	case []any:
		for i, child := range v {
			if s, ok := child.(string); ok {
				v[i] = with(s)
			}
			replaceStrings(child, nil, with)
		}
	}
}

// bounded reviews an object as the handler does, and holds that it ends, is answered within the limits, and what the heap grows by.
func bounded(t *testing.T, r *verdict.Reviewer, text string) {
	t.Helper()
	if len(text) > 4<<20 {
		t.Fatalf("%d bytes", len(text))
	}
	var o struct {
		APIVersion, Kind string
		Metadata         struct{ Name, Namespace string }
	}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	group, version, ok := strings.Cut(o.APIVersion, "/")
	if !ok {
		group, version = "", o.APIVersion
	}
	q := &admission.Request{
		UID: "u", Operation: "CREATE", Entry: "workloads", Kind: admission.GroupVersionKind{Group: group, Version: version, Kind: o.Kind},
		Namespace: o.Metadata.Namespace, Name: o.Metadata.Name, Object: []byte(text),
	}
	ctx, cancel := context.WithTimeout(context.Background(), asLong)
	defer cancel()
	var a admission.Answer
	grown := heapOf(func() { a = r.Review(ctx, q) })
	if grown > mostHeap {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	if len(a.Message) > admission.MaxMessage || len(a.Warnings) > admission.MaxWarnings {
		t.Errorf("%d bytes, %d warnings", len(a.Message), len(a.Warnings))
	}
	t.Logf("%.0f MiB, allowed %v: %.300s %.300q", float64(grown)/(1<<20), a.Allowed, a.Message, a.Warnings)
}

// heapOf gives by how much the heap grew at most while something was done.
func heapOf(do func()) (grown uint64) {
	heap := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := heap()
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				if now := heap(); now > before {
					grown = max(grown, now-before)
				}
			}
		}
	})
	do()
	close(done)
	watching.Wait()
	return grown
}
