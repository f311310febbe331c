package snapshot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/kslint/kslint/webhook/snapshot"
)

// BenchmarkNew is the way from nothing to the first snapshot of all built-in rules, and what the snapshot holds in memory.
func BenchmarkNew(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var s *snapshot.Store
	for b.Loop() {
		var err error
		if s, err = snapshot.New(b.Context(), snapshot.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-held")
	b.ReportMetric(float64(len(s.Current().Rules)), "rules")
}

// BenchmarkProve is the self-test of the built-in rules, which runs behind the start.
func BenchmarkProve(b *testing.B) {
	s, err := snapshot.New(b.Context(), snapshot.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Prove(b.Context())
	}
}

// BenchmarkKick is what a look costs: each second where nothing has changed, and where one of 50 rules of the user's has.
func BenchmarkKick(b *testing.B) {
	dir := b.TempDir()
	for i := range 50 {
		for name, text := range rule(fmt.Sprintf("own-%d", i), "{name} x") {
			file := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	s, err := snapshot.New(b.Context(), snapshot.Options{Policies: []string{dir}, Settle: 1})
	if err != nil || !s.Current().Sound() {
		b.Fatal(err, s.Status())
	}
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			s.Kick(b.Context())
		}
	})
	b.Run("changed", func(b *testing.B) {
		file, i := filepath.Join(dir, "rules/own/own-0/rule.rego"), 0
		for b.Loop() {
			i++
			text := rule("own-0", "{name} x")["rules/own/own-0/rule.rego"] + fmt.Sprintf("\n_x := %d\n", i)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			before := s.Current().Digest
			if s.Kick(b.Context()); s.Current().Digest == before {
				b.Fatal(s.Status())
			}
		}
	})
}
