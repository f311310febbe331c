package configuration

import (
	"slices"

	admission "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// rule is for requests that make or change something. Deletions are never sent: nothing that we could say about one would
// help. Subresources are listed where they change what rules judge, as webhook/verdict decides; a resource here is not its
// subresources (webhook.md F9). Versions are not named: whatever the API server serves next is sent as well.
func rule(group string, resources ...string) admission.RuleWithOperations {
	return ruleFor([]admission.OperationType{admission.Create, admission.Update}, group, resources)
}

func ruleFor(operations []admission.OperationType, group string, resources []string) admission.RuleWithOperations {
	return admission.RuleWithOperations{
		Operations: operations,
		Rule:       admission.Rule{APIGroups: []string{group}, APIVersions: []string{"*"}, Resources: resources},
	}
}

// workloads are what has a Pod or a template of one: Kubernetes' own kinds, and those that KubeSphere 3.x spreads over clusters; but for
// newWorkloads.
func workloads() []admission.RuleWithOperations {
	return append([]admission.RuleWithOperations{
		rule("", "pods", "pods/ephemeralcontainers", "pods/resize", "replicationcontrollers"),
		rule("apps", "replicasets"),
		rule("batch", "jobs"),
	}, outermostFor(admission.Update)...)
}

// outermost are the workloads that no controller of Kubernetes and no node creates: what controllers do to them is to update them.
var outermost = []struct {
	group     string
	resources []string
}{
	{"apps", []string{"daemonsets", "deployments", "statefulsets"}},
	{"batch", []string{"cronjobs"}},
	{"types.kubefed.io", []string{"federateddaemonsets", "federateddeployments", "federatedjobs", "federatedreplicasets", "federatedstatefulsets"}},
}

// newWorkloads are creations that come from people and pipelines only, so that nothing has to tell them apart.
func newWorkloads() []admission.RuleWithOperations { return outermostFor(admission.Create) }

func outermostFor(operation admission.OperationType) (all []admission.RuleWithOperations) {
	for _, k := range outermost {
		all = append(all, ruleFor([]admission.OperationType{operation}, k.group, slices.Clone(k.resources)))
	}
	return all
}

// OnlyByPeople tells whether a rule matches nothing but creations of what no controller of Kubernetes and no node creates: an entry with
// such rules needs no condition that leaves these out.
func OnlyByPeople(r admission.RuleWithOperations) bool {
	if len(r.Operations) == 0 || len(r.APIGroups) != 1 || slices.ContainsFunc(r.Operations, func(o admission.OperationType) bool { return o != admission.Create }) {
		return false
	}
	for _, k := range outermost {
		if k.group == r.APIGroups[0] {
			return !slices.ContainsFunc(r.Resources, func(name string) bool { return !slices.Contains(k.resources, name) })
		}
	}
	return false
}

// configurations are KubeSphere's, in the namespace kubesphere.
func configurations() []admission.RuleWithOperations {
	return []admission.RuleWithOperations{
		rule("", "configmaps"),
		rule("installer.kubesphere.io", "clusterconfigurations"),
	}
}

// others are judged, and nobody should wait for it: a KubeSphere Cluster and a PodDisruptionBudget have only warnings, KubeKey repairs
// clusters, and no volume should wait for us.
func others() []admission.RuleWithOperations {
	return []admission.RuleWithOperations{
		rule("cluster.kubesphere.io", "clusters"),
		rule("kubekey.kubesphere.io", "clusters", "configs", "inventories"),
		rule("policy", "poddisruptionbudgets"),
		rule("storage.k8s.io", "storageclasses"),
	}
}

func secrets() []admission.RuleWithOperations {
	return []admission.RuleWithOperations{rule("", "secrets")}
}

// createdPods are those that controllers make; what they do to them afterwards changes nothing that runs.
func createdPods() []admission.RuleWithOperations {
	return []admission.RuleWithOperations{ruleFor([]admission.OperationType{admission.Create}, "", []string{"pods"})}
}

// namespaces are with all subresources through which labels can be written.
func namespaces() []admission.RuleWithOperations {
	return []admission.RuleWithOperations{rule("", "namespaces", "namespaces/finalize", "namespaces/status")}
}

func more(all []schema.GroupResource) []admission.RuleWithOperations {
	byGroup := map[string][]string{}
	for _, m := range all {
		byGroup[m.Group] = append(byGroup[m.Group], m.Resource)
	}
	var rules []admission.RuleWithOperations
	for group, resources := range byGroup {
		slices.Sort(resources)
		rules = append(rules, rule(group, resources...))
	}
	slices.SortFunc(rules, func(a, b admission.RuleWithOperations) int { return slices.Compare(a.APIGroups, b.APIGroups) })
	return rules
}
