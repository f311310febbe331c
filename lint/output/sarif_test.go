package output

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kslint/kslint/lint"
)

// officialSchema is OASIS' schema of SARIF 2.1.0, errata 01. It is not ours to copy: it comes with gosec, which is one of the
// tools of golangci-lint, in the version that .ci/tools/go.mod names.
func officialSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", "github.com/securego/gosec/v2")
	command.Env = append(os.Environ(), "GOFLAGS=-modfile="+filepath.Join("..", "..", ".ci", "tools", "go.mod"))
	text, err := command.Output()
	var module struct{ Dir, Error string }
	if err != nil || json.Unmarshal(text, &module) != nil || module.Dir == "" {
		t.Fatalf("the schema's module is not there: %v %s", err, text)
	}
	file, err := os.Open(filepath.Join(module.Dir, "report", "sarif", "testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(file)
	_ = file.Close() // nothing was written
	if err != nil {
		t.Fatal(err)
	}
	if id := document.(map[string]any)["id"]; id != sarifSchema {
		t.Fatalf("%s is the schema %v", file.Name(), id)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(sarifSchema, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(sarifSchema)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIF_isWhatTheOfficialSchemaAsksFor(t *testing.T) {
	schema := officialSchema(t)
	for name, r := range map[string]*lint.Report{"sample": described(), "hostile": hostileReport(), "empty": {}} {
		for _, lang := range lint.Langs() {
			text := written(t, sarif{}, r, Options{Lang: lang, Tool: "v0.1.0", Documented: func(r *lint.Rule) bool { return r.Area != "" }})
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(document); err != nil {
				t.Errorf("%s, %s: %v", name, lang, err)
			}
		}
	}
	wrong, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(written(t, sarif{}, described(), Options{}), `"startLine": 8`, `"startLine": 0`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(wrong) == nil {
		t.Error("the schema takes a line 0")
	}
}

func TestSARIF_resultsNameTheirRules(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(written(t, sarif{}, described(), Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 4 || len(run.Tool.Driver.Rules) != 3 {
		t.Fatalf("%d results of %d rules", len(run.Results), len(run.Tool.Driver.Rules))
	}
	for _, r := range run.Results {
		if rule := run.Tool.Driver.Rules[r.RuleIndex]; rule.ID != r.RuleID {
			t.Errorf("a result of %s points at %s", r.RuleID, rule.ID)
		}
	}
}

func TestSARIF_suppressionSaysWhereItStands(t *testing.T) {
	for _, exempted := range []bool{false, true} {
		r := described()
		r.Findings[2].Exempted = exempted
		kind := map[bool]string{false: "inSource", true: "external"}[exempted]
		if got := written(t, sarif{}, r, Options{}); !strings.Contains(got, `"kind": "`+kind+`"`) {
			t.Errorf("the suppression is not %s", kind)
		}
	}
}
