package lint

// Target is what a document is; rules name the targets that they speak about.
type Target string

// The targets that are recognised. What recognises each stands in classify.go.
const (
	KubeKeyCluster       Target = "kubekey-cluster"
	KubeKeyConfig        Target = "kubekey-config"
	KubeKeyInventory     Target = "kubekey-inventory"
	KubeKeyManifest      Target = "kubekey-manifest"
	ClusterConfiguration Target = "cluster-configuration"
	KSInstallerConfig    Target = "ks-installer-config"
	KubeSphereConfig     Target = "kubesphere-config"
	KSConsoleConfig      Target = "ks-console-config"
	Workload             Target = "workload"
	KubeSphereWorkload   Target = "kubesphere-workload"
	StaticPod            Target = "static-pod"
	EtcdEnv              Target = "etcd-env"
	K3sEnv               Target = "k3s-env"
	KubeletEnv           Target = "kubelet-env"
	SystemdUnit          Target = "systemd-unit"
	Script               Target = "script"
	KubeadmConfig        Target = "kubeadm-config"
	KubeletConfig        Target = "kubelet-config"
	KubeProxyConfig      Target = "kubeproxy-config"
	Corefile             Target = "corefile"
	ResolvConf           Target = "resolv-conf"
	PDB                  Target = "pdb"
	HPA                  Target = "hpa"
	Node                 Target = "node"
	LimitRange           Target = "limitrange"
	Namespace            Target = "namespace"
	Service              Target = "service"
	StorageClass         Target = "storageclass"
	Certificate          Target = "certificate"
	Kubeconfig           Target = "kubeconfig"
	Secret               Target = "secret"
	WebhookConfig        Target = "webhook-config"
	CRD                  Target = "crd"
	APIService           Target = "apiservice"
	KubeSphereCluster    Target = "kubesphere-cluster"
	AnyYAML              Target = "any-yaml"
	AnyObject            Target = "any-object"
)

// KnownTargets lists every target, in the order that documentation shows them.
func KnownTargets() []Target {
	return []Target{
		KubeKeyCluster, KubeKeyConfig, KubeKeyInventory, KubeKeyManifest,
		ClusterConfiguration, KSInstallerConfig, KubeSphereConfig, KSConsoleConfig,
		Workload, KubeSphereWorkload, StaticPod,
		EtcdEnv, K3sEnv, KubeletEnv, SystemdUnit, Script, KubeadmConfig, KubeletConfig, KubeProxyConfig, Corefile, ResolvConf,
		PDB, HPA, Node, LimitRange, Namespace, Service, StorageClass,
		Certificate, Kubeconfig, Secret, WebhookConfig, CRD, APIService, KubeSphereCluster, AnyYAML, AnyObject,
	}
}
