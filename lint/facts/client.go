package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// client is somebody who dials etcd.
type client struct {
	kind string
	place
	from          *lint.Document
	servers       []*endpoint
	ca, cert, key *setting
	inline        bool // the certificates stand in the document itself
}

func (s *survey) findClients() {
	for i, d := range s.documents {
		c := &client{place: place{document: i}, from: d}
		switch {
		case d.Has(lint.EtcdEnv):
			c.kind = "etcdctl"
			c.readVariables("ETCDCTL_ENDPOINTS", []string{"ETCDCTL_CACERT", "ETCDCTL_CA_FILE"},
				[]string{"ETCDCTL_CERT", "ETCDCTL_CERT_FILE"}, []string{"ETCDCTL_KEY", "ETCDCTL_KEY_FILE"})
		case d.Has(lint.K3sEnv):
			c.kind = "k3s"
			c.readVariables("K3S_DATASTORE_ENDPOINT", []string{"K3S_DATASTORE_CAFILE"},
				[]string{"K3S_DATASTORE_CERTFILE"}, []string{"K3S_DATASTORE_KEYFILE"})
		case d.Has(lint.StaticPod):
			c.kind = "apiserver"
			c.readFlags()
		case d.Has(lint.KubeKeyCluster):
			c.kind = "external"
			c.readCluster(s)
		case d.Has(lint.Secret) && isEtcdSecret(d.Object):
			c.kind = "secret"
			c.readSecret(s)
		}
		if c.says() {
			c.complete(s)
			s.clients = append(s.clients, c)
		}
	}
	slices.SortStableFunc(s.clients, func(a, b *client) int { return slices.Index(clientKinds, a.kind) - slices.Index(clientKinds, b.kind) })
}

// clientKinds are in the order that a certificate is spoken of, where several use the same: the Secret holds a copy.
var clientKinds = []string{"apiserver", "k3s", "etcdctl", "secret", "external"}

// says tells whether the document names anything of etcd's at all; the Secret may be found wanting.
func (c *client) says() bool {
	return c.kind == "secret" || c.ca != nil || c.cert != nil || c.key != nil || len(c.servers) > 0
}

func (c *client) complete(s *survey) {
	for _, at := range []*setting{c.ca, c.cert, c.key} {
		if at != nil {
			at.document = c.document
		}
		if !c.inline {
			at.resolve(s, c.from)
			at.look(s, c.from)
		}
	}
}

// readVariables reads an env file; of two names for the same thing the first counts, which newer programs read.
func (c *client) readVariables(endpoints string, ca, cert, key []string) {
	found := map[string]*setting{}
	variables(c.from, func(name string, s *setting) { found[name] = s })
	first := func(names []string) *setting {
		for _, name := range names {
			if found[name] != nil {
				return found[name]
			}
		}
		return nil
	}
	if at := found[endpoints]; at != nil {
		// The datastore of k3s may be a database, and its URL holds the password.
		for part := range strings.SplitSeq(at.known(), ",") {
			if scheme, _, ok := strings.Cut(strings.TrimSpace(part), "://"); ok && scheme != "http" && scheme != "https" {
				return
			}
		}
		c.path, c.servers = at.path, parseURLs(at.known())
	}
	c.ca, c.cert, c.key = first(ca), first(cert), first(key)
}

func (c *client) readFlags() {
	pod := containerOf(c.from, "kube-apiserver")
	if pod == nil {
		return
	}
	for _, f := range pod.flags {
		if f.name == "etcd-servers" {
			c.path, c.servers = f.path, append(c.servers, parseURLs(f.value)...)
		}
	}
	file := func(name string) *setting {
		f := pod.last(name)
		if f == nil || f.value == "" {
			return nil
		}
		unknown := isTemplate(f.value) || strings.Contains(f.value, "$(")
		return &setting{place: place{path: f.path}, text: f.value, template: unknown, file: pod.onHost(f.value)}
	}
	c.ca, c.cert, c.key = file("etcd-cafile"), file("etcd-certfile"), file("etcd-keyfile")
}

// readCluster reads etcd.external, whose files stand on the machine that KubeKey runs on.
func (c *client) readCluster(s *survey) {
	etcd, at, ok := folded(c.from.Value, nil, "spec", "etcd")
	if kind, _, _ := folded(etcd, at, "type"); !ok || kind == nil || !ast.String("external").Equal(kind) {
		return
	}
	c.inline = true // resolved here
	if list, at, ok := folded(etcd, at, "external", "endpoints"); ok {
		c.path = at
		for _, v := range elements(list) {
			text, _ := v.(ast.String)
			c.servers = append(c.servers, parseURLs(string(text))...)
		}
	}
	file := func(key string) *setting {
		v, at, ok := folded(etcd, at, "external", key)
		name, isText := v.(ast.String)
		if !ok || !isText || name == "" {
			return nil
		}
		found := &setting{place: place{path: at}, text: string(name), template: isTemplate(string(name))}
		if !found.template {
			clean := path.Clean(string(name))
			found.pem = onlyOne(s.base[path.Base(clean)], clean)
		}
		return found
	}
	c.ca, c.cert, c.key = file("caFile"), file("certFile"), file("keyFile")
}

func isEtcdSecret(o lint.Resource) bool {
	return o.Name == "kube-etcd-client-certs" && (o.Namespace == "" || o.Namespace == "kubesphere-monitoring-system")
}

func (c *client) readSecret(s *survey) {
	c.inline = true
	item := func(key string) *setting {
		p, ok := secretKey(c.from, key)
		if !ok {
			return nil
		}
		return &setting{place: place{path: p}, pem: s.text(c.document, p...)}
	}
	c.ca, c.cert, c.key = item("etcd-client-ca.crt"), item("etcd-client.crt"), item("etcd-client.key")
	c.ca.holder().is(MonitoringCA)
	c.cert.holder().is(MonitoringClient)
}

// secretKey is where a Secret holds a key: stringData wins over data.
func secretKey(d *lint.Document, key string) (lint.Path, bool) {
	for _, field := range []string{"stringData", "data"} {
		if lint.Field(d.Value, field, key) != nil {
			return lint.Path{field, key}, true
		}
	}
	return nil, false
}

func (c *client) value() ast.Value {
	var f fields
	f.text("kind", c.kind)
	f.at(c.place)
	f.text("host", c.from.Host)
	f.put("servers", list(c.servers, (*endpoint).value))
	for key, at := range map[string]*setting{"ca": c.ca, "cert": c.cert, "key": c.key} {
		if at != nil {
			f.put(key, c.fileValue(at, key == "key"))
		}
	}
	return f.object()
}

func (c *client) fileValue(at *setting, isKey bool) ast.Value {
	var f fields
	f.path("path", at.path)
	switch {
	case at.template:
		f.put("value", ast.NullValue)
	case c.kind == "secret":
		f.truth("pem", at.holder() != nil || isKey && firstKey(at.pem) != nil)
	default:
		f.text("value", at.text)
		if at.file != "" {
			f.text("file", at.file)
		}
		if at.folder != nil {
			f.put("folder", at.folder)
		}
	}
	if !isKey {
		f.id("certificate", at.holder())
	}
	return f.object()
}
