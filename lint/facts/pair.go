package facts

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// pair is a leaf with the CA file that judges it.
type pair struct {
	kind     string // peer, server or client
	leaf, ca reference
	verdict
}

// Looking whether two files belong together is one piece of work, checking signatures many. No cluster comes near the limit.
const (
	maxWork    = 1_000_000
	costOfPair = 500
)

// pairs checks the leaves of a host, or of one cluster, against the CA files of those who check them, each content once.
// all is false where there was too much of it.
func (s *survey) pairs(v *verifier) (pairs []pair, all bool) {
	type content struct {
		kind string
		pairing
	}
	seen := map[content]bool{}
	left := maxWork
	cas := s.cas()
	for _, leaf := range s.certificates() {
		if leaf.at.holder() == nil {
			continue
		}
		for _, ca := range cas {
			if left--; left < 0 {
				return pairs, false
			}
			kind := pairKind(leaf, ca)
			if kind == "" || ca.at.holder() == nil {
				continue
			}
			key := content{kind, pairing{leaf.at.holder().content, ca.at.holder().content}}
			if seen[key] || !s.related(leaf, ca) {
				continue
			}
			seen[key] = true
			left -= costOfPair + len(ca.at.holder().Certs) + len(leaf.at.holder().Certs)
			if found, ok := v.judge(leaf.at.holder(), ca.at.holder()); ok {
				pairs = append(pairs, pair{kind, leaf, ca, found})
			}
		}
	}
	return pairs, true
}

// pairKind says who checks a leaf with a CA file: peers each other, clients what the server shows, the server what clients
// show. Nobody checks a server's certificate with the CA that the server has for its clients.
func pairKind(leaf, ca reference) string {
	switch {
	case leaf.member != nil && ca.member != nil && leaf.kind == "peer" && ca.kind == "peer":
		return "peer"
	case leaf.member != nil && ca.client != nil && leaf.kind == "server" && ca.kind != "external":
		return "server"
	case leaf.client != nil && ca.member != nil && ca.kind == "server":
		return "client"
	}
	return ""
}

// related tells whether the two have to do with each other.
func (s *survey) related(leaf, ca reference) bool {
	switch {
	case leaf.member != nil && ca.member != nil:
		return s.oneCluster || leaf.member.knows(ca.member) || ca.member.knows(leaf.member)
	case leaf.member != nil:
		return s.dials(ca.client, leaf.member)
	default:
		return s.dials(leaf.client, ca.member)
	}
}

// knows tells whether a member is the other one, or has it in its list.
func (m *member) knows(other *member) bool {
	if m == other {
		return true
	}
	for _, address := range other.peers {
		if m.listed[other.name+"="+address] {
			return true
		}
	}
	return false
}

// dials tells whether a client talks to a member: it names the member, or the loopback of the same host; or it may, since
// all is of one host or one cluster and nothing says otherwise.
func (s *survey) dials(c *client, m *member) bool {
	same := sameHost(c.from, m.from)
	loopbacks, names := 0, 0
	for _, u := range c.servers {
		switch {
		case u.isLoopback && same, m.dialled[u.host]:
			return true
		case u.isLoopback:
			loopbacks++
		case !u.isIP:
			names++
		}
	}
	if len(c.servers) > 0 && loopbacks == len(c.servers) {
		return false
	}
	return s.oneCluster || same && (names > 0 || len(c.servers) == 0)
}

func (f *Facts) etcdValue() ast.Value {
	s := f.survey()
	pairs, all := s.pairs(f.verifier)
	var v fields
	v.truth("one_cluster", s.oneCluster)
	v.put("members", list(s.members, (*member).value))
	v.put("clients", list(s.clients, (*client).value))
	v.put("in_use", list(s.inUse, (*use).value))
	v.put("authorities", list(s.authorities, (*use).value))
	v.put("pairs", list(pairs, pair.value))
	v.truth("pairs_complete", all)
	v.put("keypairs", list(s.keypairs(), keypair.value))
	return v.object()
}

func (p pair) value() ast.Value {
	side := func(r reference) ast.Value {
		var f fields
		f.id("certificate", r.at.holder())
		f.at(r.at.place)
		return f.object()
	}
	var f fields
	f.text("kind", p.kind)
	f.put("leaf", side(p.leaf))
	f.put("ca", side(p.ca))
	f.truth("verifies", p.ever)
	f.truth("verifies_now", p.now)
	return f.object()
}
