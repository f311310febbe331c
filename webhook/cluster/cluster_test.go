package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	metadatafake "k8s.io/client-go/metadata/fake"

	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/webhook/cluster"
	"github.com/kslint/kslint/webhook/snapshot"
)

var (
	namespaces  = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	limitRanges = schema.GroupVersionResource{Version: "v1", Resource: "limitranges"}
	allServices = schema.GroupVersionResource{Version: "v1", Resource: "services"}
)

func namespace(name string, labels map[string]string) *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels, Annotations: map[string]string{"long": strings.Repeat("x", 1000)}},
	}
}

func names(t testing.TB, all ...runtime.Object) *metadatafake.FakeMetadataClient {
	t.Helper()
	scheme := metadatafake.NewTestScheme()
	if err := metav1.AddMetaToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return metadatafake.NewSimpleMetadataClient(scheme, all...)
}

func object(kind, namespace, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": kind, "spec": spec, "status": map[string]any{"loadBalancer": map[string]any{}},
		"metadata": map[string]any{"namespace": namespace, "name": name, "annotations": map[string]any{"a": "b"}},
	}}
}

func limitRange(namespace string) *unstructured.Unstructured {
	return object("LimitRange", namespace, "defaults", map[string]any{"limits": []any{
		map[string]any{"type": "Container", "default": map[string]any{"memory": "1Gi"}},
	}})
}

func service(namespace, name string) *unstructured.Unstructured {
	return object("Service", namespace, name, map[string]any{
		"selector": map[string]any{"app": "web"}, "clusterIP": "10.0.0.1", "ports": []any{map[string]any{"port": int64(80)}},
	})
}

func objects(all ...runtime.Object) *dynamicfake.FakeDynamicClient {
	return dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{
		limitRanges: "LimitRangeList", allServices: "ServiceList",
	}, all...)
}

// T04: what is not known of a namespace is said to be unknown, and never guessed.
func TestLabels_areThoseOfNamespacesThatWereSeen(t *testing.T) {
	client := names(t, namespace("shop", map[string]string{"tenant": "yes"}), namespace("plain", nil))
	c := cluster.NewWith(client, objects(), cluster.Options{Snapshot: always(under(t, limits)), Log: quiet})
	if _, known := c.Labels("shop"); known {
		t.Error("known before anything was read")
	}
	if _, err := c.NamespacesReady(); err == nil {
		t.Error("ready before the namespaces are known")
	}
	running(t, c)
	soon(t, "the check passes", func() bool { _, err := c.NamespacesReady(); return err == nil })
	for name, want := range map[string]string{"shop": "map[tenant:yes] true", "plain": "map[] true", "other": "map[] false"} {
		labels, known := c.Labels(name)
		if got := fmt.Sprint(labels, known); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for _, kept := range c.Namespaces() {
		if o := kept.(*metav1.PartialObjectMetadata); len(o.Annotations) > 0 || o.Name == "" {
			t.Errorf("kept %+v", o)
		}
	}
	if detail, _ := c.NamespacesReady(); detail != "2 known" {
		t.Error(detail)
	}
	if err := client.Tracker().Update(namespaces, namespace("plain", map[string]string{"tenant": "no"}), ""); err != nil {
		t.Fatal(err)
	}
	soon(t, "a label is changed", func() bool { labels, _ := c.Labels("plain"); return labels["tenant"] == "no" })
	if err := client.Tracker().Delete(namespaces, "", "shop"); err != nil {
		t.Fatal(err)
	}
	soon(t, "a namespace is deleted", func() bool { return !knows(c, "shop")() })
}

// TestAround_isReadOnlyWhileRulesLookAtIt swaps the configuration: copies come and go with what its rules look at.
func TestAround_isReadOnlyWhileRulesLookAtIt(t *testing.T) {
	client := objects(limitRange("shop"), service("shop", "web"), service("other", "web"))
	var current atomic.Pointer[snapshot.Snapshot]
	current.Store(under(t, nothing))
	c := cluster.NewWith(names(t), client, cluster.Options{Snapshot: current.Load, Interval: time.Millisecond, Log: quiet})
	running(t, c)
	soon(t, "namespaces are read", func() bool { detail, _ := c.NamespacesReady(); return detail == "0 known" })
	if len(client.Actions()) > 0 || !ignorant(c, facts.Limits, facts.Services)() {
		t.Errorf("read what no rule looks at: %v", client.Actions())
	}
	if detail, err := c.FactsReady(); err != nil || detail != "limits: no rule asks; services: no rule asks" {
		t.Error(detail, err)
	}

	current.Store(under(t, limits))
	soon(t, "limits are known", ignorant(c, facts.Services))
	beside, _ := c.Around("shop")
	if len(beside) != 1 || fmt.Sprint(beside[0].Value) !=
		`{"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults", "namespace": "shop"}, "spec": {"limits": [{"default": {"memory": "1Gi"}, "type": "Container"}]}}` {
		t.Errorf("%v", beside)
	}
	if beside, _ := c.Around("plain"); len(beside) > 0 {
		t.Errorf("another namespace's: %v", beside)
	}

	current.Store(under(t, services))
	soon(t, "services are known and limits are not", ignorant(c, facts.Limits))
	beside, _ = c.Around("shop")
	if len(beside) != 1 || fmt.Sprint(beside[0].Value) !=
		`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"ports": [{"port": 80}], "selector": {"app": "web"}}}` {
		t.Errorf("%v", beside)
	}
	if detail, err := c.FactsReady(); err != nil || detail != "limits: no rule asks; services: 2 known" {
		t.Error(detail, err)
	}

	current.Store(under(t, limits))
	soon(t, "limits are known again", ignorant(c, facts.Services))
	for _, a := range client.Actions() {
		if a.GetVerb() != "list" && a.GetVerb() != "watch" {
			t.Errorf("%s %s", a.GetVerb(), a.GetResource().Resource)
		}
	}
}

// TestReview_baselineBesideLimitRanges: no workload is accused that a LimitRange fills in, and none while nobody knows.
func TestReview_baselineBesideLimitRanges(t *testing.T) {
	tenant := map[string]string{"tenant": "yes"}
	s := under(t, limits)
	c := cluster.NewWith(names(t, namespace("shop", tenant), namespace("bare", tenant), namespace("plain", nil)),
		objects(limitRange("shop")), cluster.Options{Snapshot: always(s), Log: quiet})
	const said = "workload-memory-limit-missing: deny"
	for _, name := range []string{"shop", "bare", "plain"} {
		if allowed, rules := verdictOf(c, s, create(name)); !allowed || strings.Contains(rules, "limit-missing") {
			t.Errorf("before anything is known: %s: %v %s", name, allowed, rules)
		}
	}
	running(t, c)
	soon(t, "namespaces are known", knows(c, "bare"))
	soon(t, "limits are known", ignorant(c, facts.Services))
	for name, want := range map[string]bool{"shop": true, "bare": false, "plain": true, "unheard-of": false} {
		if allowed, rules := verdictOf(c, s, create(name)); allowed != want || strings.Contains(rules, said) == want {
			t.Errorf("%s: allowed %v: %s", name, allowed, rules)
		}
	}
}

// TestReview_namesNeedNoAPI: a namespace that is named is judged as it should be by a webhook that never reached the API server.
func TestReview_namesNeedNoAPI(t *testing.T) {
	const byName = "enforcement: {profile: enforce, namespaces: [{names: [shop], rules: {workload-liveness-missing: deny}}]}"
	s := under(t, byName)
	c := cluster.NewWith(names(t), objects(), cluster.Options{Snapshot: always(s), Log: quiet}) // it is not run
	for name, want := range map[string]bool{"shop": false, "plain": true} {
		if allowed, rules := verdictOf(c, s, create(name)); allowed != want {
			t.Errorf("%s: allowed %v: %s", name, allowed, rules)
		}
	}
	if detail, err := c.NamespacesReady(); err != nil || detail != "not known yet" {
		t.Errorf("labels that nobody asks for are waited for: %s %v", detail, err)
	}
}

func TestNew_withoutAnAPIServer(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	var log bytes.Buffer
	c, err := cluster.New(cluster.Options{Snapshot: always(under(t, limits)), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	c.Run(context.Background()) // there is nothing to wait for
	if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "no API server") {
		t.Errorf("%d lines: %s", lines, &log)
	}
	if _, known := c.Labels("shop"); known {
		t.Error("known")
	}
	if beside, unknown := c.Around("shop"); len(beside) > 0 || len(unknown) > 0 {
		t.Errorf("an object is judged as a file that holds nothing else: %v %v", beside, unknown)
	}
	for _, check := range []func() (string, error){c.NamespacesReady, c.FactsReady} {
		if detail, err := check(); err != nil || !strings.Contains(detail, "no API server") {
			t.Error(detail, err)
		}
	}
	if _, err := cluster.New(cluster.Options{Kubeconfig: t.TempDir() + "/none"}); err == nil {
		t.Error("a kubeconfig that is not there")
	}
}

// TestAround_isSafeWhileItChanges is for the race detector: documents are shared by all reviews.
func TestAround_isSafeWhileItChanges(t *testing.T) {
	client := objects(limitRange("shop"))
	s := under(t, limits)
	c := cluster.NewWith(names(t, namespace("shop", map[string]string{"tenant": "yes"})), client, cluster.Options{Snapshot: always(s), Log: quiet})
	running(t, c)
	soon(t, "limits are known", ignorant(c, facts.Services))
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 50 {
				if allowed, rules := verdictOf(c, s, create("shop")); !allowed {
					t.Errorf("%s", rules)
				}
			}
		})
	}
	for i := range 50 {
		changed := limitRange("shop")
		changed.SetResourceVersion(fmt.Sprint(i))
		if err := client.Tracker().Update(limitRanges, changed, "shop"); err != nil {
			t.Error(err)
		}
	}
	work.Wait()
}
