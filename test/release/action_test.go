package release

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

type action struct {
	Name, Description, Author string
	Branding                  map[string]string
	Inputs                    map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name  string            `json:"name,omitempty"`
	ID    string            `json:"id,omitempty"`
	If    string            `json:"if,omitempty"`
	Shell string            `json:"shell,omitempty"`
	Run   string            `json:"run,omitempty"`
	Uses  string            `json:"uses,omitempty"`
	Env   map[string]string `json:"env,omitempty"`
	With  map[string]string `json:"with,omitempty"`
}

func theAction(t *testing.T) action {
	t.Helper()
	var a action
	decode(t, "action.yml", text(t, "action.yml"), &a)
	return a
}

// runner is what GitHub's runner has for a job.
type runner struct {
	t                 *testing.T
	workspace, temp   string
	action            action
	inputs            map[string]string
	path, output, log string
}

func newRunner(t *testing.T, inputs map[string]string) *runner {
	r := &runner{t: t, workspace: t.TempDir(), temp: t.TempDir(), action: theAction(t), inputs: map[string]string{}}
	r.path, r.output = filepath.Join(r.temp, "path"), filepath.Join(r.temp, "output")
	for name, input := range r.action.Inputs {
		r.inputs[name] = input.Default
	}
	for name, value := range inputs {
		if _, ok := r.inputs[name]; !ok {
			t.Fatalf("no input %s", name)
		}
		r.inputs[name] = value
	}
	return r
}

var expression = regexp.MustCompile(`\$\{\{ inputs\.([a-z-]+) \}\}`)

// run runs the scripts of the action one after the other, until one fails, as the runner does; it gives the last status.
func (r *runner) run() int {
	r.t.Helper()
	folder, err := filepath.Abs(repository)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range r.action.Runs.Steps {
		if s.Run == "" {
			continue
		}
		script := filepath.Join(r.temp, "script.sh")
		write(r.t, r.temp, map[string]string{"script.sh": s.Run})
		added, _ := os.ReadFile(r.path) // not there before the first step
		env := []string{
			"GITHUB_PATH=" + r.path, "GITHUB_OUTPUT=" + r.output, "RUNNER_TEMP=" + r.temp, "GITHUB_ACTION_PATH=" + folder,
			"RUNNER_OS=Linux", "RUNNER_ARCH=" + map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH],
			"PATH=" + strings.ReplaceAll(strings.TrimSpace(string(added)), "\n", ":") + ":" + os.Getenv("PATH"),
		}
		for name, value := range s.Env {
			env = append(env, name+"="+expression.ReplaceAllStringFunc(value, func(e string) string {
				return r.inputs[expression.FindStringSubmatch(e)[1]]
			}))
		}
		out, status := run(r.t, command(r.t, r.workspace, env, "bash", "--noprofile", "--norc", "-eo", "pipefail", script))
		r.log += out
		if status != 0 {
			return status
		}
	}
	return 0
}

// TestAction_installsAReleaseAndLints runs the action's scripts with bash, against releases in a folder.
func TestAction_installsAReleaseAndLints(t *testing.T) {
	releases := "file://" + releaseFolder(t)
	for name, c := range map[string]struct {
		inputs map[string]string
		status int
		phrase string
	}{
		"a sound file passes":              {map[string]string{"paths": "sound.yaml"}, 0, ""},
		"a broken one is an annotation":    {nil, 1, "::error file=broken.yaml,line=12"},
		"a release by its name":            {map[string]string{"version": "v0.0.1", "annotations": "false"}, 1, "broken.yaml:12:"},
		"findings that need not fail":      {map[string]string{"fail-on": "never"}, 0, "::error file=broken.yaml"},
		"several paths and flags":          {map[string]string{"paths": "a folder\nsound.yaml\n", "args": "--skip=role-*\n--no-config\n"}, 0, ""},
		"messages in Chinese":              {map[string]string{"lang": "zh", "annotations": "false"}, 1, "主机"},
		"a release that does not exist":    {map[string]string{"version": "v9.9.9"}, 2, "v9.9.9/kslint_linux_" + runtime.GOARCH + ".tar.gz cannot be downloaded"},
		"an archive with another checksum": {map[string]string{"version": "v0.0.2"}, 2, "is not what checksums.txt says"},
		"a configuration that is missing":  {map[string]string{"config": "none.yaml"}, 2, "none.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			inputs := map[string]string{"releases": releases}
			for key, value := range c.inputs {
				inputs[key] = value
			}
			r := newRunner(t, inputs)
			write(t, r.workspace, map[string]string{"sound.yaml": sound, "a folder/broken.yaml": broken})
			if _, several := c.inputs["args"]; !several {
				write(t, r.workspace, map[string]string{"broken.yaml": broken})
			}
			if status := r.run(); status != c.status || !strings.Contains(r.log, c.phrase) {
				t.Errorf("status %d, expected %d and %q in\n%s", status, c.status, c.phrase, r.log)
			}
		})
	}
}

// TestAction_writesSARIFAndItsStatus asks for what the step that uploads needs.
func TestAction_writesSARIFAndItsStatus(t *testing.T) {
	r := newRunner(t, map[string]string{"releases": "file://" + releaseFolder(t), "sarif": "kslint.sarif"})
	write(t, r.workspace, map[string]string{"broken.yaml": broken})
	if status := r.run(); status != 1 {
		t.Fatalf("status %d: %s", status, r.log)
	}
	if out, err := os.ReadFile(r.output); err != nil || string(out) != "status=1\n" {
		t.Errorf("outputs are %q: %v", out, err)
	}
	data, err := os.ReadFile(filepath.Join(r.workspace, "kslint.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	var sarif struct{ Version string }
	if err := json.Unmarshal(data, &sarif); err != nil || sarif.Version != "2.1.0" {
		t.Errorf("SARIF %q: %v", sarif.Version, err)
	}
}

// TestAction_buildsFromSource uses the checkout of the action itself.
func TestAction_buildsFromSource(t *testing.T) {
	r := newRunner(t, map[string]string{"version": "source"})
	write(t, r.workspace, map[string]string{"sound.yaml": sound})
	if status := r.run(); status != 0 {
		t.Errorf("status %d: %s", status, r.log)
	}
}
