package policies_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// instant is when examples are judged.
var instant = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// TestRule_examples sends every rule's example through the real decoder, classifier, engine and locator, with all rules: bad/
// gives exactly its wants and good/ gives nothing. A case is bad/ or good/ itself, or a folder below it: the files of one set.
func TestRule_examples(t *testing.T) {
	engine, rules := everyRule(t, policies.Files)
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			e := readExample(t, path.Join("rules", r.Area, r.ID, "example.txtar"))
			if len(e.names("bad/")) == 0 || len(e.names("good/")) == 0 {
				t.Fatal("example.txtar needs cases under bad/ and under good/")
			}
			for _, name := range append(e.names("bad/"), e.names("good/")...) {
				t.Run(name, func(t *testing.T) { e.run(t, engine, r.Rule, name) })
			}
			e.everyMessage(t, r.Rule)
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

// example is a txtar archive. Its comment holds lines such as "bad/old-kk: kubekey v3.0.13", versions that the files of the case
// do not say, and "bad/x: also RULE", another rule that rightly speaks about the case.
type example struct {
	cases    map[string][]txtar.File
	versions map[string]lint.Versions
	also     map[string][]string
}

var caseLine = regexp.MustCompile(`^((?:bad|good)(?:/\S+)?): (kubekey|kubernetes|kubesphere|also) (\S+)$`)

func readExample(t *testing.T, name string) *example {
	t.Helper()
	data, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(data)
	e := &example{cases: map[string][]txtar.File{}, versions: map[string]lint.Versions{}, also: map[string][]string{}}
	for line := range strings.Lines(string(archive.Comment)) {
		m := caseLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		if m[2] == "also" {
			e.also[m[1]] = append(e.also[m[1]], m[3])
			continue
		}
		v, ok := lint.ParseVersion(m[3])
		if !ok {
			t.Fatalf("%s: %q is no version", name, m[3])
		}
		if e.versions[m[1]] == nil {
			e.versions[m[1]] = lint.Versions{}
		}
		e.versions[m[1]][lint.Product(m[2])] = v
	}
	for _, f := range archive.Files {
		side, rest, ok := strings.Cut(f.Name, "/")
		if !ok || side != "bad" && side != "good" {
			t.Fatalf("%s: %s: expected bad/FILE, good/FILE or a folder for each case", name, f.Name)
		}
		key := side
		if folder, _, deep := strings.Cut(rest, "/"); deep {
			key = side + "/" + folder
		}
		e.cases[key] = append(e.cases[key], txtar.File{Name: strings.TrimPrefix(f.Name, key+"/"), Data: f.Data})
	}
	return e
}

func (e *example) names(side string) []string {
	var names []string
	for name := range e.cases {
		if strings.HasPrefix(name+"/", side) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

var wanted = regexp.MustCompile(`[ \t]*# want: [^\r\n]*`)

func (e *example) run(t *testing.T, engine *policy.Engine, r *lint.Rule, name string) {
	yes := true
	config := &lint.Config{Rules: map[string]lint.RuleConfig{r.ID: {On: &yes}}}
	var files []*lint.File
	texts, lines, tables := cooked(t, e.cases[name])
	if tables != nil {
		engine, _ = everyRule(t, tables)
	}
	for _, f := range texts {
		// In env files and units nothing behind a value is a comment.
		s := &lint.Source{Name: f.Name, Data: wanted.ReplaceAll(f.Data, nil), Named: true}
		documents := document.Decode(s)
		lint.Classify(documents)
		files = append(files, &lint.File{Source: s, Documents: documents, Config: config})
		strictlyTyped(t, s, documents)
	}
	sets := lint.Sets(files)
	lint.FindVersions(sets, e.versions[name])
	report := engine.Check(context.Background(), sets, policy.Question{Now: instant})
	report.Sort()
	for _, f := range report.Failures {
		t.Errorf("failure: %s:%d: %s %s", f.File, f.Range.Line, f.Rule, f.Reason)
	}
	var got []string
	for _, f := range report.Findings {
		line := fmt.Sprintf("%s:%d: %s", f.File, lines[f.File][f.Range.Line-1], f.Words(lint.English).Message)
		switch {
		case f.Rule.ID == r.ID:
			got = append(got, line)
		case !slices.Contains(e.also[name], f.Rule.ID):
			t.Errorf("another rule speaks: %s [%s]", line, f.Rule.ID)
		}
	}
	want := e.wants(name)
	slices.Sort(got)
	slices.Sort(want)
	if strings.HasPrefix(name, "bad") && len(want) == 0 {
		t.Error("a bad case needs a line with # want: MESSAGE")
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// wants lists what the case's lines ask for: "# want: MESSAGE" at their end, several on a line one behind the other.
func (e *example) wants(name string) []string {
	var wants []string
	for _, f := range e.cases[name] {
		number := 0
		for line := range strings.Lines(string(f.Data)) {
			number++
			for _, message := range strings.Split(strings.TrimSpace(line), "# want: ")[1:] {
				wants = append(wants, fmt.Sprintf("%s:%d: %s", f.Name, number, strings.TrimSpace(message)))
			}
		}
	}
	return wants
}

// everyMessage asks that each message of the rule has been seen at least once.
func (e *example) everyMessage(t *testing.T, r *lint.Rule) {
	var wants []string
	for _, name := range e.names("bad/") {
		wants = append(wants, e.wants(name)...)
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
