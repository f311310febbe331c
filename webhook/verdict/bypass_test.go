package verdict_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// FuzzBypass (after Kyverno's FuzzPodBypass, T03, T11, T15): a container that asks for more than its limit is denied however the rest of
// its object looks: another kind or version, among other containers, with other words for the same amount, with metadata of any sort,
// with fields that nobody knows, and with its JSON written in another way.
func FuzzBypass(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte(enforce))
	if err != nil {
		f.Fatal(err)
	}
	r := reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, known{}, verdict.Options{})
	f.Fuzz(func(t *testing.T, seed uint64) {
		q := disguised(rand.New(rand.NewPCG(seed, 1)))
		a := r.Review(context.Background(), q)
		if a.Allowed || !strings.Contains(a.Message, "resource-request-gt-limit") {
			t.Errorf("got %v %q for %s %s %s", a.Allowed, a.Message, q.Operation, q.Resource.Resource+"/"+q.SubResource, q.Object)
		}
	})
}

// Words for more than a gibibyte, and for no more: what is asked for, and its limit.
var (
	asksFor = []any{"2Gi", "2048Mi", "2147483648", 2147483648, "2e9", "2G", "2000000000000m", "1.5Gi", "0.002Ti"}
	limited = []any{"1Gi", "1024Mi", "1073741824", 1073741824, "1e9", "1G", "1000000000000m", "0.5Gi", "1048576Ki"}
)

// disguised is a request that has to be denied.
func disguised(r *rand.Rand) *admission.Request {
	evil := map[string]any{"name": "evil", "image": "x:1", "resources": map[string]any{
		"requests": map[string]any{"memory": pick(r, asksFor)}, "limits": map[string]any{"memory": pick(r, limited)},
	}}
	if r.IntN(2) == 0 {
		evil["unknownField"] = pick(r, []any{nil, 1, "x", []any{}, map[string]any{"limits": nil}})
	}
	field := pick(r, []string{"containers", "initContainers"})
	if field == "initContainers" && r.IntN(2) == 0 {
		evil["restartPolicy"] = "Always"
	}
	list := []any{evil}
	for i := range r.IntN(4) {
		list = slices.Insert(list, r.IntN(len(list)+1), any(container(fmt.Sprintf("c%d", i), "y:1")))
	}
	pod := map[string]any{field: list, "nodeName": "", "tolerations": []any{}}
	if field != "containers" {
		pod["containers"] = containers(container("main", "z:1"))
	}
	kind := pick(r, slices.Sorted(maps.Keys(kindsOfWorkloads)))
	k := kindsOfWorkloads[kind]
	o := object{"apiVersion": k.apiVersion, "kind": kind, "metadata": anyMetadata(r)}.with(k.at, pod)
	q := &admission.Request{
		UID: "u", Entry: "workloads", Operation: "CREATE", Namespace: "shop", Name: "web", Object: written(r, o.json()),
		User: "system:serviceaccount:kube-system:anybody",
	}
	group, version, ok := strings.Cut(k.apiVersion, "/")
	if !ok {
		group, version = "", k.apiVersion
	}
	q.Kind = admission.GroupVersionKind{Group: group, Version: version, Kind: kind}
	q.Resource = admission.GroupVersionResource{Group: group, Version: version, Resource: strings.ToLower(kind) + "s"}
	if r.IntN(3) == 0 {
		q.Operation, q.OldObject = "UPDATE", o.with(k.at, map[string]any{"containers": containers(container("main", "z:1"))}).json()
		if kind == "Pod" {
			q.SubResource = pick(r, []string{"", "resize", "ephemeralcontainers", "what-comes-next"})
		}
	}
	return q
}

var kindsOfWorkloads = map[string]struct{ apiVersion, at string }{
	"Pod": {"v1", "spec"}, "ReplicationController": {"v1", "spec.template.spec"}, "Deployment": {"apps/v1", "spec.template.spec"},
	"StatefulSet": {"apps/v1", "spec.template.spec"}, "DaemonSet": {"apps/v1", "spec.template.spec"}, "ReplicaSet": {"apps/v1", "spec.template.spec"},
	"Job": {"batch/v1", "spec.template.spec"}, "CronJob": {"batch/v1", "spec.jobTemplate.spec.template.spec"},
}

// anyMetadata says things that others might take for an exemption.
func anyMetadata(r *rand.Rand) map[string]any {
	m := map[string]any{"name": "web", "namespace": "shop"}
	for key, value := range map[string]any{
		"labels":            map[string]any{"kslint.io/exempt": "true", "control-plane": "x", "app": "web"},
		"annotations":       map[string]any{lint.IgnoreAnnotation: "'*' -- please", "kslint.io/exempt": "true", "kubernetes.io/config.mirror": "x"},
		"ownerReferences":   []any{map[string]any{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "x", "uid": "y", "controller": true}},
		"finalizers":        []any{"a/b"},
		"deletionTimestamp": "2026-08-01T00:00:00Z",
		"managedFields":     []any{map[string]any{"manager": "kubectl", "fieldsV1": map[string]any{"f:spec": map[string]any{}}}},
		"generateName":      "web-",
	} {
		if r.IntN(2) == 0 {
			m[key] = value
		}
	}
	return m
}

// written is JSON that means the same.
func written(r *rand.Rand, raw []byte) []byte {
	switch r.IntN(4) {
	case 0:
		var b bytes.Buffer
		_ = json.Indent(&b, raw, "", "\t")
		return b.Bytes()
	case 1:
		return bytes.ReplaceAll(raw, []byte(`"limits"`), []byte(`"\u006cimits"`))
	case 2:
		return bytes.ReplaceAll(raw, []byte(`"evil"`), []byte("\"evil\\u0000\""))
	}
	return raw
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// T14 (Aqua's k8sallowedrepos, prefixes in Polaris): what a configuration names is meant whole, as it is written, unless it is a glob.
func TestReview_T14_namesAreWhole(t *testing.T) {
	for _, near := range []string{"shop-evil", "shopx", "xshop", "sho", "Shop", "SHOP", "shop/", "shop ", " shop", "shop.", "*", ""} {
		for what, config := range map[string]string{
			"exempted by namespace": enforce + "exemptions: [{rule: bad-image, reason: a, owner: b, expiry: 2026-09-01, match: {namespace: shop}}]",
			"exempted by name":      enforce + "exemptions: [{rule: bad-image, reason: a, owner: b, expiry: 2026-09-01, match: {name: shop}}]",
			"off by namespace":      "enforcement: {profile: enforce, namespaces: [{names: [shop], rules: {bad-image: off}}]}",
		} {
			o := bad.with("metadata.namespace", near).with("metadata.name", near)
			if a := asked(t, reviewer(t, config, known{}), creation(o)); a.Allowed {
				t.Errorf("%q was %s", near, what)
			}
			o = bad.with("metadata.namespace", "shop").with("metadata.name", "shop")
			if a := asked(t, reviewer(t, config, known{}), creation(o)); !a.Allowed {
				t.Errorf("shop itself was not %s", what)
			}
		}
	}
}

// T14: no rule that is asked about an object compares images or registries. One that will needs cases with team-evil for team, with
// capitals, with a slash at the end, and with docker.io/library for what has none.
func TestReview_T14_noRuleComparesImages(t *testing.T) {
	_, all := everyRule()
	for _, r := range all {
		if judgesObjects(r) && slices.Contains(fieldsOf(t, r), "image") {
			t.Errorf("%s looks at images", r.ID)
		}
	}
}
