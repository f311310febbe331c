package main

import (
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var full = flag.Bool("full", false, "compile everything anew for the second build, with a build cache of its own")

const (
	repository = "../../.."
	version    = "v0.0.1-test"
	commit     = "0123456789abcdef0123456789abcdef01234567"
	created    = "2026-11-26T12:00:00Z"
)

// tested are the architectures that tests build for; arm64 takes as long again.
func tested() string {
	if testing.Short() {
		return "amd64"
	}
	return "amd64,arm64"
}

// crossBuild builds both programs from a source folder the way that make images does.
func crossBuild(t *testing.T, source string, env ...string) string {
	t.Helper()
	out := t.TempDir()
	for architecture := range strings.SplitSeq(tested(), ",") {
		c := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false",
			"-ldflags", "-s -w -X main.release="+version+" -X main.revision="+commit,
			"-o", filepath.Join(out, "linux_"+architecture)+"/", "./cmd/kslint", "./cmd/kslint-webhook")
		c.Dir = source
		c.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+architecture, "GOFLAGS="), env...)
		if output, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c, err, output)
		}
	}
	return out
}

// layouts assembles the images of a folder of binaries.
func layouts(t *testing.T, binaries string) string {
	t.Helper()
	out := t.TempDir()
	err := run([]string{
		"-binaries", binaries, "-out", out, "-architectures", tested(), "-version", version, "-commit", commit, "-created", created,
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// copySource copies what the two programs are built from to another folder.
func copySource(t *testing.T) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "elsewhere", "kslint")
	for _, folder := range []string{"cmd", "lint", "policies", "webhook"} {
		if err := os.CopyFS(filepath.Join(to, folder), os.DirFS(filepath.Join(repository, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// contents gives every file below a folder.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
