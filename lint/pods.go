package lint

// podPaths is the table of the kinds whose pod template stands elsewhere than in spec.template, where most kinds have it, those
// of most operators too. Kinds with several pods (tasks of a Volcano Job, replica specs of Kubeflow) are not in it. Rules get
// the pod template from the builtin kslint.pod, which asks this table.
var podPaths = map[string][]string{
	"Pod":                            {"spec"},
	"PodTemplate":                    {"template", "spec"},
	"CronJob.batch":                  {"spec", "jobTemplate", "spec", "template", "spec"},
	"AdvancedCronJob.apps.kruise.io": {"spec", "template", "jobTemplate", "spec", "template", "spec"},
	"Revision.serving.knative.dev":   {"spec"},
	"LeaderWorkerSet.leaderworkerset.x-k8s.io": {"spec", "leaderWorkerTemplate", "workerTemplate", "spec"},
	"Fleet.agones.dev":                         {"spec", "template", "spec", "template", "spec"},
	// KubeSphere 3.x spreads workloads over clusters with these: the whole object is the template.
	"FederatedDeployment.types.kubefed.io":  {"spec", "template", "spec", "template", "spec"},
	"FederatedStatefulSet.types.kubefed.io": {"spec", "template", "spec", "template", "spec"},
	"FederatedDaemonSet.types.kubefed.io":   {"spec", "template", "spec", "template", "spec"},
	"FederatedReplicaSet.types.kubefed.io":  {"spec", "template", "spec", "template", "spec"},
	"FederatedJob.types.kubefed.io":         {"spec", "template", "spec", "template", "spec"},
}

var usualPodPath = []string{"spec", "template", "spec"}

// PodPath is where an object has its pod spec, if it has one.
func PodPath(o Resource) []string {
	kind := o.Kind
	if group := o.Group(); group != "" {
		kind += "." + group
	}
	if path, ok := podPaths[kind]; ok {
		return path
	}
	return usualPodPath
}
