package deploy

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The schema of the value config has the keys of the configuration itself, as lint decodes them.
func TestChart_schemaOfTheConfigurationIsCurrent(t *testing.T) {
	var schema map[string]any
	must(t, json.Unmarshal([]byte(read(t, chartPath, "values.schema.json")), &schema))
	at := func(path ...string) any {
		node := any(schema)
		for _, key := range path {
			node = node.(map[string]any)[key]
		}
		return node
	}
	config := []string{"properties", "config", "properties"}
	structs := lintStructs(t)
	for name, path := range map[string][]string{
		"Config":               config,
		"Exemption":            append(config[:3:3], "exemptions", "items", "properties"),
		"Match":                append(config[:3:3], "exemptions", "items", "properties", "match", "properties"),
		"Enforcement":          append(config[:3:3], "enforcement", "properties"),
		"Guard":                append(config[:3:3], "enforcement", "properties", "guard", "properties"),
		"NamespaceEnforcement": append(config[:3:3], "enforcement", "properties", "namespaces", "items", "properties"),
		"OnError":              append(config[:3:3], "onError", "properties"),
	} {
		want := slices.DeleteFunc(structs[name], func(key string) bool { return name == "Config" && key == "policies" }) // refused by the webhook
		slices.Sort(want)
		if got := sorted(at(path...).(map[string]any)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the schema knows %q, and lint %q", name, got, want)
		}
	}
}

// lintStructs gives the keys of the structs of package lint, by their names.
func lintStructs(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	files, err := filepath.Glob(root + "/lint/*.go")
	must(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		must(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			fields, ok := spec.Type.(*ast.StructType)
			if !ok {
				return false
			}
			for _, f := range fields.Fields.List {
				if f.Tag == nil {
					continue
				}
				key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
				if key != "" && key != "-" {
					all[spec.Name.Name] = append(all[spec.Name.Name], key)
				}
			}
			return false
		})
	}
	return all
}
