// Package bench times the command as its users run it: whole processes.
package bench

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kslint/kslint/test/generate"
)

// The bars are those of docs/status.md: figures are printed, never asserted, machines are noisy.

func BenchmarkVersion(b *testing.B) { command(b, "version") }

func BenchmarkLint_clusterConfiguration(b *testing.B) {
	command(b, "lint", "--no-config", write(b, "cluster-configuration.yaml", generate.ClusterConfiguration()))
}

func BenchmarkLint_1000Workloads(b *testing.B) {
	command(b, "lint", "--no-config", write(b, "workloads.yaml", generate.Workloads(1, 1000, 2)))
}

func BenchmarkLint_1000WorkloadsAllRules(b *testing.B) {
	command(b, "lint", "-c", write(b, "kslint.yaml", "rules: {'*': on}"), "--fail-on", "never", write(b, "workloads.yaml", generate.Workloads(1, 1000, 2)))
}

func BenchmarkLint_1000WorkloadsIn200Files(b *testing.B) {
	dir := b.TempDir()
	for i := range 200 {
		name := filepath.Join(dir, "team", string(rune('a'+i%26)), "file"+strings.Repeat("x", i/26)+".yaml")
		put(b, name, generate.Workloads(uint64(i), 5, 2))
	}
	command(b, "lint", "--no-config", dir)
}

// BenchmarkLint_10000WorkloadsAllRules lints 29 MB in 2,000 files with every rule on.
func BenchmarkLint_10000WorkloadsAllRules(b *testing.B) {
	dir := b.TempDir()
	for i := range 2000 {
		put(b, filepath.Join(dir, strconv.Itoa(i/50), strconv.Itoa(i)+".yaml"), generate.Workloads(uint64(i), 5, 2))
	}
	command(b, "lint", "-c", write(b, "kslint.yaml", "rules: {'*': on}"), "--fail-on", "never", dir)
}

func write(b *testing.B, name, text string) string {
	b.Helper()
	name = filepath.Join(b.TempDir(), name)
	put(b, name, text)
	return name
}

func put(b *testing.B, name, text string) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

// command runs the binary of make build and reports the median wall time and the largest memory.
func command(b *testing.B, args ...string) {
	b.Helper()
	binary, err := filepath.Abs("../../bin/kslint")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		b.Skip("bin/kslint is not built: run make bench")
	}
	var walls []time.Duration
	memory := int64(0)
	for b.Loop() {
		c := exec.Command(binary, args...)
		begin := time.Now()
		out, err := c.CombinedOutput()
		walls = append(walls, time.Since(begin))
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || c.ProcessState.ExitCode() > 1 {
			b.Fatalf("%v: %s", err, out)
		}
		if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
			memory = max(memory, usage.Maxrss)
		}
	}
	slices.Sort(walls)
	b.ReportMetric(float64(walls[len(walls)/2].Microseconds())/1000, "ms(median)")
	b.ReportMetric(float64(memory)/1024, "MiB(peak)")
	b.ReportMetric(0, "ns/op")
}
