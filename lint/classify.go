package lint

import (
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
	{KSConsoleConfig, isPayload("ks-console-config", "local_config.yaml")},
	{Workload, isWorkload},
	{KubeSphereWorkload, func(d *Document) bool { return isWorkload(d) && !isStaticPod(d) && IsKubeSpheres(d.Object.Namespace) }},
	{StaticPod, isStaticPod},
	{EtcdEnv, func(d *Document) bool { return d.Format == Env && !isK3sEnv(d) && !isKubeletEnv(d) }},
	{K3sEnv, func(d *Document) bool { return d.Format == Env && isK3sEnv(d) }},
	{KubeletEnv, func(d *Document) bool { return d.Format == Env && isKubeletEnv(d) }},
	{SystemdUnit, func(d *Document) bool { return d.Format == Unit }},
	{Script, func(d *Document) bool { return d.Format == Lines && d.Parent == nil && !isResolvConf(d.Source.path()) }},
	{KubeadmConfig, func(d *Document) bool {
		return d.Parent == nil && strings.HasPrefix(d.Object.APIVersion, "kubeadm.k8s.io/v1beta") && d.Object.Kind != ""
	}},
	{KubeletConfig, isOfGroup("kubelet.config.k8s.io", "KubeletConfiguration")},
	{KubeProxyConfig, isOfGroup("kubeproxy.config.k8s.io", "KubeProxyConfiguration")},
	{Corefile, isCorefile},
	{ResolvConf, func(d *Document) bool { return d.Format == Lines && d.Parent == nil && isResolvConf(d.Source.path()) }},
	{PDB, isOfGroup("policy", "PodDisruptionBudget")},
	{HPA, isOfGroup("autoscaling", "HorizontalPodAutoscaler")},
	{Node, isKind("v1", "Node")},
	{LimitRange, isKind("v1", "LimitRange")},
	{Namespace, isKind("v1", "Namespace")},
	{Service, isKind("v1", "Service")},
	{StorageClass, isOfGroup("storage.k8s.io", "StorageClass")},
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

// isCorefile recognises CoreDNS' configuration in the ConfigMaps that KubeKey and kubeadm write.
func isCorefile(d *Document) bool {
	if d.Format != Lines || d.Parent == nil || len(d.Prefix) != 2 || d.Prefix[1] != CorefileKey {
		return false
	}
	o := d.Parent.Object
	return (o.Name == "coredns" || o.Name == "nodelocaldns") && (o.Namespace == "" || o.Namespace == "kube-system")
}

// IsKubeSpheres holds for the namespaces of KubeSphere's own components. Charts render them without a namespace.
func IsKubeSpheres(namespace string) bool {
	return namespace == "" || strings.HasPrefix(namespace, "kubesphere-")
}

// isWorkload holds for a Pod and for every kind that has a pod template where Kubernetes' own kinds have it.
func isWorkload(d *Document) bool {
	if d.Parent != nil || d.Object.APIVersion == "" {
		return false
	}
	_, ok := Field(Field(d.Value, PodPath(d.Object)...), "containers").(*ast.Array)
	return ok
}

var staticPods = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kube-vip", "haproxy"}

// isStaticPod knows the Pods that a kubelet runs from a folder: by their folder on the node, or by the names that kubeadm and
// KubeKey give them, because KubeKey's work folder holds them without a folder.
func isStaticPod(d *Document) bool {
	if d.Parent != nil || d.Object.APIVersion != "v1" || d.Object.Kind != "Pod" {
		return false
	}
	return slices.Contains(staticPods, d.Object.Name) || inManifestFolder(d.Source.path())
}

func isK3sEnv(d *Document) bool {
	return isCalled("k3s.service.env", "k8e.service.env")(d.Source.path())
}

func isKubeletEnv(d *Document) bool {
	name := d.Source.path()
	return isCalled("kubeadm-flags.env")(name) || isKubeletDefaults(name)
}
