package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestLint_sameBytesTwice lints whole clusters with faults, on all cores and on one: the output is the same to the byte.
func TestLint_sameBytesTwice(t *testing.T) {
	dir := t.TempDir()
	for _, kind := range facttest.Kinds() {
		l := facttest.Write(kind, 3, facttest.Ends("", -1))
		for name, data := range l.Files {
			name = filepath.Join(dir, string(kind), name)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	output := func(cores int, format string) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		var out, err bytes.Buffer
		run([]string{"lint", "-v", "-o", format, "--now", "2026-08-01T00:00:00Z", dir, repository + "examples"},
			streams{In: &bytes.Buffer{}, Out: &out, Err: &err, Env: func(string) string { return "" }})
		return out.String() + err.String()
	}
	for _, format := range []string{"text", "json"} {
		first := output(runtime.NumCPU(), format)
		if len(first) < 1000 {
			t.Fatalf("little is found: %s", first)
		}
		if second := output(runtime.NumCPU(), format); second != first {
			t.Errorf("%s: two runs differ", format)
		}
		if single := output(1, format); single != first {
			t.Errorf("%s: a run on one core differs", format)
		}
	}
}
