package snapshot_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/webhook/snapshot"
)

// files are the content of a folder, by name.
type files map[string]string

// with gives the files with others over them; an empty text takes a file out.
func (f files) with(other files) files {
	all := maps.Clone(f)
	for name, text := range other {
		if all[name] = text; text == "" {
			delete(all, name)
		}
	}
	return all
}

// rule is a user's rule on namespaces, with its example.
func rule(id, message string) files {
	return files{
		"rules/own/" + id + "/rule.rego": fmt.Sprintf(`# METADATA
# title: Title
# description: Description.
# custom:
#   severity: error
#   targets: [namespace]
#   message: %q
#   remediation: Fix it.
#   zh: {title: 标题, description: 说明。, message: "{name}", remediation: 修复。}
package policies.rules.own[%q]

deny contains {"path": ["metadata"], "args": {"name": input.document.value.metadata.name}} if {
	not input.document.value.metadata.labels.team
}
`, message, id),
		"rules/own/" + id + "/example.txtar": `-- bad/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: # want: ` + strings.ReplaceAll(message, "{name}", "a") + `
  name: a
-- good/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {team: x}}
`,
	}
}

const (
	teamRule    = "rules/own/team-missing/rule.rego"
	teamExample = "rules/own/team-missing/example.txtar"
)

func team() files { return rule("team-missing", "{name} names no team") }

// write makes a folder hold exactly these files.
func write(t *testing.T, dir string, content files) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range content {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// mount does to a folder what the kubelet does to the mount of a ConfigMap: the content goes into a new folder, the link ..data
// is renamed onto it, the old folder is removed.
func mount(t *testing.T, dir string, content files) {
	t.Helper()
	old, _ := os.Readlink(filepath.Join(dir, "..data"))
	fresh := fmt.Sprintf("..%d", time.Now().UnixNano())
	write(t, filepath.Join(dir, fresh), content)
	link := filepath.Join(dir, "..data_tmp")
	if err := os.Symlink(fresh, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link, filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	for name := range content {
		top, _, _ := strings.Cut(name, "/")
		if err := os.Symlink(filepath.Join("..data", top), filepath.Join(dir, top)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	if old != "" {
		if err := os.RemoveAll(filepath.Join(dir, old)); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, o snapshot.Options) *snapshot.Store {
	t.Helper()
	o.Settle = time.Millisecond
	s, err := snapshot.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judged lists the rules that speak about a Namespace without labels.
func judged(t *testing.T, s *snapshot.Snapshot) []string {
	t.Helper()
	source := &lint.Source{Name: "namespace.yaml", Data: []byte("apiVersion: v1\nkind: Namespace\nmetadata: {name: bare}\n")}
	f := &lint.File{Source: source, Documents: document.Decode(source), Config: s.Config}
	lint.Classify(f.Documents)
	report := s.Engine.Check(context.Background(), lint.Sets([]*lint.File{f}), policy.Question{})
	if len(report.Failures) > 0 {
		t.Errorf("failures: %+v", report.Failures)
	}
	var ids []string
	for _, found := range report.Findings {
		ids = append(ids, found.Rule.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func speaks(t *testing.T, s *snapshot.Store, id string) bool {
	t.Helper()
	return slices.Contains(judged(t, s.Current()), id)
}

// status gives the source with a name.
func status(t *testing.T, s *snapshot.Store, name string) snapshot.Source {
	t.Helper()
	all := s.Status()
	i := slices.IndexFunc(all, func(one snapshot.Source) bool { return one.Name == name })
	if i < 0 {
		t.Fatalf("no source %s in %+v", name, all)
	}
	return all[i]
}

// refused asks for a rejected source with a reason of one line that holds a text.
func refused(t *testing.T, s *snapshot.Store, name, reason string) {
	t.Helper()
	got := status(t, s, name)
	if got.State != snapshot.Rejected || !strings.Contains(got.Reason, reason) || strings.Contains(got.Reason, "\n") {
		t.Errorf("%s: got %s, reason %q, want rejected and %q", name, got.State, got.Reason, reason)
	}
	if s.Current().Sound() {
		t.Error("the snapshot calls itself sound")
	}
}

func accepted(t *testing.T, s *snapshot.Store, name string) {
	t.Helper()
	if got := status(t, s, name); got.State != snapshot.Accepted || got.Reason != "" {
		t.Errorf("%s: got %+v, want accepted", name, got)
	}
}
