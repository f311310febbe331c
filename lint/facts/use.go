package facts

import (
	"path"

	"github.com/open-policy-agent/opa/v1/ast"
)

// use is a file with everything that uses it.
type use struct {
	holder *Holder
	by     []reference
	named  bool // by nothing but its name
}

// reference is one setting that names a file, and whose it is.
type reference struct {
	kind   string
	at     *setting
	member *member
	client *client
}

// certificates lists what members and clients present.
func (s *survey) certificates() []reference {
	var all []reference
	for _, m := range s.members {
		all = m.refer(all, "server", certFile)
		all = m.refer(all, "peer", peerCertFile)
	}
	for _, c := range s.clients {
		if c.cert != nil && c.kind != "external" {
			all = append(all, reference{kind: c.kind, at: c.cert, client: c})
		}
	}
	return all
}

// cas lists what members and clients check with.
func (s *survey) cas() []reference {
	var all []reference
	for _, m := range s.members {
		all = m.refer(all, "server", caFile)
		all = m.refer(all, "peer", peerCAFile)
	}
	for _, c := range s.clients {
		if c.ca != nil {
			all = append(all, reference{kind: c.kind, at: c.ca, client: c})
		}
	}
	return all
}

func (m *member) refer(all []reference, kind, name string) []reference {
	if at := m.settings[name]; at != nil {
		all = append(all, reference{kind: kind, at: at, member: m})
	}
	return all
}

// findUses finds the in-use leaves and the CA files of verifier pairs.
func (s *survey) findUses(hosts hostList) {
	leaves, cas := s.certificates(), s.cas()
	var used, trusted map[*Holder]bool
	s.inUse, used = collect(leaves)
	s.authorities, trusted = collect(cas)
	named, namedCAs := s.namesIn(leaves), s.namesIn(cas)
	for _, h := range s.holders {
		folder, _, onHost := onHost(h.Document)
		kinds, isLeaf := leafRoles[h.Role]
		another := onHost && named.another(folder, h, kinds)
		anotherCA := onHost && len(namedCAs[folder]) > 0
		switch {
		case isLeaf && !used[h] && !another && !hosts.lack(h.NamedFor):
			s.inUse = append(s.inUse, byName(h))
		case h.Role == EtcdCA && !trusted[h] && !anotherCA:
			s.authorities = append(s.authorities, byName(h))
		}
	}
}

// leafRoles are the in-use leaves that are known by their name, with the kinds of references in the same host folder that
// say otherwise when they name another file: KubeKey copies the files of every host to every host, and removes none.
var leafRoles = map[Role][]string{
	EtcdMember: {"server", "peer"}, EtcdAdmin: {"etcdctl"}, EtcdNode: {"apiserver", "k3s"},
	EtcdServer: nil, EtcdClient: nil,
	KubeadmEtcdServer: nil, KubeadmEtcdPeer: nil, KubeadmEtcdHealthcheck: nil, KubeadmEtcdAPIServer: nil,
}

// byFolder holds the base names that the settings of a host folder name, by kind of reference.
type byFolder map[string]map[string][]string

func (s *survey) namesIn(references []reference) byFolder {
	all := byFolder{}
	for _, r := range references {
		folder, _, ok := onHost(s.documents[r.at.document])
		if !ok {
			continue
		}
		if all[folder] == nil {
			all[folder] = map[string][]string{}
		}
		all[folder][r.kind] = append(all[folder][r.kind], path.Base(r.at.text))
	}
	return all
}

// another tells whether the settings of a host folder name other files in place of this one.
func (b byFolder) another(folder string, h *Holder, kinds []string) bool {
	named := false
	for _, kind := range kinds {
		for _, name := range b[folder][kind] {
			if name == h.Name {
				return false
			}
			named = true
		}
	}
	return named
}

// collect sorts references by the file that they lead to; those that lead nowhere are left out.
func collect(references []reference) ([]*use, map[*Holder]bool) {
	byHolder, seen := map[*Holder]*use{}, map[*Holder]bool{}
	var all []*use
	for _, r := range references {
		h := r.at.holder()
		if h == nil {
			continue
		}
		if byHolder[h] == nil {
			byHolder[h], seen[h] = &use{holder: h}, true
			all = append(all, byHolder[h])
		}
		byHolder[h].by = append(byHolder[h].by, r)
	}
	return all, seen
}

func byName(h *Holder) *use {
	return &use{holder: h, named: true, by: []reference{{kind: "name", at: &setting{place: h.place}}}}
}

func (u *use) value() ast.Value {
	var f fields
	f.id("certificate", u.holder)
	known := "reference"
	if u.named {
		known = "name"
	}
	f.text("known", known)
	f.put("uses", list(u.by, func(r reference) ast.Value {
		var f fields
		f.text("kind", r.kind)
		f.at(r.at.place)
		return f.object()
	}))
	return f.object()
}
