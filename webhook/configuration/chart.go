package configuration

import (
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
)

// guardedPlaceholder stands in the chart's entries for the labels that a release guards.
const guardedPlaceholder = "kslint.io/guarded-label"

const chartHead = `# Generated from webhook/configuration by make generate; do not edit. The entries of the ValidatingWebhookConfiguration under the
# profile of the file's name. A template replaces, for a release:
# - clientConfig.service: namespace, name;
# - namespaceSelector: the webhook's namespace in each NotIn that names kube-system, with more excluded namespaces behind it; the
#   list that names kubesphere-monitoring-system, in the entries of workloads, where other namespaces are KubeSphere's own;
# - matchConditions: "system:kube-controller-manager", with more controllers behind it, which new-workloads.kslint.io gets then as well;
#   ["` + guardedPlaceholder + `"] by the labels that are guarded.
# It leaves secrets.kslint.io without rules, or out, unless Secrets are sent, and guard.kslint.io unless labels are guarded.
`

// ForChart gives all entries under a profile as YAML, with default values and the ones that are opt-in: what the chart's template
// takes in.
func ForChart(profile lint.Profile) ([]byte, error) {
	c := Build(Values{Profile: profile, Secrets: true, GuardedLabels: []string{guardedPlaceholder}})
	text, err := yaml.Marshal(c.Webhooks)
	return append([]byte(chartHead), text...), err
}

// YAML gives a configuration as kubectl takes it.
func YAML(v Values) ([]byte, error) {
	return yaml.Marshal(Build(v))
}
