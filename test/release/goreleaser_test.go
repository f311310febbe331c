package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// goreleaser is what tests look at of .goreleaser.yaml. GoReleaser itself is not built here: that takes five minutes of CPU.
type goreleaser struct {
	Builds []struct {
		ID, Main, Binary    string
		Goos, Goarch, Flags []string
		Ldflags             []string
	}
	Nfpms []struct {
		Bindir   string
		Contents []content
	}
}

func releaseConfig(t *testing.T) goreleaser {
	t.Helper()
	var c goreleaser
	if err := yaml.Unmarshal([]byte(text(t, ".goreleaser.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestGoReleaser_configurationFollowsItsSchema validates against what `goreleaser jsonschema` of v2.17.0 printed: no unknown key.
func TestGoReleaser_configurationFollowsItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/goreleaser-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := yaml.YAMLToJSONStrict([]byte(text(t, ".goreleaser.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
	value.(map[string]any)["archive"] = []any{}
	if schema.Validate(value) == nil {
		t.Error("an unknown key is valid: the schema proves nothing")
	}
}

// TestGoReleaser_setsVariablesThatExist: the linker says nothing about -X main.name where there is no such variable.
func TestGoReleaser_setsVariablesThatExist(t *testing.T) {
	for _, b := range releaseConfig(t).Builds {
		source := ""
		files, err := filepath.Glob(filepath.Join(repository, b.Main, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no source: %v", b.Main, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source += string(data)
		}
		for part := range strings.FieldsSeq(strings.Join(b.Ldflags, " ")) {
			name, _, isSet := strings.Cut(strings.TrimPrefix(part, "main."), "=")
			if isSet && !regexp.MustCompile(`(?m)^var ([\w, ]+, )?`+name+`(, [\w, ]+)? string$`).MatchString(source) {
				t.Errorf("%s: no variable %s in %s", b.ID, name, b.Main)
			}
		}
		if flags := strings.Join(b.Flags, " "); flags != "-trimpath -buildvcs=false" {
			t.Errorf("%s: flags %s", b.ID, flags)
		}
	}
}
