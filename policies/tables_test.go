package policies_test

import (
	"io/fs"
	"maps"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/policies"
)

// TestTables_podTemplates holds the table that rules look up against the one that documents are recognised by.
func TestTables_podTemplates(t *testing.T) {
	text, err := fs.ReadFile(policies.Files, "tables/pod_templates.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Paths map[string][]string `json:"paths"`
	}
	if err := yaml.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(table.Paths, lint.PodPaths(), slices.Equal) {
		t.Errorf("the table has %v, lint.PodPaths %v", table.Paths, lint.PodPaths())
	}
}
