package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// kslint finds nothing in its own chart, with every rule on.
func TestChart_kslintFindsNothing(t *testing.T) {
	kslint := command(t, "kslint")
	for name, text := range matrix {
		folder := t.TempDir()
		for i, o := range objects(t, text) {
			data, err := yaml.Marshal(o.Object)
			must(t, err)
			file := strings.ToLower(o.GetKind()) + "-" + o.GetName() + "-" + string(rune('a'+i%26)) + ".yaml"
			must(t, os.WriteFile(filepath.Join(folder, file), data, 0o600))
		}
		config := filepath.Join(t.TempDir(), "kslint.yaml")
		must(t, os.WriteFile(config, []byte("rules: {\"*\": \"on\"}\n"), 0o600))
		if out, status := run(t, kslint, "lint", "--config", config, folder); status != 0 || strings.Contains(out, "warning") || strings.Contains(out, "info") {
			t.Errorf("%s: exit status %d: %s", name, status, out)
		}
	}
}

// The witness of the test above: what a release must not be is found.
func TestChart_kslintWouldFindIt(t *testing.T) {
	kslint := command(t, "kslint")
	for _, o := range objects(t, "webhook: {resources: {limits: {memory: null}}}") {
		if id(o) != "Deployment/kslint-webhook" {
			continue
		}
		data, err := yaml.Marshal(o.Object)
		must(t, err)
		folder := t.TempDir()
		must(t, os.WriteFile(filepath.Join(folder, "deployment.yaml"), data, 0o600))
		must(t, os.WriteFile(filepath.Join(folder, ".kslint.yaml"), []byte("rules: {\"*\": \"on\"}\n"), 0o600))
		if out, _ := run(t, kslint, "lint", folder); !strings.Contains(out, "workload-memory-limit-missing") {
			t.Error(out)
		}
	}
}

// The configuration that the chart mounts is one that the command takes.
func TestChart_configurationIsOne(t *testing.T) {
	kslint := command(t, "kslint")
	for name, text := range matrix {
		for _, o := range objects(t, text) {
			if id(o) != "ConfigMap/kslint-config" {
				continue
			}
			file := filepath.Join(t.TempDir(), "kslint.yaml")
			must(t, os.WriteFile(file, []byte(o.Object["data"].(values)["kslint.yaml"].(string)), 0o600))
			if out, status := run(t, kslint, "lint", "--config", file, filepath.Dir(file)); status != 0 {
				t.Errorf("%s: exit status %d: %s", name, status, out)
			}
		}
	}
}
