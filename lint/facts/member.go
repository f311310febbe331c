package facts

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// member is an etcd member as its settings describe it.
type member struct {
	source     string // env or static-pod
	document   int
	from       *lint.Document
	name       string
	configFile bool
	settings   map[string]*setting
	dialled    map[string]bool // hosts that clients reach it by
	peers      []string        // URLs that peers reach it by
	listed     map[string]bool // name=url of the members that it knows
}

// setting is a variable or flag that is not empty.
type setting struct {
	place
	text     string
	template bool
	file     string    // the path on the host, where the setting is one
	folder   ast.Value // the names of the files of its folder, nil where nobody knows any
	pem      *pemText
}

// Variables of members that name certificates and their keys.
const (
	certFile, keyFile, caFile             = "ETCD_CERT_FILE", "ETCD_KEY_FILE", "ETCD_TRUSTED_CA_FILE"
	peerCertFile, peerKeyFile, peerCAFile = "ETCD_PEER_CERT_FILE", "ETCD_PEER_KEY_FILE", "ETCD_PEER_TRUSTED_CA_FILE"
	clientCertFile, clientKeyFile         = "ETCD_CLIENT_CERT_FILE", "ETCD_CLIENT_KEY_FILE"
	peerClientCertFile, peerClientKeyFile = "ETCD_PEER_CLIENT_CERT_FILE", "ETCD_PEER_CLIENT_KEY_FILE"
)

func (s *survey) findMembers() {
	for i, d := range s.documents {
		m := &member{document: i, from: d, settings: map[string]*setting{}}
		switch {
		case d.Has(lint.EtcdEnv):
			m.source = "env"
			m.readVariables()
		case d.Has(lint.StaticPod):
			c := containerOf(d, "etcd")
			if c == nil {
				continue
			}
			m.source = "static-pod"
			m.readFlags(c)
		}
		if len(m.settings) > 0 {
			m.complete(s)
			s.members = append(s.members, m)
		}
	}
}

// variables calls back for each variable of an env file that is set, in the order of their names.
func variables(d *lint.Document, each func(name string, s *setting)) {
	object, ok := lint.Field(d.Value, "variables").(ast.Object)
	if !ok {
		return
	}
	for _, key := range object.Keys() {
		name, _ := key.Value.(ast.String)
		value := object.Get(key).Value
		if !isSet(value) {
			continue
		}
		text, isText := value.(ast.String)
		each(string(name), &setting{
			place: place{path: lint.Path{"variables", string(name)}},
			text:  string(text), template: !isText || isTemplate(string(text)), file: string(text),
		})
	}
}

func (m *member) readVariables() {
	variables(m.from, func(name string, s *setting) {
		if strings.HasPrefix(name, "ETCD_") {
			m.settings[name] = s
		}
	})
}

// readFlags reads the flags of a container, and its environment where no flag says the same.
func (m *member) readFlags(c *container) {
	add := func(name string, f flag) {
		if !strings.HasPrefix(name, "ETCD_") {
			return
		}
		delete(m.settings, name)
		if f.value != "" {
			unknown := isTemplate(f.value) || strings.Contains(f.value, "$(")
			m.settings[name] = &setting{place: place{path: f.path}, text: f.value, template: unknown, file: c.onHost(f.value)}
		}
	}
	for _, f := range c.variables() {
		add(f.name, f)
	}
	for _, f := range c.flags {
		add("ETCD_"+strings.ToUpper(strings.ReplaceAll(f.name, "-", "_")), f)
	}
}

// complete works out what the settings lead to.
func (m *member) complete(s *survey) {
	if m.settings["ETCD_CONFIG_FILE"] != nil {
		m.configFile, m.settings = true, nil
		return
	}
	m.name = "default"
	if name := m.settings["ETCD_NAME"]; name != nil {
		m.name = name.known()
	}
	for _, at := range m.settings {
		at.document = m.document
	}
	for _, name := range []string{
		certFile, keyFile, caFile, peerCertFile, peerKeyFile, peerCAFile,
		clientCertFile, clientKeyFile, peerClientCertFile, peerClientKeyFile,
	} {
		m.settings[name].resolve(s, m.from)
	}
	m.address()
}

// address works out what others reach the member by.
func (m *member) address() {
	m.dialled, m.listed = map[string]bool{}, map[string]bool{}
	each := func(name string, do func(u *endpoint)) {
		for _, u := range parseURLs(m.settings[name].known()) {
			if !u.isLoopback && !u.isUnspecified {
				do(u)
			}
		}
	}
	each("ETCD_ADVERTISE_CLIENT_URLS", func(u *endpoint) { m.dialled[u.host] = true })
	each("ETCD_LISTEN_CLIENT_URLS", func(u *endpoint) { m.dialled[u.host] = true })
	each("ETCD_INITIAL_ADVERTISE_PEER_URLS", func(u *endpoint) { m.peers = append(m.peers, u.String()) })
	for _, e := range parseEntries(m.settings["ETCD_INITIAL_CLUSTER"].known()) {
		if e.url != nil {
			m.listed[e.name+"="+e.url.String()] = true
		}
	}
}

// known is the text, "" for a template.
func (s *setting) known() string {
	if s == nil || s.template {
		return ""
	}
	return s.text
}

// resolve finds the file that a path names.
func (s *setting) resolve(all *survey, from *lint.Document) {
	if s != nil && !s.template {
		s.pem = all.resolve(from, s.file)
	}
}

// look lists the files of the folder that a path leads to.
func (s *setting) look(all *survey, from *lint.Document) {
	if s == nil || s.template || s.file == "" {
		return
	}
	s.file = path.Clean(s.file)
	s.folder = all.folder(from, s.file)
}

// holder of the certificates that the setting names, nil where there are none or nobody can tell.
func (s *setting) holder() *Holder {
	if s == nil || s.pem == nil {
		return nil
	}
	return s.pem.holder
}

func (m *member) value() ast.Value {
	var f fields
	f.text("source", m.source)
	f.number("document", int64(m.document))
	f.text("host", m.from.Host)
	if m.name != "" {
		f.text("name", m.name)
	}
	f.truth("config_file", m.configFile)
	var settings fields
	for name, s := range m.settings {
		settings.put(name, s.value(name))
	}
	f.put("settings", settings.object())
	return f.object()
}

func (s *setting) value(name string) ast.Value {
	var f fields
	f.path("path", s.path)
	if s.template {
		f.put("value", ast.NullValue)
		return f.object()
	}
	f.text("value", s.text)
	if truth, err := strconv.ParseBool(s.text); err == nil {
		f.truth("bool", truth)
	}
	if strings.HasSuffix(name, "_URLS") {
		f.put("urls", list(parseURLs(s.text), (*endpoint).value))
	}
	if name == "ETCD_INITIAL_CLUSTER" {
		f.put("entries", list(parseEntries(s.text), entry.value))
	}
	if !slices.Contains([]string{keyFile, peerKeyFile, clientKeyFile, peerClientKeyFile}, name) {
		f.id("certificate", s.holder())
	}
	return f.object()
}
