package deploy

import (
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	apps "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

func TestChart_lints(t *testing.T) {
	for name, text := range matrix {
		var v values
		must(t, yaml.Unmarshal([]byte(text), &v))
		version := common.KubeVersion{Version: "v1.36.3", Major: "1", Minor: "36"}
		for _, m := range lint.RunAll(chartPath, v, namespace, lint.WithKubeVersion(&version)).Messages {
			t.Errorf("%s: %s", name, m)
		}
	}
}

// foreign are kinds of others, whose types are not at hand.
var foreign = map[string]bool{
	"cert-manager.io": true, "monitoring.coreos.com": true,
}

// Every object is one that Kubernetes knows, with no field that it does not know.
func TestChart_rendersWhatKubernetesKnows(t *testing.T) {
	strict := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	for name, text := range matrix {
		seen := map[string]bool{}
		for _, o := range objects(t, text) {
			if seen[o.GetNamespace()+id(o)] {
				t.Errorf("%s: %s is there twice", name, id(o))
			}
			seen[o.GetNamespace()+id(o)] = true
			if o.GetLabels()["app.kubernetes.io/name"] != "kslint" {
				t.Errorf("%s: %s does not say that it is kslint's", name, id(o))
			}
			if foreign[o.GroupVersionKind().Group] {
				continue
			}
			data, err := o.MarshalJSON()
			must(t, err)
			if _, _, err := strict.Decode(data, nil, nil); err != nil {
				t.Errorf("%s: %s: %v", name, id(o), err)
			}
		}
	}
}

// A key that is not known, or of another kind, is refused before anything is rendered.
func TestChart_refusesValues(t *testing.T) {
	for _, c := range []struct{ values, says string }{
		{`replicas: 3`, "additional properties 'replicas' not allowed"},
		{`webhook: {readServices: true}`, "additional properties 'readServices' not allowed"},
		{`webhook: {replica: 3}`, "additional properties 'replica' not allowed"},
		{`webhook: {replicas: 0}`, "minimum: got 0, want 1"},
		{`webhook: {match: {exclude: [a]}}`, "additional properties 'exclude' not allowed"},
		{`profile: audit`, "'observe', 'enforce', 'strict'"},
		{`config: {enforcment: {}}`, "additional properties 'enforcment' not allowed"},
		{`config: {enforcement: {error: refuse}}`, "/config/enforcement/error"},
		{`certificates: {mode: files}`, "'self', 'cert-manager'"},
		{`image: {digest: latest}`, "/image/digest"},
		{`audit: {interval: 600}`, "/audit/interval"},
		{`networkPolicy: {apiServer: {cidrs: [192.168.0.2]}}`, "/networkPolicy/apiServer/cidrs/0"},
		{`policies: {Team: {}}`, "Team"},
		{`policies: {team: {}}`, "policies.team needs either files or a configMap"},
		{`policies: {team: {configMap: a, files: {rules/a/a-b/rule.rego: x}}}`, "policies.team needs either files or a configMap"},
		{`{profile: enforce, config: {enforcement: {profile: observe}}}`, "profile is enforce and config.enforcement.profile is observe"},
		{`{profile: enforce, webhook: {replicas: 1}}`, "needs webhook.replicas of 2 or more"},
	} {
		if _, err := (release{values: c.values}).render(t); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.values, err)
		}
	}
}

func TestChart_refusesNamespacesThatTheWebhookShouldJudge(t *testing.T) {
	for _, name := range []string{"default", "kube-system"} {
		if _, err := (release{namespace: name}).render(t); err == nil || !strings.Contains(err.Error(), "needs a namespace of its own, not "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A second install would take the first one's configuration from it.
func TestChart_refusesASecondInstall(t *testing.T) {
	for _, c := range []struct{ there, says string }{
		{``, ""},
		{`{meta.helm.sh/release-name: kslint, meta.helm.sh/release-namespace: kslint-system}`, ""},
		{`{meta.helm.sh/release-name: kslint, meta.helm.sh/release-namespace: other}`, "is installed already, as release kslint in namespace other"},
		{`{meta.helm.sh/release-name: lint, meta.helm.sh/release-namespace: kslint-system}`, "is installed already, as release lint in namespace kslint-system"},
		{`{a: b}`, "that Helm has not made"},
	} {
		there := &unstructured.Unstructured{}
		if c.there != "" {
			var annotations map[string]string
			must(t, yaml.Unmarshal([]byte(c.there), &annotations))
			there.SetAnnotations(annotations)
		}
		_, err := release{cluster: withConfiguration(there)}.render(t)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", c.there, err)
		}
	}
}

// The doctor is asked before the cluster begins to enforce. An upgrade of one that does is perhaps what mends it.
func TestChart_asksTheDoctorOnTheWayUp(t *testing.T) {
	for _, c := range []struct {
		live, values string
		asked        bool
	}{
		{"", "profile: enforce", true},
		{"observe", "profile: enforce", true},
		{"observe", "profile: strict", true},
		{"enforce", "profile: strict", true},
		{"enforce", "profile: enforce", false},
		{"strict", "profile: enforce", false},
		{"strict", "profile: strict", false},
		{"observe", "profile: observe", false},
		{"observe", "{profile: enforce, hooks: {doctor: false}}", false},
	} {
		there := &unstructured.Unstructured{}
		if c.live != "" {
			there.SetAnnotations(map[string]string{
				"meta.helm.sh/release-name": "kslint", "meta.helm.sh/release-namespace": namespace, "kslint.io/profile": c.live,
			})
		}
		files, err := release{values: c.values, cluster: withConfiguration(there)}.render(t)
		must(t, err)
		if asked := strings.Contains(files["kslint/templates/hook-doctor.yaml"], "kind: Job"); asked != c.asked {
			t.Errorf("from %q with %s: asked %t", c.live, c.values, asked)
		}
	}
}

// Each file of a policy of one's own comes back under its path.
func TestChart_policiesKeepTheirPaths(t *testing.T) {
	all := named(objects(t, matrix["everything"]))
	data := all["ConfigMap/kslint-policies-team"].Object["data"].(values)
	for _, name := range []string{"Deployment/kslint-webhook", "Deployment/kslint-audit"} {
		var d apps.Deployment
		convert(t, all[name], &d)
		mounted := map[string]string{}
		for _, v := range d.Spec.Template.Spec.Volumes {
			if v.Name == "policies-team" {
				for _, item := range v.ConfigMap.Items {
					mounted[item.Path], _ = data[item.Key].(string)
				}
			}
		}
		if len(mounted) != 2 || !strings.HasPrefix(mounted["rules/shop/shop-image-tag/rule.rego"], "package policies.rules.shop") {
			t.Errorf("%s mounts %q", name, mounted)
		}
		if args := d.Spec.Template.Spec.Containers[0].Args; !slices.Contains(args, "--policies=/etc/kslint/policies/team") {
			t.Errorf("%s: %q", name, args)
		}
	}
}

// The notes say what happens next, in both languages.
func TestChart_notesSayWhatHappensNext(t *testing.T) {
	for text, want := range map[string][]string{
		"profile: observe":            {"nothing is denied", "不会拒绝任何请求", "--set profile=enforce", "cidrs is empty"},
		"profile: enforce":            {"kubectl delete validatingwebhookconfiguration kslint-webhook", "没有副本应答时", "--set profile=observe"},
		"hooks: {uninstall: false}":   {"hooks.uninstall is off", "hooks.uninstall 已关闭"},
		"audit: {extraArgs: [--a=b]}": {"helm test kslint -n " + namespace},
	} {
		files, err := release{values: text}.render(t)
		must(t, err)
		for _, w := range want {
			if notes := files["kslint/templates/NOTES.txt"]; !strings.Contains(notes, w) {
				t.Errorf("%s: %q is missing in %s", text, w, notes)
			}
		}
	}
}

// What is not mounted cannot be reloaded, and a subPath mount never changes.
func TestChart_mountsWhatChanges(t *testing.T) {
	for _, o := range objects(t, matrix["everything"]) {
		text, err := yaml.Marshal(o.Object)
		must(t, err)
		if strings.Contains(string(text), "subPath") {
			t.Errorf("%s mounts a subPath", id(o))
		}
	}
}
