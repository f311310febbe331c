package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// Engine holds compiled rules. It is immutable and safe for concurrent use.
type Engine struct {
	rules []compiled
	parts []part
}

type compiled struct {
	Loaded
	name       *ast.Term // as input.rules names it
	parameters *ast.Term // the defaults
	part       int       // which of the engine's parts has it
	deny       ast.Ref
	unchecked  ast.Ref // nil where it never says what it did not check
}

// outside lists the builtins that reach out of the input; rules may not. The two about schemas fetch what a $ref names.
var outside = []string{
	"http.send", "opa.runtime", "time.now_ns", "rand.intn", "net.lookup_ip_addr", "uuid.rfc4122", "trace", "print",
	"json.match_schema", "json.verify_schema",
}

// Capabilities are what rules are compiled with: everything but what reaches out.
func Capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool {
		return slices.Contains(outside, b.Name)
	})
	c.AllowNet = []string{}
	return c
}

// Compile parses and compiles the rules with the libraries and tables that they use, and nothing else. Several parts are
// compiled side by side, so that a short run starts sooner; in one part rules share more of their work, which pays in a long one.
func (x *Index) Compile(chosen []Loaded, parts int) (*Engine, error) {
	shares := share(chosen, parts)
	e := &Engine{parts: make([]part, len(shares))}
	failures := make([]error, len(shares))
	var work sync.WaitGroup
	rules := make([][]compiled, len(shares))
	for i, own := range shares {
		work.Go(func() { rules[i], e.parts[i], failures[i] = x.compile(own, i) })
	}
	work.Wait()
	e.rules = slices.Concat(rules...)
	slices.SortFunc(e.rules, func(a, b compiled) int { return strings.Compare(a.ID, b.ID) })
	return e, errors.Join(failures...)
}

// Join puts engines together whose rules are of different folders, so that none of them is compiled again for another's sake.
func Join(engines ...*Engine) *Engine {
	all := &Engine{}
	for _, e := range engines {
		for _, r := range e.rules {
			r.part += len(all.parts)
			all.rules = append(all.rules, r)
		}
		all.parts = append(all.parts, e.parts...)
	}
	slices.SortFunc(all.rules, func(a, b compiled) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// share cuts the rules into parts of about the same length. Those of one folder stay among themselves, so that the libraries and
// tables of a user's folder cannot change what our rules say; those of one area stay together: they use the same libraries.
func share(rules []Loaded, parts int) [][]Loaded {
	folders := map[int][]Loaded{}
	for _, r := range rules {
		folders[r.entry.folder] = append(folders[r.entry.folder], r)
	}
	var shares [][]Loaded
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		shares = append(shares, cut(folders[folder], parts)...)
	}
	return shares
}

func cut(rules []Loaded, parts int) [][]Loaded {
	byArea := slices.Clone(rules)
	slices.SortStableFunc(byArea, func(a, b Loaded) int { return strings.Compare(a.Area, b.Area) })
	whole := 0
	for _, r := range byArea {
		whole += len(r.entry.text)
	}
	shares := make([][]Loaded, max(1, min(parts, len(rules))))
	before := 0
	for _, r := range byArea {
		i := before * len(shares) / max(whole, 1)
		shares[i] = append(shares[i], r)
		before += len(r.entry.text)
	}
	return shares
}

func (x *Index) compile(rules []Loaded, number int) (own []compiled, made part, err error) {
	defer caught(&err)
	p := &program{index: x, modules: map[string]*ast.Module{}, tables: map[string]any{}, capabilities: Capabilities()}
	stages := ready
	if err := p.load(rules); err != nil {
		if stages, err = p.source(rules); err != nil {
			return nil, made, err
		}
	}
	compiler := ast.NewCompiler().WithCapabilities(p.capabilities).WithSkipStages(stages...)
	compiler.Compile(p.modules)
	if compiler.Failed() {
		return nil, made, plain(compiler.Errors)
	}
	for _, r := range rules {
		own = append(own, newCompiled(r, number, compiler))
	}
	return own, part{compiler, p.store()}, nil
}

// store holds the tables that the rules name.
func (p *program) store() storage.Store {
	return inmem.NewFromObjectWithOpts(map[string]any{"tables": p.tables},
		inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
}

// source parses what the rules need and tells which stages of the compiler may be left out.
func (p *program) source(rules []Loaded) ([]ast.StageID, error) {
	clear(p.modules)
	clear(p.tables)
	if err := p.gather(rules); err != nil {
		return nil, err
	}
	prune(p.modules)
	if slices.ContainsFunc(rules, func(r Loaded) bool { return !p.index.folders[r.entry.folder].Checked }) {
		return nil, nil
	}
	return proved, nil // measured: a third of the time that compiling takes
}

// ready are the stages that an image went through.
var ready = append(slices.Clone(proved),
	ast.StageResolveRefs, ast.StageInitLocalVarGen, ast.StageRewriteRuleHeadRefs, ast.StageRemoveImports, ast.StageRewriteLocalVars,
	ast.StageRewriteTemplateStrings, ast.StageRewriteExprTerms, ast.StageSetGraph, ast.StageRewriteComprehensionTerms,
	ast.StageRewriteRefsInHead, ast.StageRewriteWithValues, ast.StageCheckSafetyRuleHeads, ast.StageCheckSafetyRuleBodies,
	ast.StageRewriteEquals, ast.StageRewriteDynamicTerms,
)

// proved are the stages that only find mistakes, or that serve what no policy uses: print, rego.metadata, indices for
// comprehensions over much data.
var proved = []ast.StageID{
	ast.StageCheckUnusedImports, ast.StageCheckDuplicateImports, ast.StageCheckKeywordOverrides, ast.StageCheckVoidCalls,
	ast.StageCheckRuleConflicts, ast.StageCheckUndefinedFuncs, ast.StageCheckRecursion, ast.StageCheckTypes,
	ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities,
	ast.StageRewritePrintCalls, ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
	ast.StageRewriteTestRulesForTracing, ast.StageBuildComprehensionIndices,
}

func newCompiled(r Loaded, number int, compiler *ast.Compiler) compiled {
	own := rulesRef.Append(ast.StringTerm(r.Area)).Append(ast.StringTerm(r.ID))
	unchecked := own.Append(ast.StringTerm("unchecked"))
	if len(compiler.GetRulesExact(unchecked)) == 0 {
		unchecked = nil
	}
	defaults := make([][2]*ast.Term, 0, len(r.Parameters))
	for name, p := range r.Parameters {
		defaults = append(defaults, [2]*ast.Term{ast.StringTerm(name), ast.NewTerm(ast.MustInterfaceToValue(p.Default))})
	}
	return compiled{
		Loaded: r, part: number, deny: own.Append(ast.StringTerm("deny")), unchecked: unchecked,
		name:       ast.StringTerm(r.ID),
		parameters: ast.ObjectTerm(defaults...),
	}
}

// caught makes an error of a panic. What compiles and evaluates runs in goroutines of its own, where nobody else could: a policy
// of the user's that finds a mistake of the compiler must not end a server.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v", p)
	}
}

// plain makes one line a mistake: file:line: what is wrong.
func plain(mistakes ast.Errors) error {
	lines := make([]string, 0, len(mistakes))
	for _, e := range mistakes {
		line := e.Message
		if e.Location != nil {
			line = fmt.Sprintf("%s:%d: %s", e.Location.File, e.Location.Row, e.Message)
		}
		lines = append(lines, strings.ReplaceAll(line, "\n", " "))
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}
