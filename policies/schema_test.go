package policies_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// TestSchema_holdsForEveryRule validates all metadata against schemas/rule-metadata.json, which editors use: what the engine
// accepts and what the schema says are the same.
func TestSchema_holdsForEveryRule(t *testing.T) {
	text, err := os.ReadFile("schemas/rule-metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("rule-metadata.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("rule-metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range regoFiles(t) {
		if !strings.HasPrefix(file, "rules/") || strings.HasSuffix(file, "_test.rego") {
			continue
		}
		var metadata bytes.Buffer
		for line := range bytes.Lines(read(t, file)) {
			rest, comment := bytes.CutPrefix(line, []byte("#"))
			if !comment {
				break
			}
			if text := bytes.TrimPrefix(rest, []byte(" ")); string(text) != "METADATA\n" {
				metadata.Write(text)
			}
		}
		raw, err := yaml.YAMLToJSON(metadata.Bytes())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
