package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeSchemas writes a JSON Schema of every kind that the API server serves: its OpenAPI v3 (JSON Schema of draft 4, but for what
// draft 4 takes no notice of), closed, one file for each group and version, and one for each kind that refers to it. It gives the kinds.
func writeSchemas(t *testing.T, folder string) map[string]bool {
	t.Helper()
	type schema = map[string]any
	write := func(name string, s schema) {
		data, err := json.Marshal(s)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(folder, name), data, 0o644))
	}
	var index struct {
		Paths map[string]struct{ ServerRelativeURL string }
	}
	read(t, "/openapi/v3", &index)
	kinds := map[string]bool{}
	for path, at := range index.Paths {
		group, version, named := strings.Cut(strings.TrimPrefix(path, "apis/"), "/")
		apiVersion := group + "/" + version
		if path == "api/v1" {
			group, version, apiVersion = "v1", "v1", "v1"
		} else if !named || !strings.HasPrefix(path, "apis/") {
			continue
		}
		var doc struct {
			Components struct{ Schemas map[string]schema }
		}
		read(t, at.ServerRelativeURL, &doc)
		suffix := group + "-" + version + ".json"
		for name, s := range doc.Components.Schemas {
			closeSchema(s)
			for _, kind := range kindsOf(t, s, apiVersion) {
				kinds[apiVersion+"/"+kind] = true
				write(strings.ToLower(kind)+"-"+suffix, schema{
					"allOf":      []schema{{"$ref": suffix + "#/components/schemas/" + name}},
					"required":   []string{"apiVersion", "kind"},
					"properties": schema{"apiVersion": schema{"enum": []string{apiVersion}}, "kind": schema{"enum": []string{kind}}},
				})
			}
		}
		write(suffix, schema{"components": schema{"schemas": doc.Components.Schemas}})
	}
	return kinds
}

// kindsOf are the kinds of a version that a schema is of.
func kindsOf(t *testing.T, schema map[string]any, apiVersion string) (kinds []string) {
	t.Helper()
	data, err := json.Marshal(schema["x-kubernetes-group-version-kind"])
	must(t, err)
	var all []struct{ Group, Version, Kind string }
	must(t, json.Unmarshal(data, &all))
	for _, k := range all {
		if strings.TrimPrefix(k.Group+"/"+k.Version, "/") == apiVersion {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// closeSchema makes a schema that lists its properties allow no others, and so those within it. What stands in allOf, anyOf and oneOf
// stays: those of the API server only refer to other schemas there, or tell types.
func closeSchema(schema any) {
	s, ok := schema.(map[string]any)
	if !ok {
		return
	}
	properties, listed := s["properties"].(map[string]any)
	if _, said := s["additionalProperties"]; listed && !said && s["x-kubernetes-preserve-unknown-fields"] != true {
		s["additionalProperties"] = false
	}
	for _, p := range properties {
		closeSchema(p)
	}
	closeSchema(s["items"])
	closeSchema(s["additionalProperties"])
}
