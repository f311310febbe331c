package audit_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// canary stands in everything that is secret.
const canary = "c4n4ry"

// pair makes a certificate that ends at an instant, and a key.
func pair(t *testing.T, name string, isCA bool, end time.Time) (certificate, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Unix(0, 0), NotAfter: end, IsCA: isCA, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

func encoded(parts ...[]byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Join(parts, nil))
}

var (
	early, middle, late = time.Unix(1_900_000_000, 0), time.Unix(2_000_000_000, 0), time.Unix(2_100_000_000, 0)
	line                = func(kind, namespace, name string, end time.Time) string {
		return fmt.Sprintf("kslint_certificate_not_after_timestamp_seconds{kind=%q,name=%q,namespace=%q} %g", kind, name, namespace, float64(end.Unix()))
	}
)

// secrets fills a server with certificates beside what must not be told, and gives the keys among it.
func secrets(t *testing.T, s *server) [][]byte {
	t.Helper()
	old, _ := pair(t, "old", true, early)
	next, _ := pair(t, "next", true, late)
	leaf, key := pair(t, "leaf", false, middle)
	h := hook(t, nil)
	h["webhooks"].([]any)[0].(object)["clientConfig"].(object)["caBundle"] = encoded(old, next) // a rotation
	h["webhooks"].([]any)[1].(object)["clientConfig"].(object)["caBundle"] = encoded(next)
	s.add(hooks, h)
	s.add("/apis/apiregistration.k8s.io/v1/apiservices", object{"metadata": object{"name": "v1.x"}, "spec": object{"caBundle": encoded(old)}})
	s.add("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object{"metadata": object{"name": "xs.example.org"}, "spec": object{
		"conversion": object{"strategy": "Webhook", "webhook": object{"clientConfig": object{"caBundle": encoded(next)}}},
	}})
	kubeconfig := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],
clusters: [{name: c, cluster: {server: "https://a", certificate-authority-data: %s}}],
users: [{name: u, user: {client-certificate-data: %s, client-key-data: %s, token: %s}}]}`, encoded(next), encoded(leaf), encoded(key), canary)
	s.add("/apis/cluster.kubesphere.io/v1alpha1/clusters", object{"metadata": object{"name": "member"}, "spec": object{
		"connection": object{"type": "direct", "kubeconfig": encoded([]byte(kubeconfig)), "token": canary},
	}})
	s.add("/api/v1/secrets", object{"metadata": object{"namespace": "shop", "name": "web-tls"}, "type": "kubernetes.io/tls", "data": object{
		"tls.crt": encoded(leaf, next), "tls.key": encoded(key), "ca.crt": encoded(next), "password": encoded([]byte(canary)),
	}})
	s.add("/api/v1/secrets", object{"metadata": object{"namespace": "kubesphere-monitoring-system", "name": "kube-etcd-client-certs"}, "type": "Opaque", "data": object{
		"etcd-client.crt": encoded(leaf), "etcd-client.key": encoded(key), "etcd-client-ca.crt": encoded(old),
	}})
	s.add("/api/v1/secrets", object{"metadata": object{"namespace": "shop", "name": "other"}, "type": "Opaque", "data": object{"tls.crt": encoded(old), "x": encoded([]byte(canary))}})
	s.add(configMaps, object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"namespace": "kubesphere-system", "name": "kubesphere-config"}, "data": object{
		"kubesphere.yaml": "authentication:\n  jwtSecret: " + canary + "\n",
	}})
	s.served = append(s.served, "installer.kubesphere.io/v1alpha1/clusterconfigurations/ClusterConfiguration")
	s.add("/apis/installer.kubesphere.io/v1alpha1/clusterconfigurations", object{
		"metadata": object{"namespace": "kubesphere-system", "name": "ks-installer", "labels": object{"version": "v3.3.2"}},
		"spec": object{"authentication": object{"oauthOptions": object{"identityProviders": []object{{
			"name": "ldap", "type": "LDAPIdentityProvider", "provider": object{"managerPassword": canary},
		}}}}},
	})
	return [][]byte{key}
}

func TestCertificates_theirEndsAreTold(t *testing.T) {
	public := []string{
		line("webhook-ca", "", "kslint-webhook", late), line("apiservice-ca", "", "v1.x", early), line("webhook-ca", "", "xs.example.org", late),
		line("kubeconfig-cluster", "", "member", middle), line("kubeconfig-ca", "", "member", late),
	}
	ofSecrets := []string{
		line("secret", "shop", "web-tls", middle), line("etcd-monitoring-client", "kubesphere-monitoring-system", "kube-etcd-client-certs", middle),
		line("etcd-monitoring-ca", "kubesphere-monitoring-system", "kube-etcd-client-certs", early),
	}
	for _, c := range []struct {
		name                    string
		certificates, inSecrets bool
		want                    []string
	}{
		{"by default", true, false, public},
		{"all", true, true, slices.Concat(public, ofSecrets)},
		{"none", false, false, nil},
		{"of Secrets alone", false, true, ofSecrets},
	} {
		s := world()
		secrets(t, s)
		store, _ := configured(t, "{}\n")
		o := options(t, s, store)
		o.Certificates, o.SecretCertificates = c.certificates, c.inSecrets
		r := run(t, o, quick)
		r.await(t, 1)
		m := r.metrics()
		for _, want := range c.want {
			if !strings.Contains(m, want+"\n") {
				t.Errorf("%s: %s is missing", c.name, want)
			}
		}
		if got := strings.Count(m, "kslint_certificate_not_after_timestamp_seconds{"); got != len(c.want) {
			t.Errorf("%s: %d series, want %d: %s", c.name, got, len(c.want), m)
		}
		s.do(func() {
			if asked := len(s.secrets) > 0; asked != c.inSecrets {
				t.Errorf("%s: Secrets are asked for: %v", c.name, s.secrets)
			}
			for _, selector := range s.secrets {
				if !strings.HasPrefix(selector, "type=kubernetes.io/tls") && !strings.HasPrefix(selector, "metadata.name=") {
					t.Errorf("%s: Secrets are asked for with %q", c.name, selector)
				}
			}
		})
		r.end()
	}
}

// TestCertificates_nothingSecretIsTold: not in metrics, not in reports, not in the log at its finest, not in Leases.
func TestCertificates_nothingSecretIsTold(t *testing.T) {
	s := world()
	keys := secrets(t, s)
	store, _ := configured(t, enforce)
	o := options(t, s, store)
	o.SecretCertificates = true
	r := run(t, o, quick)
	r.await(t, 1)
	stored, _ := json.Marshal([]any{s.all(reports), s.all(creports), s.all(leases)})
	if !strings.Contains(string(stored), "sec-cc-cleartext-secret") {
		t.Errorf("nothing is said about a secret: %s", stored)
	}
	for what, text := range map[string]string{"metrics": r.metrics(), "log": r.log.String(), "objects": string(stored)} {
		if strings.Contains(text, canary) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(canary))) {
			t.Errorf("the %s tell a secret: %s", what, text)
		}
		for _, key := range keys {
			if body := strings.Split(string(key), "\n")[1]; strings.Contains(text, body) || strings.Contains(text, base64.StdEncoding.EncodeToString(key)[:40]) {
				t.Errorf("the %s tell a key", what)
			}
		}
	}
}
