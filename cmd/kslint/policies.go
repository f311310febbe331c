package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// policies opens the rules: ours, and the folders that the user named. The user's are compiled before anything is read.
func (o *options) policies() (*policy.Index, error) {
	index, err := openPolicies(o.folders)
	if err != nil {
		return nil, err
	}
	if err := o.choice.Check(index.IDs()); err != nil {
		return nil, err
	}
	own, err := index.Own()
	if err != nil || len(own) == 0 {
		return index, err
	}
	_, err = index.Compile(own, 1)
	return index, err
}

func openPolicies(dirs []string) (*policy.Index, error) {
	folders := []policy.Folder{builtIn()}
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--policies %s: no such folder", dir)
		}
		folders = append(folders, policy.Folder{Name: filepath.ToSlash(dir), Files: os.DirFS(dir)})
	}
	return policy.Open(folders...)
}

// knownRules are the rules that the command carries, by their names.
func knownRules() (map[string]*lint.Rule, error) {
	index, err := openPolicies(nil)
	if err != nil {
		return nil, err
	}
	loaded, err := index.All()
	if err != nil {
		return nil, err
	}
	rules := make(map[string]*lint.Rule, len(loaded))
	for _, r := range loaded {
		rules[r.ID] = r.Rule
	}
	for _, r := range lint.OwnRules() {
		rules[r.ID] = r
	}
	return rules, nil
}

// documented holds for the rules that docs/rules has a page of: those that the command carries.
func documented(r *lint.Rule) bool {
	_, err := fs.Stat(policies.Files, path.Join("rules", r.Area, r.ID, "rule.rego"))
	return err == nil
}
