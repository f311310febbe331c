package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"
)

// program gathers the modules and tables that rules need.
type program struct {
	index        *Index
	modules      map[string]*ast.Module
	tables       map[string]any
	capabilities *ast.Capabilities
}

// gather parses the rules, in parallel, and then what they import.
func (p *program) gather(rules []Loaded) error {
	modules, failures := make([]*ast.Module, len(rules)), make([]error, len(rules))
	var work sync.WaitGroup
	for i, r := range rules {
		work.Go(func() { modules[i], failures[i] = p.module(p.index.name(r.entry), string(r.entry.text)) })
	}
	work.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	for i, r := range rules {
		if err := p.packaged(r, modules[i]); err != nil {
			return err
		}
		if err := p.take(r.entry.folder, p.index.name(r.entry), string(r.entry.text), modules[i]); err != nil {
			return err
		}
	}
	return nil
}

// packaged asks that a rule's package is what its folder says.
func (p *program) packaged(r Loaded, module *ast.Module) error {
	want := fmt.Sprintf("policies.rules[%q][%q]", r.Area, r.ID)
	if module.Package.Path.Equal(ast.MustParseRef("data." + want)) {
		return nil
	}
	return fmt.Errorf("%s:%d: the package is %s, expected package policies.rules.%s[%q], as the folder says", p.index.name(r.entry),
		module.Package.Location.Row, strings.TrimPrefix(module.Package.Path.String(), "data."), r.Area, r.ID)
}

// add parses a file of a folder, once.
func (p *program) add(folder int, file string) error {
	name := path.Join(p.index.folders[folder].Name, file)
	if _, ok := p.modules[name]; ok {
		return nil
	}
	text, err := fs.ReadFile(p.index.folders[folder].Files, file)
	if err != nil {
		return fmt.Errorf("%s: %w", p.index.folders[folder].Name, err)
	}
	module, err := p.module(name, string(text))
	if err != nil {
		return err
	}
	return p.take(folder, name, string(text), module)
}

func (p *program) module(name, text string) (module *ast.Module, err error) {
	defer caught(&err)
	module, err = ast.ParseModuleWithOpts(name, withoutHead(text), ast.ParserOptions{Capabilities: p.capabilities, RegoVersion: ast.RegoV1})
	var list ast.Errors
	switch {
	case errors.As(err, &list):
		return nil, plain(list)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return module, nil
}

// withoutHead leaves the lines of a module's metadata empty: the parser would read them, most of a rule, for nothing.
func withoutHead(text string) string {
	end, lines := 0, 0
	for end < len(text) && text[end] == '#' {
		next := strings.IndexByte(text[end:], '\n')
		if next < 0 {
			break
		}
		end, lines = end+next+1, lines+1
	}
	return strings.Repeat("\n", lines) + text[end:]
}

// take adds a module with the libraries and tables that it names.
func (p *program) take(folder int, name, text string, module *ast.Module) error {
	p.modules[name] = module
	for _, imported := range module.Imports {
		if err := p.library(folder, imported.Path.Value); err != nil {
			return fmt.Errorf("%s:%d: %w", name, imported.Location.Row, err)
		}
	}
	for _, m := range tableName.FindAllStringSubmatch(text, -1) {
		if err := p.table(folder, m[1]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

var tableName = regexp.MustCompile(`data\.tables\.([a-z0-9_]+)`)

// library adds the files of data.policies.lib.<noun>: of the importing rule's own folder, else of the first.
func (p *program) library(folder int, imported ast.Value) error {
	ref, ok := imported.(ast.Ref)
	if !ok || !ref.HasPrefix(libraries) || len(ref) <= len(libraries) {
		return nil
	}
	noun := string(ref[len(libraries)].Value.(ast.String))
	for _, from := range []int{folder, 0} {
		files, err := fs.Glob(p.index.folders[from].Files, path.Join("lib", noun, "*.rego"))
		if err != nil {
			return err
		}
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.rego") })
		for _, file := range files {
			if err := p.add(from, file); err != nil {
				return err
			}
		}
		if len(files) > 0 {
			return nil
		}
	}
	return fmt.Errorf("there is no library %q, expected lib/%s/%s.rego", noun, noun, noun)
}

var libraries = ast.MustParseRef("data.policies.lib")

func (p *program) table(folder int, name string) error {
	if _, ok := p.tables[name]; ok {
		return nil
	}
	for _, from := range []int{folder, 0} {
		text, err := fs.ReadFile(p.index.folders[from].Files, path.Join("tables", name+".yaml"))
		if err != nil {
			continue
		}
		var value any
		if err := yaml.Unmarshal(text, &value); err != nil {
			return fmt.Errorf("tables/%s.yaml: %w", name, err)
		}
		p.tables[name] = value
		return nil
	}
	return fmt.Errorf("there is no table %q, expected tables/%s.yaml", name, name)
}
