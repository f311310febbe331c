// Package test holds what is true of the whole repository.
package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kslint/kslint/"

// transitive says what packages may not reach at all; tests are left out.
var transitive = []struct {
	packages []string
	not      []string
}{
	{
		[]string{"lint/...", "policies", "cmd/kslint"},
		[]string{"sigs.k8s.io/controller-runtime", "k8s.io/client-go", "k8s.io/api", module + "webhook"},
	},
	{
		[]string{"webhook/...", "cmd/kslint-webhook"},
		[]string{module + "lint/output", "github.com/spf13/cobra", module + "cmd/kslint"},
	},
}

// direct says what the files of a package may not import themselves, but for the files that are named.
var direct = []struct {
	within string // all packages below; "" for every package of ours
	but    string // this package may
	not    []string
	files  []string // these may
}{
	{within: "lint", not: []string{"flag", "github.com/spf13/cobra", "log", "log/slog", "net/http", module + "cmd"}},
	{within: "lint", not: []string{"os"}, files: []string{"lint/read.go", "lint/fix.go"}},
	{within: "lint", not: []string{module + "policies"}},
	{within: "", but: "lint/policy", not: []string{"github.com/open-policy-agent/opa"}},
}

type goPackage struct {
	Dir, ImportPath string
	GoFiles         []string
	Imports, Deps   []string
}

func TestImports_transitive(t *testing.T) {
	for _, rule := range transitive {
		for _, p := range list(t, rule.packages...) {
			for _, dep := range p.Deps {
				for _, not := range rule.not {
					if dep == not || strings.HasPrefix(dep, not+"/") {
						t.Errorf("%s may not reach %s, but it reaches %s", p.ImportPath, not, dep)
					}
				}
			}
		}
	}
}

func TestImports_direct(t *testing.T) {
	for _, p := range list(t, "./...") {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, rule := range direct {
			if rule.within != "" && name != rule.within && !strings.HasPrefix(name, rule.within+"/") || name == rule.but && rule.but != "" {
				continue
			}
			for _, file := range p.GoFiles {
				if slices.Contains(rule.files, name+"/"+file) {
					continue
				}
				for _, imported := range imports(t, p.Dir+"/"+file) {
					if forbidden(imported, rule.not) && !valueOfOPA(name, imported) {
						t.Errorf("%s/%s imports %s", name, file, imported)
					}
				}
			}
		}
	}
}

// valueOfOPA is the exception: within lint, documents hold OPA's values.
func valueOfOPA(name, imported string) bool {
	return imported == "github.com/open-policy-agent/opa/v1/ast" && (name == "lint" || strings.HasPrefix(name, "lint/"))
}

func forbidden(imported string, not []string) bool {
	return slices.ContainsFunc(not, func(n string) bool { return imported == n || strings.HasPrefix(imported, n+"/") })
}

func list(t *testing.T, packages ...string) []goPackage {
	t.Helper()
	args := []string{"list", "-e", "-json=Dir,ImportPath,GoFiles,Imports,Deps"}
	for _, p := range packages {
		if !strings.HasPrefix(p, "./") {
			p = module + p
		} else {
			p = module + strings.TrimPrefix(p, "./")
		}
		args = append(args, p)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			all = append(all, p)
		}
	}
}
