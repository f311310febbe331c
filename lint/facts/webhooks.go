package facts

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// maxSecrets is how many Secrets of one service a clientConfig is held against.
const maxSecrets = 100

func (f *Facts) webhooksValue() ast.Value {
	s := f.survey()
	byService := map[[2]string][]int{}
	for i, secret := range s.hookSecrets {
		if secret.server != nil && secret.object.Namespace != "" {
			key := [2]string{secret.service, secret.object.Namespace}
			byService[key] = append(byService[key], i)
		}
	}
	var v fields
	v.put("client_configs", list(s.hooks, func(h *hook) ast.Value {
		var own []int
		if h.service != nil && h.ca != nil {
			own = byService[[2]string{h.service.name, h.service.namespace}]
		}
		return h.value(s.hookSecrets, own[:min(len(own), maxSecrets)], f.verifier)
	}))
	v.put("secrets", list(s.hookSecrets, (*hookSecret).value))
	return v.object()
}

func (h *hook) value(secrets []*hookSecret, own []int, v *verifier) ast.Value {
	var f fields
	f.at(h.place)
	f.truth("exported", h.exported)
	f.truth("injected", h.injected)
	if h.service != nil {
		f.put("service", h.service.value())
	}
	f.path("ca_path", h.path.Join("caBundle"))
	f.id("certificate", h.ca)
	var judged []ast.Value
	for _, i := range own {
		if found, ok := v.judge(secrets[i].server, h.ca); ok {
			var one fields
			one.number("secret", int64(i))
			one.truth("verifies", found.ever)
			one.truth("verifies_now", found.now)
			judged = append(judged, one.object())
		}
	}
	f.put("secrets", list(judged, func(v ast.Value) ast.Value { return v }))
	return f.object()
}

func (s *service) value() ast.Value {
	var f fields
	f.text("name", s.name)
	f.text("namespace", s.namespace)
	f.number("port", s.port)
	f.truth("listed", listed(s.name))
	return f.object()
}

func (s *hookSecret) value() ast.Value {
	var f fields
	f.number("document", int64(s.document))
	f.text("name", s.object.Name)
	f.text("namespace", s.object.Namespace)
	f.text("service", s.service)
	f.id("server", s.server)
	f.id("ca", s.ca)
	return f.object()
}
