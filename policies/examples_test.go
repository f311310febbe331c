package policies_test

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/lint/policy/example"
	"github.com/kslint/kslint/policies"
)

// TestRule_examples sends every rule's example through the real decoder, classifier, engine and locator, with all rules: bad/
// gives exactly its wants and good/ gives nothing. A case is bad/ or good/ itself, or a folder below it: the files of one set.
func TestRule_examples(t *testing.T) {
	engine, rules := everyRule(t, policies.Files)
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			cases := readExample(t, path.Join("rules", r.Area, r.ID, "example.txtar"))
			for _, c := range cases {
				t.Run(c.Name, func(t *testing.T) { run(t, engine, r.Rule, c) })
			}
			everyMessage(t, r.Rule, cases)
		})
	}
}

// soundOnly leaves out the rules that do not compile, so that a broken one does not hide what the others' examples show.
func soundOnly(t *testing.T, index *policy.Index, rules []policy.Loaded) (*policy.Engine, []policy.Loaded) {
	t.Helper()
	var sound []policy.Loaded
	for _, r := range rules {
		if _, err := index.Compile([]policy.Loaded{r}, 1); err == nil {
			sound = append(sound, r)
		}
	}
	engine, err := index.Compile(sound, 1)
	if err != nil {
		t.Fatal(err)
	}
	return engine, sound
}

// everyRule compiles all rules of some policies.
func everyRule(t *testing.T, files fs.FS) (*policy.Engine, []policy.Loaded) {
	t.Helper()
	index, err := policy.Open(policy.Folder{Name: "policies", Files: files})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := index.Compile(rules, 1)
	if err != nil {
		t.Error(err)
		return soundOnly(t, index, rules)
	}
	return engine, rules
}

func readExample(t *testing.T, name string) []example.Case {
	t.Helper()
	data, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := example.Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return cases
}

func run(t *testing.T, engine *policy.Engine, r *lint.Rule, c example.Case) {
	var tables fs.FS
	if c.Files, c.Lines, tables = cooked(t, c.Files); tables != nil {
		engine, _ = everyRule(t, tables)
	}
	for _, f := range c.Open(nil) {
		strictlyTyped(t, f.Source, f.Documents)
	}
	for _, mistake := range c.Run(context.Background(), engine, r, lint.Choice{}) {
		t.Error(mistake)
	}
}

// everyMessage asks that each message of the rule has been seen at least once.
func everyMessage(t *testing.T, r *lint.Rule, cases []example.Case) {
	var wants []string
	for _, c := range cases {
		wants = append(wants, c.Wants...)
	}
	for key, words := range r.Text[lint.English].Messages {
		parts := regexp.MustCompile(`\{[a-z0-9_]+\}`).Split(words.Message, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern := regexp.MustCompile(`^[^:]+:\d+: ` + strings.Join(parts, ".*") + "$")
		if !slices.ContainsFunc(wants, pattern.MatchString) {
			t.Errorf("no bad case shows the message %q (%s)", key, words.Message)
		}
	}
}

// strictlyTyped decodes built-in kinds into their API types, so that no example is typed by hand into a field that does not exist.
func strictlyTyped(t *testing.T, s *lint.Source, documents []*lint.Document) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range documents {
		group, err := schema.ParseGroupVersion(d.Object.APIVersion)
		if err != nil || d.Parent != nil || d.Problem != nil {
			continue
		}
		object, err := scheme.New(group.WithKind(d.Object.Kind))
		if err != nil {
			continue
		}
		text, err := yaml.Marshal(d.Value)
		if err == nil {
			err = yaml.UnmarshalStrict(text, object)
		}
		if err != nil && strings.Contains(err.Error(), "unknown field") {
			t.Errorf("%s:%d: %v", s.Name, d.Start().Line, err)
		}
	}
}
