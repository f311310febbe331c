package release

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// tektonTask has the fields of tekton.dev/v1 that deploy/ci/tekton.yaml uses, by the names of Tekton's reference; Tekton's own module
// would bring its whole controller.
type tektonTask struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Description string `json:"description"`
		Params      []struct {
			Name        string `json:"name"`
			Type        string `json:"type"`
			Description string `json:"description"`
			Default     any    `json:"default"`
		} `json:"params"`
		Workspaces []struct {
			Name        string `json:"name"`
			Description string `json:"description"`
			ReadOnly    bool   `json:"readOnly"`
		} `json:"workspaces"`
		Steps []struct {
			Name             string                      `json:"name"`
			Image            string                      `json:"image"`
			WorkingDir       string                      `json:"workingDir"`
			Command          []string                    `json:"command"`
			Args             []string                    `json:"args"`
			ComputeResources corev1.ResourceRequirements `json:"computeResources"`
			SecurityContext  corev1.SecurityContext      `json:"securityContext"`
		} `json:"steps"`
	} `json:"spec"`
}

// TestTekton_taskRuns puts parameters into the step's arguments as Tekton does, and runs them.
func TestTekton_taskRuns(t *testing.T) {
	var task tektonTask
	decode(t, "tekton.yaml", text(t, "deploy/ci/tekton.yaml"), &task)
	given := map[string][]string{"paths": {"broken.yaml", "sound.yaml"}}
	for failOn, want := range map[string]int{"error": 1, "never": 0} {
		var args []string
		for _, arg := range task.Spec.Steps[0].Args {
			for _, p := range task.Spec.Params {
				switch value := p.Default.(type) {
				case string:
					arg = strings.ReplaceAll(arg, "$(params."+p.Name+")", failOn)
				case []any:
					if arg != "$(params."+p.Name+"[*])" {
						continue
					}
					arg = ""
					args = append(args, given[p.Name]...)
					for _, v := range value {
						if given[p.Name] == nil {
							args = append(args, v.(string))
						}
					}
				}
			}
			if arg != "" {
				args = append(args, arg)
			}
		}
		folder := t.TempDir()
		write(t, folder, map[string]string{"broken.yaml": broken, "sound.yaml": sound})
		out, status := run(t, command(t, folder, nil, task.Spec.Steps[0].Command[0], args...))
		if status != want || strings.Contains(strings.Join(args, " "), "$(") || !strings.Contains(out, "broken.yaml:12:") {
			t.Errorf("%v: status %d, expected %d: %s", args, status, want, out)
		}
	}
}
