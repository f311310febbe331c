package policy

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// described is a document as rules see it.
func described(d *lint.Document, k kinds, target lint.Target, yaml bool) ast.Value {
	targets := make([]*ast.Term, len(d.Targets))
	for i, t := range d.Targets {
		targets[i] = ast.StringTerm(string(t))
	}
	items := [][2]*ast.Term{
		ast.Item(ast.StringTerm("target"), ast.StringTerm(string(target))),
		ast.Item(ast.StringTerm("targets"), ast.ArrayTerm(targets...)),
		ast.Item(ast.StringTerm("file"), ast.StringTerm(d.File)),
		ast.Item(ast.StringTerm("host"), ast.StringTerm(d.Host)),
		ast.Item(ast.StringTerm("index"), ast.IntNumberTerm(d.Index)),
		ast.Item(ast.StringTerm("versions"), versions(d.Versions)),
	}
	if d.Value != nil {
		items = append(items, ast.Item(ast.StringTerm("value"), ast.NewTerm(d.Value)))
	}
	if yaml && d.Written != nil {
		items = append(items, ast.Item(ast.StringTerm("yaml"), ast.NewTerm(d.Written())),
			ast.Item(ast.StringTerm("beside"), k.beside(d)))
	}
	return ast.NewObject(items...)
}

// kinds counts the objects of a file by apiVersion and kind: KubeKey reads them together. What stands in a string is not among
// them.
type kinds map[[2]string]int

func kindsOf(f *lint.File) kinds {
	all := kinds{}
	for _, d := range f.Documents {
		if d.Parent == nil {
			all[[2]string{d.Object.APIVersion, d.Object.Kind}]++
		}
	}
	return all
}

// beside names what else the file of a document holds, each kind once.
func (k kinds) beside(d *lint.Document) *ast.Term {
	others := ast.NewSet()
	for kind, n := range k {
		if kind == [2]string{d.Object.APIVersion, d.Object.Kind} {
			n--
		}
		if d.Parent == nil && n > 0 {
			others.Add(ast.ObjectTerm(ast.Item(ast.StringTerm("apiVersion"), ast.StringTerm(kind[0])),
				ast.Item(ast.StringTerm("kind"), ast.StringTerm(kind[1]))))
		}
	}
	return ast.NewTerm(ast.NewArray(others.Slice()...))
}

func versions(known lint.Versions) *ast.Term {
	items := make([][2]*ast.Term, 0, len(known))
	for _, p := range lint.Products() {
		if v, ok := known[p]; ok {
			items = append(items, ast.Item(ast.StringTerm(string(p)), ast.StringTerm(v.String())))
		}
	}
	return ast.ObjectTerm(items...)
}

// input is the one shape that rules see.
func (e *Engine) input(rules []compiled, config *lint.Config, known lint.Versions, now time.Time, subject ...[2]*ast.Term) ast.Value {
	names, parameters := make([]*ast.Term, len(rules)), make([][2]*ast.Term, 0, len(rules))
	for i, r := range rules {
		names[i] = r.name
		if len(r.Parameters) > 0 {
			parameters = append(parameters, ast.Item(ast.StringTerm(r.ID), set(r, config)))
		}
	}
	return ast.NewObject(append(subject,
		ast.Item(ast.StringTerm("rules"), ast.ArrayTerm(names...)),
		ast.Item(ast.StringTerm("parameters"), ast.ObjectTerm(parameters...)),
		ast.Item(ast.StringTerm("versions"), versions(known)),
		ast.Item(ast.StringTerm("now"), ast.StringTerm(now.UTC().Format(time.RFC3339))),
	)...)
}

// set is a rule's parameters as a configuration sets them, over the defaults.
func set(r compiled, config *lint.Config) *ast.Term {
	own := config.Setting(r.ID).Parameters
	if len(own) == 0 {
		return r.parameters
	}
	value, err := ast.InterfaceToValue(own)
	if err != nil {
		return r.parameters
	}
	merged, _ := r.parameters.Value.(ast.Object).MergeWith(value.(ast.Object), func(_, mine *ast.Term) (*ast.Term, bool) {
		return mine, false
	})
	return ast.NewTerm(merged)
}

// ask evaluates rules together. Where that fails it asks them one by one, so that the one that fails becomes a failure with a
// name and the findings of the others stay.
func (e *Engine) ask(ctx context.Context, rules []compiled, input ast.Value, documents []*lint.Document, files []*lint.File, report *lint.Report) {
	answer, err := e.eval(ctx, rules, input)
	if err == nil {
		answer.collect(rules, documents, files, report)
		return
	}
	for _, r := range rules {
		one := []compiled{r}
		answer, err := e.eval(ctx, one, input)
		if err != nil {
			report.Failures = append(report.Failures, lint.Failure{
				File: documents[0].Source.Name, Range: documents[0].Start(), Rule: r.ID, Reason: reason(err),
			})
			continue
		}
		answer.collect(one, documents, files, report)
	}
}

var errorCode = regexp.MustCompile(`eval_[a-z_]+_error: `)

// reason is an evaluation error as one clause.
func reason(err error) string {
	return "the rule cannot be evaluated: " + strings.ReplaceAll(errorCode.ReplaceAllString(err.Error(), ""), "\n", " ")
}
