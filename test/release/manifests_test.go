package release

import (
	"os"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// manifests decodes a file strictly into the API's own types.
func manifests(t *testing.T, name string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for i, document := range strings.Split(text(t, name), "\n---\n") {
		var meta metav1.TypeMeta
		if err := yamlLoose(document, &meta); err != nil {
			t.Fatalf("%s, document %d: %v", name, i, err)
		}
		var object any
		switch meta.APIVersion + " " + meta.Kind {
		case "v1 Namespace":
			object = &corev1.Namespace{}
		case "v1 PersistentVolumeClaim":
			object = &corev1.PersistentVolumeClaim{}
		case "batch/v1 Job":
			object = &batchv1.Job{}
		case "batch/v1 CronJob":
			object = &batchv1.CronJob{}
		default:
			t.Fatalf("%s, document %d: unexpected %s %s", name, i, meta.APIVersion, meta.Kind)
		}
		decode(t, name, document, object)
		all[meta.Kind] = object
	}
	return all
}

var deployed = []string{"deploy/fleet/job.yaml", "deploy/fleet/merge.yaml", "deploy/node/cronjob.yaml"}

func TestManifests_areStrictlyKubernetes(t *testing.T) {
	for _, name := range deployed {
		manifests(t, name)
	}
}

// TestManifests_haveNoFinding lints what we ship, with every rule on.
func TestManifests_haveNoFinding(t *testing.T) {
	config := t.TempDir() + "/all.yaml"
	if err := os.WriteFile(config, []byte("rules: {\"*\": on}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	folders := []string{"deploy/fleet", "deploy/node", "deploy/ci"}
	out, status := run(t, command(t, repository, nil, "kslint", append([]string{"lint", "--config", config, "--fail-on=info"}, folders...)...))
	if status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
}

// TestManifests_podsAreRestricted: what asks for nothing of a node has the restricted profile of Pod Security.
func TestManifests_podsAreRestricted(t *testing.T) {
	for _, name := range deployed[:2] {
		spec := manifests(t, name)["Job"].(*batchv1.Job).Spec.Template.Spec
		if p := spec.SecurityContext; p == nil || p.RunAsNonRoot == nil || !*p.RunAsNonRoot || p.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
			t.Errorf("%s: the Pod is not restricted", name)
		}
		for _, c := range append(spec.InitContainers, spec.Containers...) {
			s := c.SecurityContext
			if s == nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" {
				t.Errorf("%s: %s is not restricted", name, c.Name)
			}
		}
	}
}

// expand puts variables into arguments as the kubelet does.
func expand(c corev1.Container, more map[string]string) []string {
	args := make([]string, 0, len(c.Args))
	for _, arg := range c.Args {
		for _, e := range c.Env {
			arg = strings.ReplaceAll(arg, "$("+e.Name+")", e.Value)
		}
		for name, value := range more {
			arg = strings.ReplaceAll(arg, "$("+name+")", value)
		}
		args = append(args, arg)
	}
	return args
}
