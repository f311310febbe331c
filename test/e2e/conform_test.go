package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	manifest "github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
)

// deployFolder holds what users install.
var deployFolder = filepath.Join("..", "..", "deploy")

// absent are the kinds of our manifests that the API server does not have, also of those that only some values of the chart ask for:
// they are of others, whose schemas it cannot tell. Any other kind without a schema is an error.
var absent = map[string]struct{}{
	"cert-manager.io/v1/Certificate":                {},
	"cert-manager.io/v1/Issuer":                     {},
	"monitoring.coreos.com/v1/PrometheusRule":       {},
	"monitoring.coreos.com/v1/ServiceMonitor":       {},
	"tekton.dev/v1/Task":                            {},
	"kustomize.config.k8s.io/v1beta1/Kustomization": {}, // a file for kustomize, which no API server ever sees
}

// noObjects are the files of the folder that are read by somebody else than an API server.
var noObjects = []string{
	"ci/gitlab.yml",
	"kubesphere-extension/extension.yaml",
	"kubesphere-extension/permissions.yaml",
	"kubesphere-extension/values.yaml",
	"monitoring/alerts.yaml",
}

// Everything that users install is what the API server's own OpenAPI allows, with no field more: what it does not know it drops, unless a
// client asks it to refuse.
func TestConform_manifestsFitTheServersOpenAPI(t *testing.T) {
	folder := t.TempDir()
	kinds := writeSchemas(t, folder)
	for kind := range absent {
		if kinds[kind] {
			t.Errorf("the API server has %s: judge it", kind)
		}
	}
	v, err := validator.New([]string{filepath.Join(folder, layout)}, validator.Opts{SkipKinds: absent, Strict: true})
	must(t, err)

	valid := 0
	for name, text := range manifests(t) {
		for _, r := range conform(v, name, text) {
			switch r.Status {
			case validator.Valid:
				valid++
			case validator.Skipped, validator.Empty:
			default:
				signature, _ := r.Resource.Signature()
				t.Errorf("%s: %s: %v", name, signature.QualifiedName(), r.Err)
			}
		}
	}
	if t.Logf("%d kinds have a schema, %d objects are valid", len(kinds), valid); len(kinds) < 100 || valid < 100 {
		t.Error("that is not all there is")
	}
	t.Run("what does not fit is refused", func(t *testing.T) { refusesWhatDoesNotFit(t, v) })
}

// refusesWhatDoesNotFit is the witness of the test above.
func refusesWhatDoesNotFit(t *testing.T, v validator.Validator) {
	for name, c := range map[string]struct {
		old, new string
		status   validator.Status
		message  string
	}{
		"a sound manifest":            {"replicas: 2", "replicas: 3", validator.Valid, ""},
		"a quantity as a number":      {`cpu: "1"`, "cpu: 1", validator.Valid, ""},
		"a share and a number":        {"replicas: 2", "replicas: 2\n  strategy: {rollingUpdate: {maxSurge: 10%, maxUnavailable: 1}}", validator.Valid, ""},
		"neither integer nor string":  {"replicas: 2", "replicas: 2\n  strategy: {rollingUpdate: {maxSurge: true}}", validator.Invalid, "/spec/strategy/rollingUpdate/maxSurge"},
		"a field that there is not":   {"replicas: 2", "replica: 2", validator.Invalid, "additional properties 'replica' not allowed"},
		"one deep down":               {"memory: 2Gi}", "memory: 2Gi}\n          limit: {}", validator.Invalid, "additional properties 'limit' not allowed"},
		"a wrong type":                {"replicas: 2", `replicas: "2"`, validator.Invalid, "at '/spec/replicas': got string"},
		"a field given twice":         {"replicas: 2", "replicas: 2\n  replicas: 3", validator.Error, `"replicas" already set`},
		"a version that there is not": {"apiVersion: apps/v1", "apiVersion: apps/v1beta1", validator.Error, "could not find schema"},
		"a kind in the wrong case":    {"kind: Deployment", "kind: deployment", validator.Invalid, "at '/kind'"},
		"something that is no object": {"kind: Deployment", "kinds: [Deployment]", validator.Error, "missing 'kind' key"},
	} {
		for _, r := range conform(v, name, replace(t, sound(t), c.old, c.new)) {
			message := ""
			if r.Err != nil {
				message = r.Err.Error()
			}
			if r.Status != c.status || !strings.Contains(message, c.message) {
				t.Errorf("%s: status %d, want %d: %s", name, r.Status, c.status, message)
			}
		}
	}
}

// conform judges each document of a text.
func conform(v validator.Validator, name, text string) (all []validator.Result) {
	for _, document := range separator.Split(text, -1) {
		all = append(all, v.ValidateResource(manifest.Resource{Path: name, Bytes: []byte(document)}))
	}
	return all
}

// manifests are the texts that are judged, by their names: the chart as it is rendered, with its hooks; what kustomize makes of each
// overlay; and every file of the folder, those that the overlays build upon among them.
func manifests(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	take := func(name, file string) {
		data, err := os.ReadFile(file)
		must(t, err)
		all[name] = string(data)
	}
	rendered, err := filepath.Glob(filepath.Join("..", "deploy", "testdata", "*.yaml"))
	must(t, err)
	for _, file := range rendered {
		take("the chart under "+filepath.Base(file), file)
	}
	overlays, err := filepath.Glob(filepath.Join(deployFolder, "kustomize", "overlays", "*"))
	must(t, err)
	for _, folder := range overlays {
		all["the overlay "+filepath.Base(folder)] = kubectl(t, "", "kustomize", folder)
	}
	if len(rendered) < 2 || len(overlays) < 3 {
		t.Fatalf("the chart is rendered %d times, and there are %d overlays", len(rendered), len(overlays))
	}
	others := slices.Clone(noObjects)
	must(t, filepath.WalkDir(deployFolder, func(file string, _ fs.DirEntry, err error) error {
		must(t, err)
		name, err := filepath.Rel(deployFolder, file)
		must(t, err)
		if name == "helm" { // not YAML before it is rendered
			return filepath.SkipDir
		}
		if i := slices.Index(others, filepath.ToSlash(name)); i >= 0 {
			others = slices.Delete(others, i, i+1)
		} else if slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name)) {
			take(name, file)
		}
		return nil
	}))
	if len(others) > 0 {
		t.Errorf("there is no %q any more", others)
	}
	return all
}

// layout is what kubeconform is told the names of schemas by; of the core group it takes the version for the group.
const layout = "{{.ResourceKind}}-{{.Group}}-{{.ResourceAPIVersion}}.json"
