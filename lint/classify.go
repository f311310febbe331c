package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// classes is the one table of what is recognised, and by what. A document may have several targets.
var classes = []struct {
	target Target
	is     func(*Document) bool
}{
	{KubeKeyCluster, isKubeKeyCluster},
	{KubeKeyConfig, isKind("kubekey.kubesphere.io/v1", "Config")},
	{KubeKeyInventory, isKind("kubekey.kubesphere.io/v1", "Inventory")},
	{KubeKeyManifest, isKind("kubekey.kubesphere.io/v1alpha2", "Manifest")},
	{ClusterConfiguration, func(d *Document) bool {
		return d.Object.Kind == "ClusterConfiguration" && strings.HasPrefix(d.Object.APIVersion, "installer.kubesphere.io/")
	}},
	{KSInstallerConfig, isPayload("ks-installer", "ks-config.yaml")},
	{KubeSphereConfig, isPayload("kubesphere-config", "kubesphere.yaml")},
	{Workload, isWorkload},
	{StaticPod, isStaticPod},
	{EtcdEnv, func(d *Document) bool { return d.Format == Env && !isK3sEnv(d) && !isKubeletEnv(d) }},
	{K3sEnv, func(d *Document) bool { return d.Format == Env && isK3sEnv(d) }},
	{KubeletEnv, func(d *Document) bool { return d.Format == Env && isKubeletEnv(d) }},
	{SystemdUnit, func(d *Document) bool { return d.Format == Unit }},
	{Script, func(d *Document) bool { return d.Format == Lines }},
	{KubeadmConfig, func(d *Document) bool {
		return d.Parent == nil && strings.HasPrefix(d.Object.APIVersion, "kubeadm.k8s.io/v1beta") && d.Object.Kind != ""
	}},
	{KubeletConfig, isOfGroup("kubelet.config.k8s.io", "KubeletConfiguration")},
	{Certificate, func(d *Document) bool {
		return slices.ContainsFunc(d.Blocks, func(b Block) bool { return b.Type == "CERTIFICATE" })
	}},
	{Kubeconfig, func(d *Document) bool { return d.Object.APIVersion == "v1" && d.Object.Kind == "Config" }},
	{Secret, isKind("v1", "Secret")},
	{WebhookConfig, isOfGroup("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")},
	{CRD, isOfGroup("apiextensions.k8s.io", "CustomResourceDefinition")},
	{APIService, isOfGroup("apiregistration.k8s.io", "APIService")},
	{KubeSphereCluster, isOfGroup("cluster.kubesphere.io", "Cluster")},
	{AnyYAML, func(d *Document) bool { return d.Format == YAML }},
	{AnyObject, func(d *Document) bool { return d.Parent == nil && d.Object.APIVersion != "" && d.Object.Kind != "" }},
}

// Classify fills the targets of documents.
func Classify(documents []*Document) {
	for _, d := range documents {
		d.Targets = nil
		for _, c := range classes {
			if c.is(d) {
				d.Targets = append(d.Targets, c.target)
			}
		}
	}
}

func isKind(apiVersion, kind string) func(*Document) bool {
	return func(d *Document) bool {
		return d.Parent == nil && d.Object.Kind == kind && d.Object.APIVersion == apiVersion
	}
}

func isOfGroup(group string, kinds ...string) func(*Document) bool {
	return func(d *Document) bool {
		return d.Parent == nil && d.Object.Group() == group && slices.Contains(kinds, d.Object.Kind)
	}
}

// isKubeKeyCluster goes by the group: three groups have a kind Cluster. KubeKey itself loads a file without apiVersion.
func isKubeKeyCluster(d *Document) bool {
	if d.Parent != nil || d.Object.Kind != "Cluster" {
		return false
	}
	switch d.Object.APIVersion {
	case "kubekey.kubesphere.io/v1alpha1", "kubekey.kubesphere.io/v1alpha2":
		return true
	case "":
		return fold(d.Value, "spec", "hosts") != nil && fold(d.Value, "spec", "roleGroups") != nil
	}
	return false
}

// isPayload recognises the YAML that a ConfigMap carries under a key. Charts render these ConfigMaps without a namespace.
func isPayload(name, key string) func(*Document) bool {
	return func(d *Document) bool {
		if d.Parent == nil || len(d.Prefix) != 2 || d.Prefix[1] != key {
			return false
		}
		o := d.Parent.Object
		return o.Kind == "ConfigMap" && o.APIVersion == "v1" && o.Name == name &&
			(o.Namespace == "" || o.Namespace == "kubesphere-system")
	}
}

// isWorkload holds for a Pod and for every kind that has a pod template where Kubernetes' own kinds have it.
func isWorkload(d *Document) bool {
	if d.Parent != nil || d.Object.APIVersion == "" {
		return false
	}
	for _, spec := range PodPaths(d.Object) {
		if _, ok := Field(d.Value, append(spec, "containers")...).(*ast.Array); ok {
			return true
		}
	}
	return false
}

var staticPods = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kube-vip", "haproxy"}

// isStaticPod knows the Pods that a kubelet runs from a folder: by their folder on the node, or by the names that kubeadm and
// KubeKey give them, because KubeKey's work folder holds them without a folder.
func isStaticPod(d *Document) bool {
	if d.Parent != nil || d.Object.APIVersion != "v1" || d.Object.Kind != "Pod" {
		return false
	}
	dir := "/" + path.Dir(d.Source.path())
	return slices.Contains(staticPods, d.Object.Name) || strings.HasSuffix(dir, "/etc/kubernetes/manifests") ||
		strings.HasSuffix(dir, "/agent/pod-manifests")
}

func isK3sEnv(d *Document) bool {
	return isCalled("k3s.service.env", "k8e.service.env")(d.Source.path())
}

func isKubeletEnv(d *Document) bool {
	name := d.Source.path()
	return isCalled("kubeadm-flags.env")(name) || isKubeletDefaults(name)
}

// PodPaths lists where a pod spec may stand in an object.
func PodPaths(o Resource) [][]string {
	switch {
	case o.Kind == "Pod" && o.APIVersion == "v1":
		return [][]string{{"spec"}}
	case o.Kind == "PodTemplate" && o.APIVersion == "v1":
		return [][]string{{"template", "spec"}}
	case o.Kind == "CronJob" && o.Group() == "batch":
		return [][]string{{"spec", "jobTemplate", "spec", "template", "spec"}}
	default:
		return [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}}
	}
}
