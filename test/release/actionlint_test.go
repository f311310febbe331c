package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// actionlint runs the pinned actionlint in a folder.
func actionlint(t *testing.T, folder string, args ...string) (string, int) {
	t.Helper()
	tools, err := filepath.Abs(filepath.Join(repository, ".ci/tools/actionlint.mod"))
	if err != nil {
		t.Fatal(err)
	}
	return run(t, command(t, folder, nil, "go", append([]string{"tool", "-modfile=" + tools, "actionlint"}, args...)...))
}

// TestAction_stepsAreSound checks the steps as those of a workflow with the same inputs: actionlint reads no action by itself.
func TestAction_stepsAreSound(t *testing.T) {
	a := theAction(t)
	inputs := map[string]any{}
	for name, input := range a.Inputs {
		inputs[name] = map[string]any{"type": "string", "default": input.Default, "description": input.Description}
	}
	workflow := func(steps []step) string {
		data, err := yaml.Marshal(map[string]any{
			"on":   map[string]any{"workflow_call": map[string]any{"inputs": inputs}},
			"jobs": map[string]any{"action": map[string]any{"runs-on": "ubuntu-latest", "steps": steps}},
		})
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "workflow.yml")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	if out, status := actionlint(t, repository, workflow(a.Runs.Steps)); status != 0 {
		t.Errorf("action.yml: %s", out)
	}
	wrong := []step{{Run: "true", Shell: "bash", If: "${{ inputs.no-such-input == 'true' }}"}}
	if _, status := actionlint(t, repository, workflow(wrong)); status == 0 {
		t.Error("an unknown input is accepted: the check proves nothing")
	}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: an input in the text of a script is code that others write", s.Name)
		}
	}
}

// TestDocs_workflowsAreSound checks the workflows that docs show, and that they name inputs that there are.
func TestDocs_workflowsAreSound(t *testing.T) {
	inputs := theAction(t).Inputs
	for _, name := range []string{"docs/ci.md", "docs/zh/ci.md"} {
		page := text(t, name)
		_, block, found := strings.Cut(page, "```yaml\nname: kslint\n")
		block, _, _ = strings.Cut(block, "```")
		if !found {
			t.Fatalf("%s shows no workflow", name)
		}
		folder := t.TempDir()
		write(t, folder, map[string]string{"workflow.yml": block})
		if out, status := actionlint(t, repository, filepath.Join(folder, "workflow.yml")); status != 0 {
			t.Errorf("%s: %s", name, out)
		}
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct{ With map[string]any }
			}
		}
		if err := yaml.Unmarshal([]byte(block), &workflow); err != nil {
			t.Fatal(err)
		}
		for _, s := range workflow.Jobs["kslint"].Steps {
			for input := range s.With {
				if _, ok := inputs[input]; !ok {
					t.Errorf("%s: no input %s", name, input)
				}
			}
		}
		for input := range inputs {
			if !strings.Contains(page, "| `"+input+"` |") {
				t.Errorf("%s does not say what %s is", name, input)
			}
		}
	}
}

// TestActions_arePinned: a tag can be moved to other code, which then runs with the permissions of the release. So whatever runs here or
// in the pipelines of users is named by its commit, and says which version that is. docs/ show tags, which people can read.
func TestActions_arePinned(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(repository, ".github/workflows/*.yml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	pinned := regexp.MustCompile(`^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	for _, name := range append(names, filepath.Join(repository, "action.yml")) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			_, action, is := strings.Cut(strings.TrimSpace(line), "uses: ")
			if is && action != "./" && !pinned.MatchString(action) {
				t.Errorf("%s: %s: expected a commit and the version in a comment", filepath.Base(name), action)
			}
		}
	}
}
