package test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

var webhookDocs = []string{"../docs/webhook.md", "../docs/zh/webhook.md"}

var (
	incidentRow = regexp.MustCompile(`(?m)^\| (T\d\d) \|.*\| (.*) \|$`)
	testName    = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
	yamlBlock   = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// TestWebhookDocs_incidents holds the table of incidents against the tests that it names: T01 to T40, the same in both languages.
func TestWebhookDocs_incidents(t *testing.T) {
	known := tests(t, "../webhook", "../lint", "../cmd/kslint-webhook", "../test/e2e")
	var named [][]string
	for _, file := range webhookDocs {
		rows := incidentRow.FindAllStringSubmatch(readDoc(t, file), -1)
		if len(rows) != 40 {
			t.Fatalf("%s: %d rows, want 40", file, len(rows))
		}
		var names []string
		for i, row := range rows {
			if want := fmt.Sprintf("T%02d", i+1); row[1] != want {
				t.Errorf("%s: %s stands in the place of %s", file, row[1], want)
			}
			if strings.TrimSpace(row[2]) == "" {
				t.Errorf("%s: %s says nothing", file, row[1])
			}
			for _, m := range testName.FindAllStringSubmatch(row[2], -1) {
				names = append(names, row[1]+" "+m[1])
				if !known[m[1]] {
					t.Errorf("%s: %s: there is no %s", file, row[1], m[1])
				}
			}
		}
		named = append(named, names)
	}
	if !slices.Equal(named[0], named[1]) {
		t.Error("the two languages name different tests")
	}
}

// TestWebhookDocs_configuration holds the example against the schema and the rules.
func TestWebhookDocs_configuration(t *testing.T) {
	index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range webhookDocs {
		m := yamlBlock.FindStringSubmatch(readDoc(t, file))
		if m == nil {
			t.Fatalf("%s: no example", file)
		}
		config, err := lint.ParseConfig(file, "", []byte(m[1]))
		if err == nil {
			err = config.CheckRules(index.IDs())
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func readDoc(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tests lists the names of all tests below some folders.
func tests(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(file string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, "_test.go") {
				return err
			}
			for _, m := range testFunc.FindAllStringSubmatch(readDoc(t, file), -1) {
				known[m[1]] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return known
}
