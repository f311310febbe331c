package audit

import (
	"errors"
	"fmt"
	"slices"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// kind is a sort of objects that the audit may read.
type kind struct {
	group, resource string
	// targets are what its objects may be to a rule.
	targets []lint.Target
	// objects are the only ones that are read, by namespace and name; nil for all.
	objects [][2]string
	// bears says that controllers make other objects of a template in these.
	bears bool
	// certificates says that they may hold certificates.
	certificates bool
}

var templates = []lint.Target{lint.Workload, lint.KubeSphereWorkload}

// kinds is the one table of what is read, in this order: what bears others comes before those. A kind that no rule speaks about,
// and that holds no certificates, is not read.
var kinds = []kind{
	{group: "apps", resource: "deployments", targets: templates, bears: true},
	{group: "apps", resource: "statefulsets", targets: templates, bears: true},
	{group: "apps", resource: "daemonsets", targets: templates, bears: true},
	{group: "apps", resource: "replicasets", targets: templates, bears: true},
	{group: "", resource: "replicationcontrollers", targets: templates, bears: true},
	{group: "batch", resource: "cronjobs", targets: templates, bears: true},
	{group: "batch", resource: "jobs", targets: templates, bears: true},
	{group: "", resource: "pods", targets: append([]lint.Target{lint.StaticPod}, templates...)},
	{group: "types.kubefed.io", resource: "federateddeployments", targets: templates},
	{group: "types.kubefed.io", resource: "federatedstatefulsets", targets: templates},
	{group: "types.kubefed.io", resource: "federateddaemonsets", targets: templates},
	{group: "types.kubefed.io", resource: "federatedreplicasets", targets: templates},
	{group: "types.kubefed.io", resource: "federatedjobs", targets: templates},
	{group: "installer.kubesphere.io", resource: "clusterconfigurations", targets: []lint.Target{lint.ClusterConfiguration}},
	{group: "cluster.kubesphere.io", resource: "clusters", targets: []lint.Target{lint.KubeSphereCluster, lint.Kubeconfig}, certificates: true},
	named("kubesphere-system", lint.KSInstallerConfig, "ks-installer"),
	named("kubesphere-system", lint.KubeSphereConfig, "kubesphere-config"),
	named("kubesphere-system", lint.KSConsoleConfig, "ks-console-config"),
	named("kube-system", lint.Corefile, "coredns", "nodelocaldns"),
	{group: "policy", resource: "poddisruptionbudgets", targets: []lint.Target{lint.PDB}},
	{group: "autoscaling", resource: "horizontalpodautoscalers", targets: []lint.Target{lint.HPA}},
	{group: "", resource: "nodes", targets: []lint.Target{lint.Node}},
	{group: "", resource: "namespaces", targets: []lint.Target{lint.Namespace}},
	{group: "", resource: "limitranges", targets: []lint.Target{lint.LimitRange}},
	{group: "", resource: "services", targets: []lint.Target{lint.Service}},
	{group: "storage.k8s.io", resource: "storageclasses", targets: []lint.Target{lint.StorageClass}},
	{group: "admissionregistration.k8s.io", resource: "validatingwebhookconfigurations", targets: []lint.Target{lint.WebhookConfig}, certificates: true},
	{group: "admissionregistration.k8s.io", resource: "mutatingwebhookconfigurations", targets: []lint.Target{lint.WebhookConfig}, certificates: true},
	{group: "apiregistration.k8s.io", resource: "apiservices", targets: []lint.Target{lint.APIService}, certificates: true},
	{group: "apiextensions.k8s.io", resource: "customresourcedefinitions", targets: []lint.Target{lint.CRD}, certificates: true},
}

// named are ConfigMaps that are known by their names.
func named(namespace string, target lint.Target, names ...string) kind {
	k := kind{resource: "configmaps", targets: []lint.Target{target}}
	for _, name := range names {
		k.objects = append(k.objects, [2]string{namespace, name})
	}
	return k
}

func (k *kind) name() string {
	return schema.GroupResource{Group: k.group, Resource: k.resource}.String()
}

// companions are what rules that see a set look at beside their subject. Asked about one object alone they say nothing about these.
var companions = []lint.Target{
	lint.Node, lint.HPA, lint.Namespace, lint.Service, lint.LimitRange, lint.KSConsoleConfig, lint.Corefile,
}

// wanted are the targets that rules of a snapshot speak about.
func wanted(s *snapshot.Snapshot) map[lint.Target]bool {
	all := map[lint.Target]bool{}
	for _, r := range verdict.RulesAsked(s) {
		for _, t := range r.Targets {
			if r.Scope == lint.OneDocument || !slices.Contains(companions, t) {
				all[t] = true
			}
		}
	}
	return all
}

// judged tells whether rules are asked about its objects.
func (k *kind) judged(wanted map[lint.Target]bool) bool {
	return slices.ContainsFunc(k.targets, func(t lint.Target) bool { return wanted[t] })
}

// served is what the API server has: resources by group and plural name, and the groups that it could not tell about.
type served struct {
	resources map[schema.GroupResource]servedResource
	unknown   map[string]error
}

type servedResource struct {
	version, kind string
	namespaced    bool
}

// discover asks the API server once. A group whose own server is down is among the unknown.
func discover(client discovery.DiscoveryInterface) (*served, error) {
	s := &served{resources: map[schema.GroupResource]servedResource{}, unknown: map[string]error{}}
	lists, err := discovery.ServerPreferredResources(client)
	var failed *discovery.ErrGroupDiscoveryFailed
	if errors.As(err, &failed) {
		for version, why := range failed.Groups {
			s.unknown[version.Group] = why
		}
	} else if err != nil {
		return nil, fmt.Errorf("the API server does not tell what it serves: %w", err)
	}
	for _, list := range lists {
		s.add(list)
	}
	return s, nil
}

func (s *served) add(list *meta.APIResourceList) {
	version, err := schema.ParseGroupVersion(list.GroupVersion)
	if err != nil {
		return
	}
	for _, r := range list.APIResources {
		if slices.Contains(r.Verbs, "list") {
			s.resources[version.WithResource(r.Name).GroupResource()] = servedResource{version.Version, r.Kind, r.Namespaced}
		}
	}
}

// collection is the path of all objects of a resource.
func collection(group string, r servedResource, resource string) string {
	if group == "" {
		return "/api/" + r.version + "/" + resource
	}
	return "/apis/" + group + "/" + r.version + "/" + resource
}

// inNamespace is the path of a resource in a namespace, of all where that is "".
func inNamespace(group string, r servedResource, resource, namespace string) string {
	if namespace == "" {
		return collection(group, r, resource)
	}
	return collection(group, r, "namespaces/"+namespace+"/"+resource)
}
