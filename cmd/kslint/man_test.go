package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra/doc"
)

// manFolder is set by deploy/release/man: the command itself does not carry what manual pages are made with.
var manFolder = flag.String("man", "", "folder to write the manual pages to")

// TestManPages writes the manual pages of all commands, the same bytes for the same SOURCE_DATE_EPOCH.
func TestManPages(t *testing.T) {
	dir := *manFolder
	if dir == "" {
		dir = t.TempDir()
		t.Setenv("SOURCE_DATE_EPOCH", "1767225600")
	}
	root := newRoot(streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" }})
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Section: "1", Source: "kslint", Manual: "kslint"}
	if err := doc.GenManTree(root, header, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kslint.1", "kslint-lint.1", "kslint-certs.1", "kslint-report-merge.1", "kslint-version.1"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), ".nh\n.TH \"KSLINT") {
			t.Errorf("%s is no manual page: %.80s", name, text)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "kslint-lint.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`\-\-shard`, `\-\-fail\-on`, "Exit status", "checkstyle"} {
		if !strings.Contains(string(text), part) && !strings.Contains(string(text), strings.ReplaceAll(part, `\-`, "-")) {
			t.Errorf("kslint-lint.1 lacks %s", part)
		}
	}
}
