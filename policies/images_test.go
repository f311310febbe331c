package policies_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// TestImages holds the images in compiled/ against what the compiler makes of the policies; -update writes them.
func TestImages(t *testing.T) {
	index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files})
	if err != nil {
		t.Fatal(err)
	}
	images, err := index.Images()
	if err != nil {
		t.Fatal(err)
	}
	there, err := filepath.Glob("compiled/*.bin")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		if _, ok := images[filepath.ToSlash(file)]; ok {
			continue
		}
		if !*update {
			t.Errorf("%s is the image of nothing; run: make generate", file)
		} else if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(images)) {
		old, err := os.ReadFile(filepath.FromSlash(file))
		if err == nil && bytes.Equal(old, images[file]) {
			continue
		}
		if !*update {
			t.Errorf("%s is not what it would be made of; run: make generate", file)
		} else if err := os.WriteFile(filepath.FromSlash(file), images[file], 0o600); err != nil {
			t.Error(err)
		}
	}
}
