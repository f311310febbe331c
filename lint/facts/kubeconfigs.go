package facts

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

func (f *Facts) kubeconfigsValue() ast.Value {
	s := f.survey()
	servers := s.serversByIssuer()
	return list(s.kubeconfigs, func(k *kubeconfig) ast.Value { return k.value(f.verifier, servers) })
}

// serversByIssuer holds the apiserver.crt files by the names that may have issued them, so that a CA is only tried on those
// that name it. One content is one server: KubeKey's hosts have as many as there are control planes.
func (s *survey) serversByIssuer() map[string][]*Holder {
	found := map[string][]*Holder{}
	for _, h := range s.holders {
		if h.Role != APIServer || h.leaf() == nil {
			continue
		}
		names := map[string]bool{string(h.leaf().RawSubject): true} // the leaf itself may stand in the CA file
		for _, c := range h.readable(0) {
			names[string(c.RawIssuer)] = true
		}
		for name := range names {
			found[name] = append(found[name], h)
		}
	}
	return found
}

// maxServers is how many apiserver.crt files one kubeconfig is held against.
const maxServers = 1000

// verified lists the ids of the servers that a CA verifies, whatever the dates.
func verified(ca *Holder, v *verifier, servers map[string][]*Holder) ast.Value {
	tried := map[*Holder]bool{}
	var ids []ast.Value
	for _, c := range ca.readable(0) {
		for _, h := range servers[string(c.RawSubject)] {
			if tried[h] || len(tried) == maxServers {
				continue
			}
			tried[h] = true
			if found, ok := v.judge(h, ca); ok && found.ever {
				ids = append(ids, number(int64(h.ID)))
			}
		}
	}
	return list(ids, func(id ast.Value) ast.Value { return id })
}

func (k *kubeconfig) value(v *verifier, servers map[string][]*Holder) ast.Value {
	var f fields
	f.at(place{k.number, nil})
	f.text("file", k.from.File)
	f.text("host", k.from.Host)
	f.text("kind", k.kind)
	if k.role != "" {
		f.text("role", k.role)
	}
	if k.carrier != nil {
		var carrier fields
		carrier.at(*k.carrier)
		f.put("carrier", carrier.object())
	}
	if k.user != nil {
		user := k.user.fields()
		user.truth("other_auth", k.otherAuth)
		f.put("user", user.object())
	}
	if k.cluster != nil {
		f.put("cluster", k.clusterValue(v, servers))
	}
	return f.object()
}

func (id *identity) fields() fields {
	var f fields
	f.text("name", id.name)
	f.path("path", id.path)
	f.truth("embedded", id.embedded)
	f.id("certificate", id.holder)
	return f
}

func (k *kubeconfig) clusterValue(v *verifier, servers map[string][]*Holder) ast.Value {
	f := k.cluster.fields()
	f.truth("insecure", k.insecure)
	if k.tlsServerName != "" {
		f.text("tls_server_name", k.tlsServerName)
	}
	if k.server != nil {
		var server fields
		server.path("path", k.server.path)
		if u := parseURL(k.server.text); u != nil {
			server.put("url", u.value())
		}
		f.put("server", server.object())
	}
	ids := ast.Value(ast.NewArray())
	if k.cluster.holder != nil {
		ids = verified(k.cluster.holder, v, servers)
	}
	f.put("verifies", ids)
	return f.object()
}
