// Package policy finds rules, compiles them and asks them about documents. It is the only package that drives OPA.
package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/kslint/kslint/lint"
)

// Folder is a file system of policies: rules/<area>/<id>/rule.rego, lib/<noun>/*.rego, tables/*.yaml.
type Folder struct {
	// Name stands in front of file names in errors, such as "policies" or the folder that the user named.
	Name  string
	Files fs.FS
	// Checked says that tests have compiled these policies with every check, which need not be repeated at each start.
	Checked bool
}

// Index lists the rules of folders by what they speak about, without parsing them. It is immutable.
type Index struct {
	folders []Folder
	entries []Entry
}

// Entry is one rule of an index.
type Entry struct {
	ID, Area string
	Targets  []lint.Target
	folder   int
	file     string // within the folder
	text     []byte
}

// Files lists the files of a folder that policies are made of, sorted: rules with their examples, libraries, tables. What else
// lies there, tests and images included, says nothing.
func Files(folder fs.FS) ([]string, error) {
	var all []string
	for _, pattern := range []string{"rules/*/*/rule.rego", "rules/*/*/example.txtar", "lib/*/*.rego", "tables/*.yaml"} {
		files, err := fs.Glob(folder, pattern)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	all = slices.DeleteFunc(all, func(file string) bool { return strings.HasSuffix(file, "_test.rego") })
	slices.Sort(all)
	return all, nil
}

// Open reads the first lines of every rule in the folders.
func Open(folders ...Folder) (*Index, error) {
	x := &Index{folders: folders}
	for i, f := range folders {
		files, err := fs.Glob(f.Files, "rules/*/*/rule.rego")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if len(files) == 0 && i > 0 {
			return nil, fmt.Errorf("%s: no rules found, expected rules/<area>/<id>/rule.rego", f.Name)
		}
		for _, file := range files {
			if err := x.add(i, file); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(x.entries, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
	for i := 1; i < len(x.entries); i++ {
		if a, b := x.entries[i-1], x.entries[i]; a.ID == b.ID {
			return nil, fmt.Errorf("%s: the rule %q stands in %s already", x.name(b), b.ID, x.name(a))
		}
	}
	return x, nil
}

func (x *Index) add(folder int, file string) error {
	text, err := fs.ReadFile(x.folders[folder].Files, file)
	if err != nil {
		return fmt.Errorf("%s: %w", path.Join(x.folders[folder].Name, file), err)
	}
	dir := path.Dir(file)
	e := Entry{ID: path.Base(dir), Area: path.Base(path.Dir(dir)), folder: folder, file: file, text: text}
	if e.Targets, err = targetLine(text); err != nil {
		return fmt.Errorf("%s:%w", x.name(e), err)
	}
	x.entries = append(x.entries, e)
	return nil
}

// name is the entry's file as errors show it.
func (x *Index) name(e Entry) string { return path.Join(x.folders[e.folder].Name, e.file) }

// targetLine finds the one-line list of targets in a rule's metadata, so that most rules need not be parsed at all.
func targetLine(text []byte) ([]lint.Target, error) {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		comment, ok := bytes.CutPrefix(line, []byte("#"))
		if !ok {
			break
		}
		list, ok := bytes.CutPrefix(bytes.TrimSpace(comment), []byte("targets:"))
		if !ok {
			continue
		}
		list = bytes.TrimSpace(list)
		if !bytes.HasPrefix(list, []byte("[")) || !bytes.HasSuffix(list, []byte("]")) {
			return nil, fmt.Errorf("%d: targets must be a list on one line, such as [kubekey-cluster, workload]", number)
		}
		var targets []lint.Target
		for name := range strings.SplitSeq(string(list[1:len(list)-1]), ",") {
			t := lint.Target(strings.TrimSpace(name))
			if !slices.Contains(lint.KnownTargets(), t) {
				return nil, fmt.Errorf("%d: unknown target %q, expected one of %s", number, t, join(lint.KnownTargets()))
			}
			targets = append(targets, t)
		}
		return targets, nil
	}
	return nil, errors.New("1: a rule begins with metadata that holds a line targets: [...]")
}

func join[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// IDs lists the ids of all rules, sorted.
func (x *Index) IDs() []string {
	ids := make([]string, len(x.entries))
	for i, e := range x.entries {
		ids[i] = e.ID
	}
	return ids
}

// Named loads the metadata of the rules whose names are wanted: that of all takes longer than linting a file.
func (x *Index) Named(wanted func(id string) bool) ([]Loaded, error) {
	return x.load(func(e Entry) bool { return wanted(e.ID) })
}

// All loads every rule.
func (x *Index) All() ([]Loaded, error) {
	return x.load(func(Entry) bool { return true })
}

// Own loads every rule that stands in another folder than the first: the user's own.
func (x *Index) Own() ([]Loaded, error) {
	return x.load(func(e Entry) bool { return e.folder > 0 })
}

// In loads every rule of one folder, by its place among those that were opened.
func (x *Index) In(folder int) ([]Loaded, error) {
	return x.load(func(e Entry) bool { return e.folder == folder })
}

// For loads the rules that speak about any of the documents and that the choice wants.
func (x *Index) For(documents []*lint.Document, wanted func(id string) bool) ([]Loaded, error) {
	there := map[lint.Target]bool{}
	for _, d := range documents {
		for _, t := range d.Targets {
			there[t] = true
		}
	}
	rules, err := x.load(func(e Entry) bool {
		return wanted(e.ID) && slices.ContainsFunc(e.Targets, func(t lint.Target) bool { return there[t] && !companion(e.Targets, t) })
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rules, func(r Loaded) bool {
		// A rule that an ignore names stays: whether the ignore is unused must not depend on the other files of the run.
		return filters[r.When] != nil && !slices.ContainsFunc(documents, filters[r.When]) && !lint.Ignores(documents, r.ID)
	}), nil
}

// companion tells whether a document of the target is only there for another's sake: any object, for a rule that speaks about
// something else.
func companion(targets []lint.Target, t lint.Target) bool {
	return len(targets) > 1 && t == lint.AnyObject
}

// Loaded is a rule with its text, ready to be compiled.
type Loaded struct {
	*lint.Rule
	entry   Entry
	example func() []byte
}

func (x *Index) load(want func(Entry) bool) ([]Loaded, error) {
	var entries []Entry
	for _, e := range x.entries {
		if want(e) {
			entries = append(entries, e)
		}
	}
	rules, failures := make([]Loaded, len(entries)), make([]error, len(entries))
	var work sync.WaitGroup
	for i, e := range entries {
		work.Go(func() {
			var rule *lint.Rule
			rule, failures[i] = decode(x.name(e), e)
			rules[i] = Loaded{rule, e, func() []byte {
				text, _ := fs.ReadFile(x.folders[e.folder].Files, path.Join(path.Dir(e.file), "example.txtar"))
				return text
			}}
		})
	}
	work.Wait()
	return rules, errors.Join(failures...)
}

// Example is the text of the rule's example.txtar, nil when it has none.
func (l Loaded) Example() []byte { return l.example() }
