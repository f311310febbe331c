package configuration_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
)

var update = flag.Bool("update", false, "rewrite what is generated")

// TestGenerated_chartEntries holds the files of the chart against Build; make generate rewrites them.
func TestGenerated_chartEntries(t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce, lint.Strict} {
		text, err := configuration.ForChart(profile)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, filepath.Join("..", "..", "deploy", "helm", "kslint", "files", "webhooks-"+string(profile)+".yaml"), text)
	}
}

func hold(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what make generate writes: %v", name, err)
	}
}
