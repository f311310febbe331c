package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

var installDocs = map[string]string{"install.md": "| value | default |", "zh/install.md": "| 键 | 默认值 |"}

// The table of values at the end of both pages is that of values.yaml.
func TestGenerated_installDocs(t *testing.T) {
	var v values
	must(t, yaml.Unmarshal([]byte(read(t, chartPath, "values.yaml")), &v))
	var rows strings.Builder
	write(&rows, "", v)
	for page, head := range installDocs {
		text := read(t, root, "docs", page)
		before, _, found := strings.Cut(text, "\n| "+strings.Fields(head)[1]+" |")
		want := strings.TrimRight(before, "\n") + "\n\n" + head + "\n|---|---|\n" + rows.String()
		if *update {
			must(t, os.WriteFile(filepath.Join(root, "docs", page), []byte(want), 0o644))
		} else if !found || text != want {
			t.Errorf("docs/%s is not what make generate writes", page)
		}
	}
}

// write writes a row for each value that is no group of others.
func write(b *strings.Builder, name string, v any) {
	group, ok := v.(values)
	if !ok || len(group) == 0 || strings.HasSuffix(name, "abels") || strings.HasSuffix(name, ".requests") || strings.HasSuffix(name, ".limits") {
		text, _ := json.Marshal(v) // it came from YAML
		fmt.Fprintf(b, "| `%s` | `%s` |\n", name, text)
		return
	}
	for _, key := range sorted(group) {
		write(b, strings.TrimPrefix(name+"."+key, "."), group[key])
	}
}

var codeBlock = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```")

// The values that the pages show are ones, and both pages show the same.
func TestInstallDocs_examples(t *testing.T) {
	var commands []string
	for page := range installDocs {
		all := ""
		for _, m := range codeBlock.FindAllStringSubmatch(read(t, root, "docs", page), -1) {
			if m[1] == "yaml" {
				if _, err := (release{values: m[2]}).render(t); err != nil {
					t.Errorf("docs/%s: %v", page, err)
				}
				continue
			}
			all += m[2]
		}
		commands = append(commands, all)
	}
	if len(commands) != 2 || commands[0] != commands[1] || !strings.Contains(commands[0], "helm install kslint deploy/helm/kslint") {
		t.Errorf("the pages tell different commands: %q", commands)
	}
}

// The schema knows every value, and speaks of none that there is no default of.
func TestChart_schemaIsThatOfTheValues(t *testing.T) {
	var v values
	must(t, yaml.Unmarshal([]byte(read(t, chartPath, "values.yaml")), &v))
	var schema map[string]any
	must(t, json.Unmarshal([]byte(read(t, chartPath, "values.schema.json")), &schema))
	compare(t, "", v, schema)
}

func compare(t *testing.T, name string, v values, schema map[string]any) {
	t.Helper()
	properties, _ := schema["properties"].(map[string]any)
	if properties == nil || len(v) == 0 { // a map of the user's own
		return
	}
	if closed := schema["additionalProperties"]; closed != false && name != "global" {
		t.Errorf("%s takes any key", name)
	}
	if got, want := sorted(properties), sorted(v); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: the schema knows %q, and there are %q", name, got, want)
	}
	for key, value := range v {
		if group, ok := value.(values); ok {
			compare(t, strings.TrimPrefix(name+"."+key, "."), group, properties[key].(map[string]any))
		}
	}
}
