package verdict_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// certificate is one that is valid until a day, PEM in base64.
func certificate(t *testing.T, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: instant.AddDate(-2, 0, 0), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// TestReview_coreDeploymentsByThemselves: probes and memory of KubeSphere's Deployments, whatever else the cluster holds.
func TestReview_coreDeploymentsByThemselves(t *testing.T) {
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte(enforce))
	if err != nil {
		t.Fatal(err)
	}
	r := reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, nil, verdict.Options{})
	apiserver := func(path, memory string) object {
		probe := map[string]any{
			"httpGet":             map[string]any{"path": path, "port": 9090, "scheme": "HTTP"},
			"initialDelaySeconds": 15, "timeoutSeconds": 15, "failureThreshold": 8,
		}
		return object{
			"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "ks-apiserver", "namespace": "kubesphere-system"},
			"spec": map[string]any{"replicas": 2, "template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{
				"name": "ks-apiserver", "image": "kubesphere/ks-apiserver:v3.4.1", "livenessProbe": probe, "readinessProbe": probe,
				"resources": map[string]any{"requests": map[string]any{"memory": "100Mi"}, "limits": map[string]any{"memory": memory}},
			}}}}},
		}
	}
	for name, test := range map[string]struct {
		object object
		rule   string
	}{
		"a sound one":      {apiserver("/healthz", "1Gi"), ""},
		"a wrong path":     {apiserver("/health", "1Gi"), "liveness-wrong-target"},
		"too little of it": {apiserver("/healthz", "512Mi"), "ks-core-memory-low"},
	} {
		a := asked(t, r, creation(test.object))
		if !a.Allowed {
			t.Errorf("%s: denied: %s", name, a.Message)
		}
		if (test.rule == "") != (len(a.Warnings) == 0) || !strings.Contains(strings.Join(a.Warnings, " "), test.rule) {
			t.Errorf("%s: got %q", name, a.Warnings)
		}
	}
}

// TestReview_certificatesOfOneObject: a caBundle and a kubeconfig are judged by themselves, and never denied: what has expired
// was sound when it was written.
func TestReview_certificatesOfOneObject(t *testing.T) {
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte(enforce))
	if err != nil {
		t.Fatal(err)
	}
	r := reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, nil, verdict.Options{})
	webhooks := func(until time.Time) object {
		return object{
			"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": map[string]any{"name": "a"},
			"webhooks": []any{map[string]any{"name": "a.b.c", "admissionReviewVersions": []any{"v1"}, "sideEffects": "None", "clientConfig": map[string]any{
				"caBundle": certificate(t, until), "service": map[string]any{"name": "a", "namespace": "b"},
			}}},
		}
	}
	kubeconfig := func(until time.Time) object {
		return object{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "kubeconfig-admin", "namespace": "kubesphere-controls-system"},
			"data": map[string]any{"config": "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n" +
				"clusters: [{name: a, cluster: {server: 'https://a:6443'}}]\n" +
				"users: [{name: a, user: {client-certificate-data: " + certificate(t, until) + "}}]\n"},
		}
	}
	for name, test := range map[string]struct {
		object object
		rule   string
	}{
		"an expired caBundle":   {webhooks(instant.AddDate(0, 0, -1)), "webhook-ca-expired"},
		"a valid caBundle":      {webhooks(instant.AddDate(5, 0, 0)), ""},
		"an expired kubeconfig": {kubeconfig(instant.AddDate(0, 0, -1)), "k8s-cert-expired|kubeconfig-cert-expired"},
		"a valid kubeconfig":    {kubeconfig(instant.AddDate(0, 6, 0)), ""},
	} {
		a := asked(t, r, creation(test.object))
		if !a.Allowed {
			t.Errorf("%s: denied: %s", name, a.Message)
		}
		if (test.rule == "") != (len(a.Warnings) == 0) {
			t.Errorf("%s: got %q", name, a.Warnings)
		}
		for _, w := range a.Warnings {
			if rule, _, _ := strings.Cut(w, " "); !strings.Contains(test.rule, strings.TrimSuffix(rule, ":")) {
				t.Errorf("%s: got %q", name, w)
			}
		}
	}
}
