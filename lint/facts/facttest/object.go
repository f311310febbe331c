package facttest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Secret writes a Secret.
func Secret(namespace, name string, data map[string][]byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n", name)
	if namespace != "" {
		fmt.Fprintf(&b, "  namespace: %s\n", namespace)
	}
	b.WriteString("data:\n")
	for _, key := range slices.Sorted(maps.Keys(data)) {
		fmt.Fprintf(&b, "  %s: %s\n", key, base64.StdEncoding.EncodeToString(data[key]))
	}
	return []byte(b.String())
}

// Kubeconfig writes a kubeconfig; user nil gives one with a token.
func Kubeconfig(server string, ca, user *Pair) []byte {
	credentials := "token: abc"
	if user != nil {
		credentials = "client-certificate-data: " + base64.StdEncoding.EncodeToString(user.PEM()) +
			"\n    client-key-data: " + base64.StdEncoding.EncodeToString(user.KeyPEM())
	}
	return fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    certificate-authority-data: %s
    server: %s
contexts:
- name: admin@kubernetes
  context: {cluster: kubernetes, user: admin}
current-context: admin@kubernetes
users:
- name: admin
  user:
    %s
`, base64.StdEncoding.EncodeToString(ca.PEM()), server, credentials)
}

// Webhook writes a ValidatingWebhookConfiguration of one webhook, as exported from a cluster.
func Webhook(name, service, namespace string, bundle []byte) []byte {
	return fmt.Appendf(nil, `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: %s
  uid: 6c8a3c3e-59a6-4d59-8a0e-000000000000
webhooks:
- name: %s
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig:
    caBundle: %s
    service: {name: %s, namespace: %s, path: /validate}
`, name, name, base64.StdEncoding.EncodeToString(bundle), service, namespace)
}
