package e2e

import (
	"strings"
	"testing"
)

const (
	clusterConfiguration = `apiVersion: installer.kubesphere.io/VERSION
kind: ClusterConfiguration
metadata: {name: ks-installer, namespace: kubesphere-system, labels: {version: v3.4.1}}
spec:
  persistence: {storageClass: ""}
  authentication: {adminPassword: "", jwtSecret: ""}
  etcd: {monitoring: false, endpointIps: localhost, port: 2379, tlsEnable: true}
  common: {redis: {enabled: false}, es: {logMaxAge: 7, elkPrefix: logstash}}
  devops: {enabled: false, jenkinsMemoryLim: 4Gi, jenkinsMemoryReq: 4Gi, jenkinsVolumeSize: 8Gi}
`
	kubesphereConfig = `apiVersion: v1
kind: ConfigMap
metadata: {name: NAME, namespace: kubesphere-system}
data:
  kubesphere.yaml: |
    authentication:
      jwtSecret: EXAMPLEjwtSecretEXAMPLEjwtSecret
`
	installPlan = `apiVersion: kubesphere.io/v1alpha1
kind: InstallPlan
metadata: {name: devops}
spec: {extension: {name: devops, version: 1.1.0}, enabled: true, upgradeStrategy: Manual}
`
	storageClass = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nfs-client, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: cluster.local/nfs-subdir-external-provisioner
`
	budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ks-apiserver, namespace: kubesphere-system}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: ks-apiserver}}}
`
	job = `apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: migrate, image: "registry.example.com/shop/migrate:1.4.0", resources: {requests: {memory: MEMORY}, limits: {memory: 1Gi}}}
`
)

// What people of KubeSphere apply, and how: by kubectl, as Helm does, without a name, in every version that is served.
func TestApply_whatKubeSphereIsMadeOf(t *testing.T) {
	served(t)
	h := deploy(t, setup{config: enforce})
	dry := []string{"apply", "--dry-run=server", "-f", "-"}

	for _, version := range []string{"v1alpha1", "v1alpha2"} {
		t.Run("ClusterConfiguration "+version, func(t *testing.T) {
			good := strings.Replace(clusterConfiguration, "VERSION", version, 1)
			passes(t, good, dry...)
			says(t, refused(t, replace(t, good, "devops: {enabled: false", `devops: {enabled: "false"`), dry...),
				"configurations.kslint.io", "cc-enabled-not-bool spec.devops.enabled: ")
		})
	}
	t.Run("ConfigMap kubesphere-config", func(t *testing.T) {
		good := strings.Replace(kubesphereConfig, "NAME", "kubesphere-config", 1)
		passes(t, good, dry...)
		bad := replace(t, good, "      jwtSecret", "    \tjwtSecret")
		says(t, refused(t, bad, dry...), "ksconfig-yaml-invalid data[\"kubesphere.yaml\"]")
		passes(t, replace(t, bad, "name: kubesphere-config", "name: another"), dry...)
	})
	t.Run("StorageClass", func(t *testing.T) {
		passes(t, storageClass, dry...)
		says(t, refused(t, replace(t, storageClass, `"true"`, `"True"`), dry...),
			"others.kslint.io", "storageclass-default-not-boolean-string metadata.annotations[\"storageclass.kubernetes.io/is-default-class\"]: ")
	})
	t.Run("PodDisruptionBudget", func(t *testing.T) {
		passes(t, budget, dry...)
		says(t, kubectl(t, replace(t, budget, "maxUnavailable: 1", "maxUnavailable: 0"), dry...), "Warning: ", "pdb-blocks-drain spec.maxUnavailable: ", "created")
	})
	t.Run("InstallPlan", func(t *testing.T) { // no rule judges one
		passes(t, installPlan, dry...)
	})
	t.Run("a release of Helm is upgraded", func(t *testing.T) {
		removed(t)
		helm := []string{"apply", "--server-side", "--field-manager=helm", "-f", "-"}
		passes(t, sound(t), helm...)
		kubectl(t, "", "scale", "deployment", "web", "--namespace="+tenant, "--replicas=3")
		passes(t, replace(t, replace(t, sound(t), "v3.4.1", "v3.4.2"), "  replicas: 2\n", ""), helm...)
		says(t, refused(t, replace(t, faulty(t), "  replicas: 2\n", ""), helm...), rule)
	})
	t.Run("generateName", func(t *testing.T) {
		create := []string{"create", "--dry-run=server", "-f", "-"}
		passes(t, strings.Replace(job, "MEMORY", "64Mi", 1), create...)
		says(t, refused(t, strings.Replace(job, "MEMORY", "64m", 1), create...), rule+" spec.template.spec.containers[0].resources.requests.memory")
	})
	for _, kind := range []string{"ClusterConfiguration", "ConfigMap", "Deployment", "Job"} {
		if h.replicas[0].reviews(t, `kind="`+kind+`"`) == 0 {
			t.Errorf("no review of a %s", kind)
		}
	}
}

// passes runs a command that has to succeed without a warning.
func passes(t *testing.T, input string, args ...string) {
	t.Helper()
	if out := kubectl(t, input, args...); strings.Contains(out, "kslint") || strings.Contains(out, "Warning") {
		t.Error(out)
	}
}
