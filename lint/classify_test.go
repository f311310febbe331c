package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

func targets(t *testing.T, documents []*lint.Document) string {
	t.Helper()
	lint.Classify(documents)
	var all []string
	for _, d := range documents {
		for _, target := range d.Targets {
			if !slices.Contains(lint.KnownTargets(), target) {
				t.Errorf("%s is none of the targets that rules may name", target)
			}
			if target != lint.AnyYAML && target != lint.AnyObject {
				all = append(all, string(target))
			}
		}
	}
	return strings.Join(all, " ")
}

func TestClassify(t *testing.T) {
	resource := func(apiVersion, kind string) string {
		return fmt.Sprintf("apiVersion: %s\nkind: %s\n", apiVersion, kind)
	}
	configMap := func(name, namespace, key string) string {
		return resource("v1", "ConfigMap") + fmt.Sprintf("metadata: {name: %s, namespace: %q}\ndata:\n  %s: |\n    server: {}\n", name, namespace, key)
	}
	template := func(apiVersion, kind, namespace, spec string) string {
		return resource(apiVersion, kind) + fmt.Sprintf("metadata: {name: a, namespace: %q}\n", namespace) + strings.ReplaceAll(spec, "%s", "{containers: [{name: a}]}") + "\n"
	}
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a}]}\n"
	key := strings.ReplaceAll(pemText, "CERTIFICATE", "EC PRIVATE KEY")
	tests := []struct{ name, text, want string }{
		{"etcd.env", "A=1", "etcd-env"},
		{"x/b.env", "ETCD_NAME=a", "etcd-env"},
		{"k3s.service.env", "ETCD_NAME=a", "k3s-env"},
		{"k8e.service.env", "A=1", "k3s-env"},
		{"var/lib/kubelet/kubeadm-flags.env", "A=1", "kubelet-env"},
		{"etc/default/kubelet", "A=1", "kubelet-env"},
		{"x.service", unitText, "systemd-unit"},
		{"etcd-backup.sh", "x", "script"},
		{"a.yaml", resource("kubeadm.k8s.io/v1beta2", "ClusterConfiguration"), "kubeadm-config"},
		{"a.yaml", resource("kubeadm.k8s.io/v1beta4", "JoinConfiguration"), "kubeadm-config"},
		{"a.yaml", resource("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"), "kubelet-config"},
		{"90.conf", kubeletText, "kubelet-config"},
		{"a.yaml", resource("kubelet.config.k8s.io/v1", "CredentialProviderConfig"), ""},
		{"a.yaml", resource("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"), "kubeproxy-config"},
		{"a.yaml", resource("policy/v1beta1", "PodDisruptionBudget"), "pdb"},
		{"a.yaml", resource("autoscaling/v2", "HorizontalPodAutoscaler"), "hpa"},
		{"a.yaml", resource("v1", "Node"), "node"},
		{"a.yaml", resource("v1", "LimitRange"), "limitrange"},
		{"a.yaml", resource("v1", "Namespace"), "namespace"},
		{"a.yaml", resource("v1", "Service"), "service"},
		{"a.yaml", resource("serving.knative.dev/v1", "Service"), ""},
		{"etc/resolv.conf", "nameserver 10.0.0.1\n", "resolv-conf"},
		{"a.yaml", configMap("coredns", "kube-system", "Corefile"), "corefile"},
		{"a.yaml", configMap("nodelocaldns", "", "Corefile"), "corefile"},
		{"a.yaml", configMap("coredns", "edge", "Corefile"), ""},
		{"a.yaml", configMap("coredns-custom", "kube-system", "Corefile"), ""},
		{"a.yaml", configMap("ks-console-config", "kubesphere-system", "local_config.yaml"), "ks-console-config"},
		{"a.yaml", template("apps/v1", "Deployment", "", "spec: {template: {spec: %s}}"), "workload kubesphere-workload"},
		{"a.yaml", template("apps/v1", "Deployment", "kubesphere-x", "spec: {template: {spec: %s}}"), "workload kubesphere-workload"},
		{"a.yaml", template("apps/v1", "Deployment", "kubesphere", "spec: {template: {spec: %s}}"), "workload"},
		{"a.yaml", template("apps/v1", "Deployment", "shop", "spec: {}"), ""},
		{"a.yaml", template("v1", "ReplicationController", "shop", "spec: {template: {spec: %s}}"), "workload"},
		{"a.yaml", template("v1", "PodTemplate", "shop", "template: {spec: %s}"), "workload"},
		{"a.yaml", template("batch/v1beta1", "CronJob", "shop", "spec: {jobTemplate: {spec: {template: {spec: %s}}}}"), "workload"},
		{"a.yaml", template("argoproj.io/v1alpha1", "Rollout", "shop", "spec: {template: {spec: %s}}"), "workload"},
		{"a.yaml", template("serving.knative.dev/v1", "Revision", "shop", "spec: %s"), "workload"},
		{"a.yaml", template("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", "shop", "spec: {leaderWorkerTemplate: {workerTemplate: {spec: %s}}}"), "workload"},
		{"a.yaml", template("agones.dev/v1", "Fleet", "shop", "spec: {template: {spec: {template: {spec: %s}}}}"), "workload"},
		{"a.yaml", template("apps.kruise.io/v1alpha1", "AdvancedCronJob", "shop", "spec: {template: {jobTemplate: {spec: {template: {spec: %s}}}}}"), "workload"},
		{"a.yaml", template("types.kubefed.io/v1beta1", "FederatedDeployment", "shop", "spec: {template: {spec: {template: {spec: %s}}}}"), "workload"},
		{"ca.pem", pemText, "certificate"},
		{"ca.pem", key + pemText, "certificate"},
		{"ca-key.pem", key, ""},
		{"crl.pem", strings.ReplaceAll(pemText, "CERTIFICATE", "X509 CRL"), ""},
		{"admin.conf", kubeconfig, "kubeconfig"},
		{"a.yaml", resource("kubekey.kubesphere.io/v1", "Config"), "kubekey-config"},
		{"a.yaml", resource("v1", "Secret"), "secret"},
		{"a.yaml", resource("example.com/v1", "Secret"), ""},
		{"a.yaml", resource("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration"), "webhook-config"},
		{"a.yaml", resource("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"), ""},
		{"a.yaml", resource("apiextensions.k8s.io/v1", "CustomResourceDefinition"), "crd"},
		{"a.yaml", resource("apiregistration.k8s.io/v1", "APIService"), "apiservice"},
		{"a.yaml", resource("cluster.kubesphere.io/v1alpha1", "Cluster"), "kubesphere-cluster"},
		{"a.yaml", resource("cluster.x-k8s.io/v1beta1", "Cluster"), ""},
		{"a.yaml", fmt.Sprintf(pod, "a"), "workload kubesphere-workload"},
		{"kubekey/n1/haproxy.yaml", fmt.Sprintf(pod, "haproxy"), "workload static-pod"},
		{"etc/kubernetes/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"n1/etc/kubernetes/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"n1/var/lib/rancher/k3s/agent/pod-manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"opt/app/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload kubesphere-workload"},
		{"a.yaml", strings.Replace(fmt.Sprintf(pod, "etcd"), "kind: Pod", "kind: Deployment", 1), ""},
	}
	for _, test := range tests {
		s := &lint.Source{Name: test.name, Data: []byte(test.text)}
		if got := targets(t, document.Decode(s)); got != test.want {
			t.Errorf("%s, %q has the targets %q, want %q", test.name, test.text, got, test.want)
		}
	}
}
