package snapshot

import (
	"context"
	"fmt"
	"time"

	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/lint/policy/example"
)

// selfTest holds a compiled rule against its example and gives the first mistake.
func selfTest(ctx context.Context, engine *policy.Engine, r policy.Loaded) error {
	if _, mistakes := example.Prove(ctx, engine, r); len(mistakes) > 0 {
		return fmt.Errorf("the self-test fails: %w", mistakes[0])
	}
	return nil
}

// proveBuiltIn holds the built-in rules against their examples, those with certificates excepted: tests have seen them. It gives
// the first mistake. rest is told after each rule how long that took.
func proveBuiltIn(ctx context.Context, snapshot *Snapshot, rest func(context.Context, time.Duration)) error {
	for _, r := range snapshot.Rules {
		if example.HasRecipe(r.Example()) {
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
