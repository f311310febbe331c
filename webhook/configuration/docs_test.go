package configuration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
)

var (
	quoted    = regexp.MustCompile("`([a-z/]+)`")
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// TestDocs_tableOfEntries holds the table in both languages against Build.
func TestDocs_tableOfEntries(t *testing.T) {
	v := everything
	v.More = nil
	v.Profile = lint.Enforce
	closed := map[string]string{}
	for _, w := range configuration.Build(v).Webhooks {
		closed[w.Name] = "strict"
		if *w.FailurePolicy == admission.Fail {
			closed[w.Name] = "enforce, strict"
		}
	}
	for _, file := range []string{"docs/webhook-configuration.md", "docs/zh/webhook-configuration.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string][]string{}
		for line := range strings.Lines(string(text)) {
			if cells := strings.Split(strings.TrimSpace(line), " | "); len(cells) == 6 {
				name, _, _ := strings.Cut(strings.TrimPrefix(cells[0], "| `"), "`")
				rows[name] = cells
			}
		}
		for _, w := range configuration.Build(v).Webhooks {
			cells, ok := rows[w.Name]
			if !ok {
				t.Errorf("%s: no row for %s", file, w.Name)
				continue
			}
			end := strings.Join(cells[3:], " | ")
			if want := fmt.Sprintf("`%s` | %d s | %s |", *w.ClientConfig.Service.Path, *w.TimeoutSeconds, closed[w.Name]); end != want {
				t.Errorf("%s: %s: got %s, want %s", file, w.Name, end, want)
			}
			if w.Name == configuration.SystemWorkloads {
				continue // the same as the row above
			}
			for _, r := range w.Rules {
				for _, resource := range r.Resources {
					if !strings.Contains(cells[1], "`"+resource+"`") || !strings.Contains(cells[1], r.APIGroups[0]) {
						t.Errorf("%s: %s: no %s of %s", file, w.Name, resource, r.APIGroups[0])
					}
				}
			}
			for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
				if !slices.ContainsFunc(w.Rules, func(r admission.RuleWithOperations) bool { return slices.Contains(r.Resources, m[1]) }) {
					t.Errorf("%s: %s: %s is not sent", file, w.Name, m[1])
				}
			}
		}
		example := yamlBlock.FindStringSubmatch(string(text))
		if example == nil {
			t.Fatalf("%s: no example", file)
		}
		if c, err := lint.ParseConfig(file, "", []byte(example[1])); err != nil || !slices.Equal(c.Enforcement.GuardedLabels(), []string{"tier"}) {
			t.Errorf("%s: the example: %v", file, err)
		}
		for _, namespace := range configuration.SystemNamespaces() {
			if !strings.Contains(string(text), namespace) {
				t.Errorf("%s: nothing about %s", file, namespace)
			}
		}
	}
}
