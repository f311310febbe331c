package facts

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// hook is a clientConfig: whom the API server asks, and the CA that it expects.
type hook struct {
	place
	exported, injected bool
	service            *service // nil for a url
	ca                 *Holder
}

// service is where a webhook is served.
type service struct {
	name, namespace string
	port            int64
}

// hookSecret is a Secret with the certificate that a service of KubeSphere serves its webhooks with.
type hookSecret struct {
	document   int
	object     lint.Resource
	service    string
	server, ca *Holder
}

// webhookSecrets is the catalogue's list: the Secret's name, the service, and the keys of certificate and CA.
var webhookSecrets = map[string]struct{ service, server, ca string }{
	"ks-controller-manager-webhook-cert":       {"ks-controller-manager", "tls.crt", "ca.crt"},
	"s2i-webhook-server-cert":                  {"webhook-server-service", "tls.crt", "caBundle"},
	"notification-manager-webhook-server-cert": {"notification-manager-webhook", "tls.crt", "ca.crt"},
	"kubefed-admission-webhook-serving-cert":   {"kubefed-admission-webhook", "tls.crt", "ca.crt"},
	"logsidecar-injector-admission-certs":      {"logsidecar-injector-admission", "server.crt", "ca.crt"},
}

func listed(service string) bool {
	for _, known := range webhookSecrets {
		if known.service == service {
			return true
		}
	}
	return false
}

// injectors are the annotations by which somebody else writes the caBundle.
var injectors = []string{
	"cert-manager.io/inject-ca-from", "cert-manager.io/inject-ca-from-secret", "cert-manager.io/inject-apiserver-ca",
	"service.beta.openshift.io/inject-cabundle",
}

func (s *survey) findHooks() {
	for i, d := range s.documents {
		switch {
		case d.Has(lint.WebhookConfig):
			for n := range elements(lint.Field(d.Value, "webhooks")) {
				s.addHook(i, d, lint.Path{"webhooks", n, "clientConfig"})
			}
		case d.Has(lint.CRD) && lint.StringAt(d.Value, "spec", "conversion", "strategy") == "Webhook":
			s.addHook(i, d, lint.Path{"spec", "conversion", "webhook", "clientConfig"})
			s.addHook(i, d, lint.Path{"spec", "conversion", "webhookClientConfig"})
		case d.Has(lint.Secret):
			s.addHookSecret(i, d)
		}
	}
}

func (s *survey) addHook(number int, d *lint.Document, at lint.Path) {
	config := follow(d.Value, at)
	if config == nil {
		return
	}
	h := &hook{place: place{number, at}, exported: isSet(lint.Field(d.Value, "metadata", "uid"))}
	for _, name := range injectors {
		h.injected = h.injected || lint.Field(d.Value, "metadata", "annotations", name) != nil
	}
	if name := lint.StringAt(config, "service", "name"); name != "" {
		h.service = &service{name, lint.StringAt(config, "service", "namespace"), 443}
		if port, ok := lint.Field(config, "service", "port").(ast.Number); ok {
			if n, ok := port.Int64(); ok {
				h.service.port = n
			}
		}
	}
	h.ca = s.holder(number, at.Join("caBundle")...)
	h.ca.is(WebhookBundle)
	s.hooks = append(s.hooks, h)
}

// follow steps through keys and indexes; nil where one is missing.
func follow(v ast.Value, p lint.Path) ast.Value {
	for _, step := range p {
		switch step := step.(type) {
		case string:
			v = lint.Field(v, step)
		case int:
			all := elements(v)
			if step >= len(all) {
				return nil
			}
			v = all[step]
		}
	}
	return v
}

func (s *survey) addHookSecret(number int, d *lint.Document) {
	known, ok := webhookSecrets[d.Object.Name]
	if !ok {
		return
	}
	secret := &hookSecret{document: number, object: d.Object, service: known.service}
	if p, ok := secretKey(d, known.server); ok {
		secret.server = s.holder(number, p...)
		secret.server.is(WebhookServer)
	}
	if p, ok := secretKey(d, known.ca); ok {
		secret.ca = s.holder(number, p...)
		secret.ca.is(WebhookCA)
	}
	s.hookSecrets = append(s.hookSecrets, secret)
}
