package configuration_test

import (
	"slices"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
	"github.com/kslint/kslint/webhook/configuration"
	"github.com/kslint/kslint/webhook/verdict"
)

// workloads are all kinds with a template of a Pod that are sent.
var workloads = []string{
	"pods", "pods/ephemeralcontainers", "pods/resize", "replicationcontrollers", "daemonsets.apps", "deployments.apps",
	"replicasets.apps", "statefulsets.apps", "cronjobs.batch", "jobs.batch", "federateddaemonsets.types.kubefed.io",
	"federateddeployments.types.kubefed.io", "federatedjobs.types.kubefed.io", "federatedreplicasets.types.kubefed.io",
	"federatedstatefulsets.types.kubefed.io",
}

// sentFor says of each target that an object of the API may have which resources bring it.
var sentFor = map[lint.Target][]string{
	lint.Workload:             workloads,
	lint.KubeSphereWorkload:   workloads,
	lint.StaticPod:            {"pods"},
	lint.ClusterConfiguration: {"clusterconfigurations.installer.kubesphere.io"},
	lint.KSInstallerConfig:    {"configmaps"},
	lint.KubeSphereConfig:     {"configmaps"},
	lint.AnyYAML:              {"configmaps"},
	lint.KubeSphereCluster:    {"clusters.cluster.kubesphere.io"},
	lint.Kubeconfig:           {"clusters.cluster.kubesphere.io"},
	lint.KubeKeyCluster:       {"clusters.kubekey.kubesphere.io"},
	lint.KubeKeyConfig:        {"configs.kubekey.kubesphere.io"},
	lint.KubeKeyInventory:     {"inventories.kubekey.kubesphere.io"},
	lint.Secret:               {"secrets"},
	lint.Certificate:          {"secrets"},
	lint.PDB:                  {"poddisruptionbudgets.policy"},
	lint.StorageClass:         {"storageclasses.storage.k8s.io"},
}

// notSent are targets that rules speak about at admission and that no request brings, with the reason.
var notSent = map[lint.Target]string{
	lint.WebhookConfig:   "the API server sends no webhook configurations: the audit's",
	lint.CRD:             "a cluster is repaired with them: the audit's",
	lint.AnyObject:       "what these rules find in an object has a target of its own",
	lint.KSConsoleConfig: "beside a workload",
	lint.Namespace:       "beside a workload",
	lint.Node:            "beside a workload",
	lint.HPA:             "beside a PodDisruptionBudget",
	lint.KubeadmConfig:   "on nodes, and in kube-system",
	lint.KubeletConfig:   "on nodes, and in kube-system",
}

// onNodes are targets that no object of the API has.
var onNodes = []lint.Target{lint.EtcdEnv, lint.K3sEnv, lint.KubeletEnv, lint.SystemdUnit, lint.Script, lint.ResolvConf}

// TestRules_whatIsSentIsJudged holds the resources against the rules: nothing is sent that no rule speaks about at admission,
// and what a rule speaks about is sent, or named above with the reason why it is not. No rule speaks about autoscalers
// or InstallPlans by themselves; when one does, this fails until they are sent.
func TestRules_whatIsSentIsJudged(t *testing.T) {
	index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files})
	if err != nil {
		t.Fatal(err)
	}
	all, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	spoken, sent, targets := map[string]bool{}, map[string]bool{}, map[lint.Target]bool{}
	for _, r := range all {
		if !verdict.Asked(r.Rule) {
			continue
		}
		for _, target := range r.Targets {
			targets[target] = true
			if sentFor[target] == nil && notSent[target] == "" && !slices.Contains(onNodes, target) {
				t.Errorf("%s speaks about %s at admission: which resource brings it?", r.ID, target)
			}
			for _, name := range sentFor[target] {
				spoken[name] = true
			}
		}
	}
	v := everything
	v.More, v.GuardedLabels = nil, nil
	for _, w := range configuration.Build(v).Webhooks {
		for _, r := range w.Rules {
			for _, resource := range r.Resources {
				name := resource
				if group := r.APIGroups[0]; group != "" {
					name += "." + group
				}
				if !spoken[name] {
					t.Errorf("%s is sent to %s, and no rule speaks about it", name, w.Name)
				}
				sent[name] = true
			}
		}
	}
	for name := range spoken {
		if !sent[name] {
			t.Errorf("rules speak about %s, which is not sent", name)
		}
	}
	for target := range notSent {
		if !targets[target] {
			t.Errorf("no rule speaks about %s at admission: there is nothing to excuse", target)
		}
	}
}
