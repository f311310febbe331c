package facts_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

func TestWebhooks(t *testing.T) {
	ca, other := facttest.NewCA("webhook"), facttest.NewCA("webhook")
	old := facttest.Make(facttest.Spec{CN: "webhook", IsCA: true, Key: ca.Key, To: facttest.Now.Add(-time.Hour)})
	server := facttest.Make(facttest.Spec{CN: "x", DNS: []string{"ks-controller-manager.kubesphere-system.svc"}, Issuer: ca})
	hook := func(bundle []byte) []byte {
		return facttest.Webhook("users.iam.kubesphere.io", "ks-controller-manager", "kubesphere-system", bundle)
	}
	secret := func(namespace string) []byte {
		return facttest.Secret(namespace, "ks-controller-manager-webhook-cert", map[string][]byte{"tls.crt": server.PEM(), "tls.key": server.KeyPEM(), "ca.crt": ca.PEM()})
	}
	for _, test := range []struct {
		name   string
		hook   []byte
		secret []byte
		want   string
	}{
		{"sound", hook(ca.PEM()), secret("kubesphere-system"), "[{0 true true}]"},
		{"another CA", hook(other.PEM()), secret("kubesphere-system"), "[{0 false false}]"},
		{"an expired one of the same key", hook(old.PEM()), secret("kubesphere-system"), "[{0 true false}]"},
		{"a rotation", hook(append(old.PEM(), ca.PEM()...)), secret("kubesphere-system"), "[{0 true true}]"},
		{"the leaf itself", hook(server.PEM()), secret("kubesphere-system"), "[{0 true true}]"},
		{"an empty bundle", hook([]byte("\n")), secret("kubesphere-system"), "[]"},
		{"another namespace", hook(ca.PEM()), secret("other"), "[]"},
		{"no namespace", hook(ca.PEM()), secret(""), "[]"},
	} {
		s := look(t, map[string][]byte{"hook.yaml": test.hook, "secret.yaml": test.secret})
		if len(s.Webhooks.ClientConfigs) != 1 || len(s.Webhooks.Secrets) != 1 {
			t.Errorf("%s: got %+v", test.name, s.Webhooks)
			continue
		}
		h, own := s.Webhooks.ClientConfigs[0], s.Webhooks.Secrets[0]
		if got := fmt.Sprint(h.Secrets); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if !h.Exported || h.Injected || h.Service.Port != 443 || !h.Service.Listed || own.Service != "ks-controller-manager" {
			t.Errorf("%s: got %+v, %+v", test.name, h, own)
		}
		if (h.Certificate != nil) == (test.want == "[]" && test.name == "an empty bundle") {
			t.Errorf("%s: got %+v", test.name, h)
		}
		for key, id := range map[string]*int{"webhook-server": own.Server, "webhook-ca": own.CA} {
			if s.Certificates[*id].Role != key || len(s.Certificates[*id].Read) != 1 {
				t.Errorf("%s: got %+v", test.name, s.Certificates[*id])
			}
		}
	}
}

func TestWebhooks_where(t *testing.T) {
	bundle := facttest.NewCA("webhook")
	injected := strings.Replace(string(facttest.Webhook("a", "notification-manager-webhook", "x", bundle.PEM())), "  uid: 6c8a3c3e-59a6-4d59-8a0e-000000000000\n",
		"  annotations: {cert-manager.io/inject-ca-from: x/y}\n", 1)
	crd := `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: receivers.notification.kubesphere.io}
spec: {conversion: {strategy: %s, webhook: {clientConfig: {caBundle: %s, %s}}}}
`
	encoded := base64.StdEncoding.EncodeToString(bundle.PEM())
	s := look(t, map[string][]byte{
		"1.yaml": []byte(injected),
		"2.yaml": fmt.Appendf(nil, crd, "Webhook", encoded, "service: {name: s, namespace: ns, port: 9443}"),
		"3.yaml": fmt.Appendf(nil, crd, "Webhook", encoded, "url: 'https://x'"),
		"4.yaml": fmt.Appendf(nil, crd, "None", encoded, "url: 'https://x'"),
		"5.yaml": fmt.Appendf(nil, "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec: {conversion: {strategy: Webhook, webhookClientConfig: {caBundle: %s}}}\n", encoded),
	})
	var got []string
	for _, h := range s.Webhooks.ClientConfigs {
		line := fmt.Sprint(s.at(h.place), " ", h.Injected, " ", h.Exported, " ", s.Certificates[*h.Certificate].Read)
		if h.Service != nil {
			line += fmt.Sprint(" ", *h.Service)
		}
		got = append(got, line)
	}
	same(t, "client configs", got, []string{
		"1.yaml webhooks[0].clientConfig true false [] {notification-manager-webhook x 443 true}",
		"2.yaml spec.conversion.webhook.clientConfig false false [ca] {s ns 9443 false}",
		"3.yaml spec.conversion.webhook.clientConfig false false [ca]",
		"5.yaml spec.conversion.webhookClientConfig false false [ca]",
	})
}
