package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/lint/policy/example"
)

// proof is how long a rule may take over its own example: one that takes longer would take it at every request.
const proof = 5 * time.Second

// selfTest holds a compiled rule against its example, through the real decoder, classifier, engine and locator.
func selfTest(ctx context.Context, engine *policy.Engine, r policy.Loaded) error {
	file := path.Join(path.Dir(r.File), "example.txtar")
	text := r.Example()
	if text == nil {
		return fmt.Errorf("%s: %w", file, errNoExample)
	}
	if made(text) {
		return fmt.Errorf("%s:%d: %w", file, 1+bytes.Count(text[:madeAt(text)], []byte("\n")), errRecipe)
	}
	cases, err := example.Parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	ctx, cancel := context.WithTimeout(ctx, proof)
	defer cancel()
	for _, c := range cases {
		if mistakes := c.Run(ctx, engine, r.Rule, c.Alone(r.Rule)); len(mistakes) > 0 {
			return fmt.Errorf("%s: the self-test fails: %s/%s", file, c.Name, mistakes[0])
		}
	}
	return ctx.Err()
}

var (
	errNoExample = errors.New("is missing: a rule without cases under bad/ and good/ proves nothing")
	errRecipe    = errors.New("holds a recipe for certificates, which only the tests of the built-in rules can make")
)

// Recipes for certificates; see policies/recipes_test.go.
var recipes = [][]byte{[]byte("\nmake: "), []byte("make(")}

func made(text []byte) bool { return madeAt(text) >= 0 }

func madeAt(text []byte) int {
	for _, recipe := range recipes {
		if i := bytes.Index(text, recipe); i >= 0 {
			return i + bytes.IndexByte(recipe, 'm')
		}
	}
	return -1
}

// proveBuiltIn holds the built-in rules against their examples, those with certificates excepted: tests have seen them. It gives
// the first mistake. rest is told after each rule how long that took.
func proveBuiltIn(ctx context.Context, snapshot *Snapshot, rest func(context.Context, time.Duration)) error {
	for _, r := range snapshot.Rules {
		if made(r.Example()) {
			continue
		}
		began := time.Now()
		if err := selfTest(ctx, snapshot.Engine, r); err != nil {
			return err
		}
		rest(ctx, time.Since(began))
	}
	return nil
}

// rest waits nine times as long as something took, so that it has a tenth of a processor.
func rest(ctx context.Context, took time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(9 * took):
	}
}
