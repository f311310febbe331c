package facts

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// keypair is a certificate with the key that is to go with it.
type keypair struct {
	kind      string
	cert, key *setting
	match     bool
}

// keypairs compares certificates with keys, where both are resolved and the key can be read: first those that settings name,
// then KubeKey's X.pem and X-key.pem of one folder that no setting names. A key is forgotten when it has been compared.
func (s *survey) keypairs() []keypair {
	var all []keypair
	seen := map[*Holder]bool{}
	add := func(kind string, cert, key *setting) {
		h := cert.holder()
		if h == nil {
			return
		}
		seen[h] = true
		if key == nil || key.pem == nil || firstKey(key.pem) == nil || h.leaf() == nil {
			return
		}
		if same, known := match(h.leaf().Certificate, firstKey(key.pem)); known {
			all = append(all, keypair{kind, cert, key, same})
		}
	}
	for _, m := range s.members {
		add("server", m.settings[certFile], m.settings[keyFile])
		add("peer", m.settings[peerCertFile], m.settings[peerKeyFile])
		add("client", m.settings[clientCertFile], m.settings[clientKeyFile])
		add("peer-client", m.settings[peerClientCertFile], m.settings[peerClientKeyFile])
	}
	for _, c := range s.clients {
		if c.kind != "external" {
			add(c.kind, c.cert, c.key)
		}
	}
	for _, h := range s.holders {
		switch h.Role {
		case EtcdMember, EtcdAdmin, EtcdNode:
			if key := s.beside(h); key != nil && !seen[h] {
				add("name", &setting{place: h.place, pem: s.text(h.document)}, &setting{place: key.blockPlace(), pem: key})
			}
		}
	}
	return once(all)
}

// beside finds X-key.pem in the folder of X.pem.
func (s *survey) beside(h *Holder) *pemText {
	folder, name, _ := onHost(h.Document)
	return s.exact[[2]string{folder, strings.TrimSuffix(name, ".pem") + "-key.pem"}]
}

// blockPlace is where the text begins: the string, or the first block of a file.
func (t *pemText) blockPlace() place { return place{t.document, t.blocks[0].Path} }

// once drops pairs that were compared before: several settings of a member name the same two files.
func once(all []keypair) []keypair {
	type files struct {
		cert, key *pemText
		document  int
	}
	seen := map[files]bool{}
	var first []keypair
	for _, k := range all {
		key := files{k.cert.pem, k.key.pem, k.key.document}
		if !seen[key] {
			seen[key] = true
			first = append(first, k)
		}
	}
	return first
}

func (k keypair) value() ast.Value {
	var f fields
	f.text("kind", k.kind)
	f.id("certificate", k.cert.holder())
	f.truth("match", k.match)
	f.at(k.key.place)
	var cert fields
	cert.at(k.cert.place)
	f.put("cert", cert.object())
	return f.object()
}
