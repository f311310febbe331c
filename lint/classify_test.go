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
		{"a.yaml", fmt.Sprintf(pod, "a"), "workload"},
		{"kubekey/n1/haproxy.yaml", fmt.Sprintf(pod, "haproxy"), "workload static-pod"},
		{"etc/kubernetes/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"n1/etc/kubernetes/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"n1/var/lib/rancher/k3s/agent/pod-manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload static-pod"},
		{"opt/app/manifests/a.yaml", fmt.Sprintf(pod, "a"), "workload"},
		{"a.yaml", strings.Replace(fmt.Sprintf(pod, "etcd"), "kind: Pod", "kind: Deployment", 1), ""},
	}
	for _, test := range tests {
		s := &lint.Source{Name: test.name, Data: []byte(test.text)}
		if got := targets(t, document.Decode(s)); got != test.want {
			t.Errorf("%s, %q has the targets %q, want %q", test.name, test.text, got, test.want)
		}
	}
}
