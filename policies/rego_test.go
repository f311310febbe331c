package policies_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint/policy"
)

var update = flag.Bool("update", false, "rewrite files that are not formatted")

// What part of a file its folder's tests must run, in percent of its lines. A library answers many rules, and what no test
// asks of it nobody has seen. A rule is proved by its example, through the real pipeline; its tests may leave out what an
// example shows better.
const (
	libraryFloor = 100
	ruleFloor    = 90
)

// TestRego_isFormatted holds every file against what `opa fmt` writes; -update rewrites them.
func TestRego_isFormatted(t *testing.T) {
	for _, file := range regoFiles(t) {
		text := read(t, file)
		want, err := format.SourceWithOpts(file, text, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(text, want) {
			continue
		}
		if !*update {
			t.Errorf("%s is not formatted, run: go test ./policies -run TestRego_isFormatted -update", file)
			continue
		}
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRego_isStrict compiles everything as `opa check --strict` does, with the capabilities that rules have.
func TestRego_isStrict(t *testing.T) {
	c := ast.NewCompiler().WithCapabilities(policy.Capabilities()).WithStrict(true).WithEnablePrintStatements(false)
	if c.Compile(modules(t)); c.Failed() {
		t.Error(c.Errors)
	}
}

// TestRego_tests runs every test of every _test.rego, and names the lines of libraries and rules that none of them runs.
// A builtin that fails fails the test, as it fails a run. kslint test comes to the same as OPA's runner.
func TestRego_tests(t *testing.T) {
	all := modules(t)
	coverage := cover.New()
	results, command := runRego(t, all, coverage), runCommand(t)
	if len(command) != len(results) {
		t.Errorf("kslint test runs %d tests, OPA's runner %d", len(command), len(results))
	}
	for _, r := range results {
		if err, ran := command[r.Location.File+" "+r.Name]; !ran || (err == nil) != r.Pass() {
			t.Errorf("%s:%d: %s: kslint test ran it: %v, and says %v; OPA's runner says %v", r.Location.File, r.Location.Row, r.Name, ran, err, r.Pass())
		}
		name := fmt.Sprintf("%s/%s", strings.TrimSuffix(r.Location.File, "_test.rego"), r.Name)
		t.Run(name, func(t *testing.T) {
			if !r.Pass() {
				t.Errorf("%s:%d: %s: %v %s", r.Location.File, r.Location.Row, r.Name, r, r.Output)
			}
		})
	}
	report := coverage.Report(all)
	for _, file := range regoFiles(t) {
		floor := libraryFloor
		switch {
		case strings.HasSuffix(file, "_test.rego"):
			continue
		case strings.HasPrefix(file, "rules/"):
			floor = ruleFloor
		}
		t.Run(file, func(t *testing.T) {
			if got, lines := covered(report.Files[file]); got < floor {
				t.Errorf("tests run %d %% of %s, expected %d %%; not line %s", got, file, floor, strings.Join(lines, ", "))
			}
		})
	}
}

// runCommand runs all Rego tests as kslint test does, and gives what became of each by file and name.
func runCommand(t *testing.T) map[string]error {
	t.Helper()
	index, err := policy.Open(policy.Folder{Name: ".", Files: os.DirFS(".")})
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := index.Tests(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]error{}
	for _, o := range outcomes {
		all[o.File+" "+o.Name] = o.Err
	}
	return all
}

// covered gives the part of a file that tests ran, in percent, and the lines that they did not. What ran only with rule
// indexing or early exit switched off counts: it holds, evaluation merely knew so without looking.
func covered(f *cover.FileReport) (int, []string) {
	if f == nil {
		return 0, []string{"1"}
	}
	var lines []string
	for _, r := range f.NotCovered {
		if len(r.Kinds) == 0 {
			lines = append(lines, strconv.Itoa(r.Start.Row))
		}
	}
	return 100 * len(f.Covered) / max(1, len(f.Covered)+len(lines)), slices.Compact(lines)
}

// TestRego_style holds files against the house style: what a file must be called, begin with and show.
func TestRego_style(t *testing.T) {
	for file, m := range modules(t) {
		for i, line := range strings.Split(string(read(t, file)), "\n") {
			if utf8.RuneCountInString(line) > 120 && !strings.HasPrefix(line, "#") {
				t.Errorf("%s:%d: the line is longer than 120 characters", file, i+1)
			}
		}
		if want := packageOf(file); m.Package.Path.String() != want {
			t.Errorf("%s: the package is %s, expected %s, as the folder says", file, m.Package.Path, want)
		}
		ast.WalkExprs(m, func(e *ast.Expr) bool {
			if e.Negated {
				t.Errorf("%s:%d: not needs import future.keywords.not: without it, what is undefined inside of it makes all "+
					"of the body undefined, not only what is negated", file, e.Location.Row)
			}
			return false
		})
		switch {
		case strings.HasSuffix(file, "_test.rego"):
			onlyTests(t, file, m)
			continue
		case !bytes.HasPrefix(read(t, file), []byte("# METADATA\n")):
			t.Errorf("%s: line 1 must be # METADATA", file)
		}
		if strings.HasPrefix(file, "rules/") {
			showsOnly(t, file, m, "deny", "unchecked")
		}
		if strings.HasPrefix(file, "lib/") {
			describesAll(t, file, m)
		}
	}
}

// packageOf is the package that a file's place stands for: its folder, with _test behind it in a test.
func packageOf(file string) string {
	ref := ast.MustParseRef("data.policies")
	dir := path.Dir(file)
	if dir == "." {
		dir = strings.TrimSuffix(file, ".rego")
	}
	if strings.HasSuffix(file, "_test.rego") {
		dir += "_test"
	}
	for step := range strings.SplitSeq(dir, "/") {
		ref = ref.Append(ast.StringTerm(step))
	}
	return ref.String()
}

func nameOf(r *ast.Rule) string { return string(r.Head.Ref()[0].Value.(ast.Var)) }

func onlyTests(t *testing.T, file string, m *ast.Module) {
	for _, r := range m.Rules {
		if name := nameOf(r); !strings.HasPrefix(name, "test_") && !strings.HasPrefix(name, "_") {
			t.Errorf("%s:%d: %s is neither a test (test_…) nor a helper (_…)", file, r.Location.Row, name)
		}
	}
}

func showsOnly(t *testing.T, file string, m *ast.Module, public ...string) {
	for _, r := range m.Rules {
		if name := nameOf(r); !slices.Contains(public, name) && !strings.HasPrefix(name, "_") {
			t.Errorf("%s:%d: a rule shows deny and unchecked only, helpers begin with _, found %s", file, r.Location.Row, name)
		}
	}
}

// describesAll asks for title and description at the first rule of every public name, and at the package.
func describesAll(t *testing.T, file string, m *ast.Module) {
	described := map[string]bool{}
	for _, a := range m.Annotations {
		if a.Title == "" || a.Description == "" {
			t.Errorf("%s:%d: METADATA needs a title and a description", file, a.Location.Row)
		}
		if target := a.GetTargetPath(); len(target) > len(m.Package.Path) {
			described[string(target[len(m.Package.Path)].Value.(ast.String))] = true
		}
	}
	for _, r := range m.Rules {
		if name := nameOf(r); !strings.HasPrefix(name, "_") && !described[name] {
			t.Errorf("%s:%d: %s has no METADATA", file, r.Location.Row, name)
			described[name] = true
		}
	}
}

// runRego runs all Rego tests, sorted by file and line.
func runRego(t *testing.T, all map[string]*ast.Module, coverage *cover.Cover) []*tester.Result {
	t.Helper()
	ctx, store := context.Background(), tables(t)
	runner := tester.NewRunner().
		SetCompiler(ast.NewCompiler().WithCapabilities(policy.Capabilities())).
		SetModules(all).
		SetStore(store).
		SetTimeout(time.Minute). // of one test; a slow machine is no fault
		RaiseBuiltinErrors(true).
		SetCoverageQueryTracer(coverage)
	txn := storage.NewTransactionOrDie(ctx, store)
	defer store.Abort(ctx, txn)
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		t.Fatal(err)
	}
	var sorted []*tester.Result
	for r := range results {
		sorted = append(sorted, r)
	}
	slices.SortFunc(sorted, func(a, b *tester.Result) int { return a.Location.Compare(b.Location) })
	return sorted
}

// tables is the store that rules see: data.tables and nothing else.
func tables(t *testing.T) storage.Store {
	t.Helper()
	files, err := fs.Glob(os.DirFS("."), "tables/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, file := range files {
		var table map[string]any
		if err := yaml.UnmarshalStrict(read(t, file), &table); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, key := range []string{"as_of", "source"} {
			if text, _ := table[key].(string); text == "" {
				t.Errorf("%s: a table needs %s", file, key)
			}
		}
		all[strings.TrimSuffix(path.Base(file), ".yaml")] = table
	}
	return inmem.NewFromObjectWithOpts(map[string]any{"tables": all}, inmem.OptRoundTripOnWrite(false))
}

func modules(t *testing.T) map[string]*ast.Module {
	t.Helper()
	all := map[string]*ast.Module{}
	for _, file := range regoFiles(t) {
		m, err := ast.ParseModuleWithOpts(file, string(read(t, file)), ast.ParserOptions{
			ProcessAnnotation: true, Capabilities: policy.Capabilities(), RegoVersion: ast.RegoV1,
		})
		if err != nil {
			t.Fatal(err)
		}
		all[file] = m
	}
	return all
}

func regoFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(file, ".rego") {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
