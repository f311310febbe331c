package snapshot

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// fault says which source a snapshot cannot be built of, by its place among the user's.
type fault struct {
	source int
	err    error
}

// builtIn is the folder that the binary carries.
func builtIn() policy.Folder {
	return policy.Folder{Name: "policies", Files: policies.Files, Checked: true}
}

// build makes a snapshot of a set of contents, or says whose fault it is that there is none.
func (s *Store) build(ctx context.Context, set []content) (*Snapshot, *fault) {
	made, bad := s.compile(ctx, set)
	if bad != nil {
		return nil, bad
	}
	next := *made
	if next.Config, bad = s.configuration(set, made.Rules); bad != nil {
		return nil, bad
	}
	next.Digest, next.Built = s.digest(set), s.options.Clock()
	return &next, nil
}

// compile puts the rules of all folders beside the built-in ones, once for each set of policies: a change of the configuration alone
// compiles nothing, and the built-in rules are never compiled again. A panic of the compiler, too, is the fault of a source.
func (s *Store) compile(ctx context.Context, set []content) (made *Snapshot, bad *fault) {
	folders := s.policies(set)
	if sameAll(folders, s.policies(s.good)) {
		return s.compiled, nil
	}
	at := 0
	defer func() {
		if p := recover(); p != nil {
			made, bad = nil, &fault{at, fmt.Errorf("panic: %v", p)}
		}
	}()
	opened, engines := []policy.Folder{builtIn()}, []*policy.Engine{s.floor.Engine}
	made = &Snapshot{Rules: slices.Clone(s.floor.Rules)}
	for i, c := range folders {
		if c.err == nil && len(c.files) == 0 {
			continue
		}
		at = i
		files, err := c.open()
		if err != nil {
			return nil, &fault{i, fmt.Errorf("%s: %w", s.sources[i].Name, err)}
		}
		opened = append(opened, policy.Folder{Name: filepath.ToSlash(s.sources[i].Name), Files: files})
		engine, own, err := prove(ctx, opened)
		if err != nil {
			return nil, &fault{i, err}
		}
		engines, made.Rules = append(engines, engine), append(made.Rules, own...)
	}
	slices.SortFunc(made.Rules, func(a, b policy.Loaded) int { return strings.Compare(a.ID, b.ID) })
	made.Engine = policy.Join(engines...)
	return made, nil
}

// compileBuiltIn compiles the policies that the binary carries.
func compileBuiltIn() (*Snapshot, error) {
	index, err := policy.Open(builtIn())
	if err != nil {
		return nil, err
	}
	rules, err := index.All()
	if err != nil {
		return nil, err
	}
	engine, err := index.Compile(rules, 1)
	return &Snapshot{Engine: engine, Rules: rules}, err
}

// policies are the contents of the folders, in their places.
func (s *Store) policies(set []content) []content {
	folders := make([]content, len(set))
	for i, c := range set {
		if s.sources[i].Kind == policyKind {
			folders[i] = c
		}
	}
	return folders
}

// prove compiles the rules of the last folder, whose ids must be none of the others', and holds them against their examples.
func prove(ctx context.Context, folders []policy.Folder) (*policy.Engine, []policy.Loaded, error) {
	index, err := policy.Open(folders...)
	if err != nil {
		return nil, nil, err
	}
	own, err := index.In(len(folders) - 1)
	if err != nil {
		return nil, nil, err
	}
	engine, err := index.Compile(own, 1)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range own {
		if err := selfTest(ctx, engine, r); err != nil {
			return nil, nil, err
		}
	}
	return engine, own, nil
}

// configuration decodes the configuration strictly and holds what it names against the rules. Rules of a refused folder are
// known by their names: that they do not run is that folder's fault.
func (s *Store) configuration(set []content, rules []policy.Loaded) (*lint.Config, *fault) {
	i := slices.IndexFunc(s.sources, func(one Source) bool { return one.Kind == configurationKind })
	if i < 0 || set[i].err == nil && len(set[i].files) == 0 {
		return &lint.Config{}, nil
	}
	name := filepath.ToSlash(s.sources[i].Name)
	if set[i].err != nil {
		return nil, &fault{i, fmt.Errorf("%s: %w", name, set[i].err)}
	}
	config, err := lint.ParseConfig(name, "", set[i].files[0].Data)
	if err != nil {
		return nil, &fault{i, err}
	}
	if len(config.Policies) > 0 {
		return nil, &fault{i, fmt.Errorf("%s: policies: the webhook takes no folders from its configuration, name them with --policies", name)}
	}
	ids, known := []string{lint.IgnoreUnused}, make([]*lint.Rule, len(rules))
	for i, r := range rules {
		ids, known[i] = append(ids, r.ID), r.Rule
	}
	for _, c := range s.seen {
		ids = append(ids, c.rules()...)
	}
	if err := config.CheckRules(ids); err != nil {
		return nil, &fault{i, err}
	}
	if err := config.CheckParameters(known); err != nil {
		return nil, &fault{i, err}
	}
	return config, nil
}

// line makes one line of an error. The compiler lists several mistakes; the first says enough.
func line(err error) string {
	first, more, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	if n := strings.Count(more, "\n"); more != "" {
		return fmt.Sprintf("%s (and %d more)", first, n+1)
	}
	return first
}
