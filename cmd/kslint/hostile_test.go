package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// itself runs this command as a process of its own, as somebody; it gives status, standard error and peak memory in bytes.
func itself(t *testing.T, who *syscall.Credential, dir string, args ...string) (status int, stderr string, peak int64) {
	t.Helper()
	binary := filepath.Join(dir, "kslint") // testscript tells by the name that it is to be the command
	if _, err := os.Stat(binary); err != nil {
		own, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(own)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(binary, data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // against hangs alone
	defer cancel()
	c := exec.CommandContext(ctx, binary, args...)
	c.Dir, c.SysProcAttr = dir, &syscall.SysProcAttr{Credential: who}
	var out bytes.Buffer
	c.Stderr = &out
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	usage, _ := c.ProcessState.SysUsage().(*syscall.Rusage)
	return c.ProcessState.ExitCode(), out.String(), usage.Maxrss << 10
}

// TestHostileInput_memoryAndPanics: bad input gives one line, status 2, and no more than 500 MiB.
func TestHostileInput_memoryAndPanics(t *testing.T) {
	dir := t.TempDir()
	kinds := map[string]string{
		"nested":      strings.Repeat("[", 10000) + strings.Repeat("]", 10000),
		"nestedBlock": strings.Repeat("- ", 10000) + "a",
		"laughs":      laughs("a: &a [x, x, x, x, x, x, x, x, x]", 14),
		"itself":      "a: &a [*a]\n",
		"oneLine":     "a: \"" + strings.Repeat("x", 30<<20),
		"anchors":     "a: &a 1\n" + strings.Repeat("- *a\n", 1<<20),
		"separators":  strings.Repeat("--- x: y: z\n", 1<<16),
	}
	for name, text := range kinds {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".yaml")
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			status, stderr, peak := itself(t, nil, dir, "lint", "--no-config", name+".yaml")
			lines := strings.Count(stderr, "\n")
			if status != exitFailed || strings.Contains(stderr, "goroutine") || lines == 0 || name != "separators" && lines != 1 {
				t.Errorf("status %d, %d lines: %.300s", status, lines, stderr)
			}
			if peak > 500<<20 {
				t.Errorf("%d MiB", peak>>20)
			}
			_ = os.Remove(file)
		})
	}
}

func laughs(first string, levels int) string {
	var b strings.Builder
	b.WriteString(first + "\n")
	for i := 1; i < levels; i++ {
		before, own := string(rune('a'+i-1)), string(rune('a'+i))
		b.WriteString(own + ": &" + own + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 9), ", ") + "]\n")
	}
	return b.String()
}

// TestUnreadable_permission needs somebody whom permissions stop: where the test runs as root, the command runs as nobody.
func TestUnreadable_permission(t *testing.T) {
	dir := t.TempDir()
	var who *syscall.Credential
	if os.Geteuid() == 0 {
		who = &syscall.Credential{Uid: 65534, Gid: 65534}
		for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	closed := filepath.Join(dir, "closed.yaml")
	if err := os.WriteFile(closed, []byte("a: 1\n"), 0o200); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"closed.yaml", "."} {
		status, stderr, _ := itself(t, who, dir, "lint", "--no-config", path)
		if status != exitFailed || stderr != "closed.yaml: failed: permission denied\n" {
			t.Errorf("%s: status %d, %q", path, status, stderr)
		}
	}
}
