package example

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/kslint/kslint/lint/policy"
)

// patience is how long a rule may take over its own example: one that takes longer would take it at every request.
const patience = 5 * time.Second

// Prove holds a compiled rule against its example, through the real decoder, classifier, engine and locator. It gives the number of cases
// and each mistake, with the file in front, and a rule without an example is one.
func Prove(ctx context.Context, engine *policy.Engine, r policy.Loaded) (cases int, mistakes []error) {
	file := path.Join(path.Dir(r.File), "example.txtar")
	text := r.Example()
	if text == nil {
		return 0, []error{fmt.Errorf("%s: %w", file, errNoExample)}
	}
	if at := recipeAt(text); at >= 0 {
		return 0, []error{fmt.Errorf("%s:%d: %w", file, 1+bytes.Count(text[:at], []byte("\n")), errRecipe)}
	}
	all, err := Parse(text)
	if err != nil {
		return 0, []error{fmt.Errorf("%s: %w", file, err)}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, c := range all {
		for _, mistake := range c.Run(ctx, engine, r.Rule, c.Alone(r.Rule)) {
			mistakes = append(mistakes, fmt.Errorf("%s: %s/%s", file, c.Name, mistake))
		}
	}
	if err := ctx.Err(); err != nil && len(mistakes) == 0 {
		mistakes = append(mistakes, fmt.Errorf("%s: %w", file, err))
	}
	return len(all), mistakes
}

var (
	errNoExample = errors.New("is missing: a rule without cases under bad/ and good/ proves nothing")
	errRecipe    = errors.New("holds a recipe for certificates, which only the tests of the built-in rules can make")
)

// Recipes for certificates; see policies/recipes_test.go.
var recipes = [][]byte{[]byte("\nmake: "), []byte("make(")}

// HasRecipe tells whether an example needs certificates that only tests of the built-in rules can make.
func HasRecipe(text []byte) bool { return recipeAt(text) >= 0 }

func recipeAt(text []byte) int {
	for _, recipe := range recipes {
		if i := bytes.Index(text, recipe); i >= 0 {
			return i + bytes.IndexByte(recipe, 'm')
		}
	}
	return -1
}
