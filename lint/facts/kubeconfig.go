package facts

import (
	"path"
	"regexp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// kubeconfig is a v1 Config, as far as its current context goes.
type kubeconfig struct {
	number  int
	from    *lint.Document
	kind    string
	carrier *place
	role    string
	user    *identity
	cluster *identity

	otherAuth     bool // of the user
	insecure      bool // of the cluster
	tlsServerName string
	server        *setting
}

// identity is the user or the cluster of the current context.
type identity struct {
	place
	name     string
	embedded bool
	holder   *Holder
}

var kinds = map[string]string{"Cluster": "cluster", "ConfigMap": "configmap", "Secret": "secret"}

func (s *survey) findKubeconfigs() {
	for i, d := range s.documents {
		if !d.Has(lint.Kubeconfig) {
			continue
		}
		k := &kubeconfig{number: i, from: d, kind: "file", role: kubeconfigRole(d)}
		if d.Parent != nil {
			k.kind = kinds[d.Parent.Object.Kind]
			k.carrier = &place{s.numbers[d.Parent], d.Prefix}
		}
		user, cluster := current(d.Value)
		k.readUser(s, user)
		k.readCluster(s, cluster)
		s.kubeconfigs = append(s.kubeconfigs, k)
	}
}

var systemConfig = regexp.MustCompile(`^/etc/kubernetes/(admin|controller-manager|scheduler|kubelet|super-admin|bootstrap-kubelet)\.conf$`)

func kubeconfigRole(d *lint.Document) string {
	_, name, ok := onHost(d)
	if m := systemConfig.FindStringSubmatch(name); ok && m != nil && d.Parent == nil {
		return m[1]
	}
	return ""
}

// current gives the names of the current context's user and cluster; without a context they are the only ones.
func current(config ast.Value) (user, cluster string) {
	context := lint.StringAt(config, "current-context")
	if context == "" {
		return onlyName(config, "users"), onlyName(config, "clusters")
	}
	_, entry := named(config, "contexts", context)
	return lint.StringAt(entry, "context", "user"), lint.StringAt(entry, "context", "cluster")
}

func onlyName(config ast.Value, field string) string {
	all := elements(lint.Field(config, field))
	if len(all) != 1 {
		return ""
	}
	return lint.StringAt(all[0], "name")
}

// named finds an element of a list by its name; the position is -1 where there is none.
func named(config ast.Value, field, name string) (int, ast.Value) {
	all := elements(lint.Field(config, field))
	i := slices.IndexFunc(all, func(v ast.Value) bool { return lint.StringAt(v, "name") == name })
	if name == "" || i < 0 {
		return -1, nil
	}
	return i, all[i]
}

func (k *kubeconfig) readUser(s *survey, name string) {
	i, entry := named(k.from.Value, "users", name)
	if i < 0 {
		return
	}
	at := lint.Path{"users", i, "user"}
	fields := lint.Field(entry, "user")
	k.user = &identity{place: place{k.number, at}, name: name}
	for _, key := range []string{"token", "tokenFile", "exec", "auth-provider", "username"} {
		k.otherAuth = k.otherAuth || isSet(lint.Field(fields, key))
	}
	k.find(s, k.user, fields, "client-certificate")
	if k.user.embedded {
		k.user.holder.is(KubeconfigUser)
	}
}

func (k *kubeconfig) readCluster(s *survey, name string) {
	i, entry := named(k.from.Value, "clusters", name)
	if i < 0 {
		return
	}
	at := lint.Path{"clusters", i, "cluster"}
	fields := lint.Field(entry, "cluster")
	k.cluster = &identity{place: place{k.number, at}, name: name}
	k.insecure = lint.Field(fields, "insecure-skip-tls-verify") == ast.Boolean(true)
	k.tlsServerName = lint.StringAt(fields, "tls-server-name")
	if server := lint.StringAt(fields, "server"); server != "" {
		k.server = &setting{place: place{k.number, at.Join("server")}, text: server}
	}
	k.find(s, k.cluster, fields, "certificate-authority")
	if k.cluster.embedded {
		k.cluster.holder.is(KubeconfigCA)
	}
}

// find is the certificate of a user or cluster: data wins over a path, which is followed within the host folder only.
func (k *kubeconfig) find(s *survey, id *identity, fields ast.Value, key string) {
	if isSet(lint.Field(fields, key+"-data")) {
		id.embedded = true
		id.holder = s.holder(k.number, id.path.Join(key+"-data")...)
		return
	}
	folder, own, ok := onHost(k.from)
	name, isText := plainText(lint.Field(fields, key))
	if !ok || !isText || name == "" {
		return
	}
	if !path.IsAbs(name) {
		name = path.Join(path.Dir(own), name)
	}
	if t := s.exact[[2]string{folder, path.Clean(name)}]; t != nil {
		id.holder = t.holder
	}
}

// is gives a role to what is known by where it stands.
func (h *Holder) is(r Role) {
	if h != nil {
		h.Role = r
	}
}
