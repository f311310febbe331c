package verdict_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// instant is when everything is judged.
var instant = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// rules are small ones for tests: what they say is clear from their names.
var rules = fstest.MapFS{
	"rules/test/bad-image/rule.rego": rule("bad-image", "error", "workload", "", "image {image} is bad", `
deny contains {"path": ["spec", "template", "spec", field, i, "image"], "args": {"image": c.image}} if {
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some i, c in input.document.value.spec.template.spec[field]
	endswith(c.image, ":bad")
}

deny contains {"path": ["spec", field, i, "image"], "args": {"image": c.image}} if {
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some i, c in input.document.value.spec[field]
	endswith(c.image, ":bad")
}`),
	"rules/test/big-limit/rule.rego": rule("big-limit", "error", "workload", "", "a limit of {limit} is too much", `
deny contains {"path": ["spec", "containers", i, "resources", "limits", "memory"], "args": {"limit": c.resources.limits.memory}} if {
	some i, c in input.document.value.spec.containers
	endswith(c.resources.limits.memory, "Gi")
}

deny contains {"path": ["spec", "containers", i, "resources", "limits", "memory"], "args": {"limit": c.resources.limits.memory}} if {
	some i, c in input.document.value.spec.containers
	endswith(c.resources.limits.memory, "Mi")
	to_number(trim_suffix(c.resources.limits.memory, "Mi")) >= 1024
}`),
	"rules/test/many/rule.rego": rule("many", "warning", "workload", "", "argument {n}", `
deny contains {"path": ["spec", "template", "spec", "containers", i, "args", j], "args": {"n": a}} if {
	some i, c in input.document.value.spec.template.spec.containers
	some j, a in c.args
}`),
	"rules/test/label/rule.rego": rule("label", "info", "workload", "", "there is no label team", `
deny contains {"path": ["metadata"], "args": {}} if not input.document.value.metadata.labels.team`),
	"rules/test/tenant/rule.rego": rule("tenant", "error", "workload", "default: off", "tenants need a probe", `
deny contains {"path": ["spec"], "args": {}} if not input.document.value.spec.template.spec.containers[0].readinessProbe`),
	"rules/test/fails/rule.rego": rule("fails", "error", "workload", "", "never said", `
deny contains {"path": [], "args": {}} if to_number(input.document.value.metadata.annotations.fail) > 0`),
	"rules/test/fails-softly/rule.rego": rule("fails-softly", "warning", "workload", "", "never said", `
deny contains {"path": [], "args": {}} if to_number(input.document.value.metadata.annotations.soft) > 0`),
	"rules/test/slow/rule.rego": rule("slow", "error", "workload", "", "never said", `
deny contains {"path": [], "args": {}} if {
	input.document.value.metadata.annotations.slow
	some i in numbers.range(1, 3000)
	some j in numbers.range(1, 3000)
	i + j == 0
}`),
	"rules/test/payload/rule.rego": rule("payload", "error", "kubesphere-config", "", "jwtSecret is {secret}", `
deny contains {"path": ["authentication"], "args": {"secret": "short"}} if count(input.document.value.authentication.jwtSecret) < 5`),
	"rules/test/secret/rule.rego": rule("secret", "error", "secret, kubeconfig, kubesphere-cluster", "", "holds {all}", `
deny contains {"path": [], "args": {"all": json.marshal(input.document.value)}} if true`),
	"rules/test/of-a-set/rule.rego": rule("of-a-set", "error", "kubesphere-workload", "scope: set", "something is missing", `
deny contains {"path": [], "args": {}, "document": 0} if count(input.set) == 1`),
}

func rule(id, severity, targets, more, message, body string) *fstest.MapFile {
	if more == "" {
		more = "scope: document"
	}
	return &fstest.MapFile{Data: fmt.Appendf(nil, `# METADATA
# title: %[1]s
# description: %[1]s
# custom:
#   severity: %[2]s
#   targets: [%[3]s]
#   %[4]s
#   message: "%[5]s"
#   remediation: Mend it.
#   zh: {title: "测试", description: "测试", message: "中文 %[5]s", remediation: "修好它"}
package policies.rules.test["%[1]s"]
%[6]s
`, id, severity, targets, more, message, body)}
}

var compiled = sync.OnceValues(func() (*policy.Engine, []policy.Loaded) {
	index, err := policy.Open(policy.Folder{Name: "test", Files: rules})
	if err != nil {
		panic(err)
	}
	all, err := index.All()
	if err != nil {
		panic(err)
	}
	engine, err := index.Compile(all, 1)
	if err != nil {
		panic(err)
	}
	return engine, all
})

// enforce is the shortest configuration that denies.
const enforce = "enforcement: {profile: enforce}\n"

func snapshotOf(t testing.TB, config string) *snapshot.Snapshot {
	t.Helper()
	c, err := lint.ParseConfig("c", "/", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	engine, all := compiled()
	return &snapshot.Snapshot{Engine: engine, Rules: all, Config: c, Digest: "sha256:x"}
}

// known are namespaces with their labels.
type known map[string]map[string]string

func (k known) Labels(name string) (map[string]string, bool) { l, ok := k[name]; return l, ok }

func reviewer(t testing.TB, config string, namespaces known) *verdict.Reviewer {
	t.Helper()
	s := snapshotOf(t, config)
	return reviewerOf(s, namespaces, verdict.Options{})
}

// quiet is a log that nobody reads.
var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func reviewerOf(s *snapshot.Snapshot, namespaces verdict.Namespaces, o verdict.Options) *verdict.Reviewer {
	if o.Log == nil {
		o.Log = quiet
	}
	return verdict.New(func() *snapshot.Snapshot { return s }, namespaces, func() time.Time { return instant }, o)
}

// object is JSON to be changed.
type object map[string]any

func (o object) json() []byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return text
}

// with is a copy with a value at a path, written with dots.
func (o object) with(path string, value any) object {
	return put(o, strings.Split(path, "."), value).(map[string]any)
}

func put(v any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	old, _ := v.(map[string]any)
	if o, ok := v.(object); ok {
		old = o
	}
	changed := maps.Clone(old)
	if changed == nil {
		changed = map[string]any{}
	}
	changed[path[0]] = put(changed[path[0]], path[1:], value)
	return changed
}

func container(name, image string) map[string]any {
	return map[string]any{"name": name, "image": image}
}

func containers(all ...map[string]any) []any {
	list := make([]any, len(all))
	for i, c := range all {
		list[i] = c
	}
	return list
}

const inTemplate = "spec.template.spec.containers"

// deployment has a label, so that nothing is to be said about it.
func deployment(all ...map[string]any) object {
	o := object{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{
		"name": "web", "namespace": "shop", "labels": map[string]any{"team": "a"},
	}}
	return o.with(inTemplate, containers(all...))
}

func pod(all ...map[string]any) object {
	o := object{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{
		"name": "web", "namespace": "shop", "labels": map[string]any{"team": "a"},
	}}
	return o.with("spec.containers", containers(all...))
}

var resources = map[string]string{"Deployment": "deployments", "Pod": "pods", "ConfigMap": "configmaps", "Secret": "secrets"}

func request(operation string, before, after object) *admission.Request {
	q := &admission.Request{UID: "u", Operation: operation, Entry: "workloads"}
	some := after
	if some == nil {
		some = before
	}
	group, version, ok := strings.Cut(some["apiVersion"].(string), "/")
	if !ok {
		group, version = "", group
	}
	kind := some["kind"].(string)
	q.Kind = admission.GroupVersionKind{Group: group, Version: version, Kind: kind}
	resource := resources[kind]
	if resource == "" {
		resource = strings.ToLower(kind) + "s"
	}
	q.Resource = admission.GroupVersionResource{Group: group, Version: version, Resource: resource}
	metadata, _ := some["metadata"].(map[string]any)
	q.Name, _ = metadata["name"].(string)
	q.Namespace, _ = metadata["namespace"].(string)
	if before != nil {
		q.OldObject = before.json()
	}
	if after != nil {
		q.Object = after.json()
	}
	return q
}

func creation(o object) *admission.Request           { return request("CREATE", nil, o) }
func change(before, after object) *admission.Request { return request("UPDATE", before, after) }

// asked is the answer to a request, in one line: allowed or denied, and each warning's or denial's first word.
func asked(t testing.TB, r *verdict.Reviewer, q *admission.Request) admission.Answer {
	t.Helper()
	a := r.Review(context.Background(), q)
	if !a.Allowed && (a.Code != 403 || a.Message == "") || a.Allowed && a.Message != "" {
		t.Errorf("allowed %v with code %d and message %q", a.Allowed, a.Code, a.Message)
	}
	return a
}
