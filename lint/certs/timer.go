package certs

import (
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// renewal is what a set tells about who renews.
type renewal struct {
	kubeSphere lint.Version
	known      bool // the version
	// kubeKey says whether KubeKey's file asks for the timer; Unknown where it does not say.
	kubeKey  Renewer
	version4 bool // a file of KubeKey v4, whose timer never works
	hosts    map[string]*hostRenewal
}

// hostRenewal is what a host folder shows.
type hostRenewal struct {
	timer, broken bool
	script        bool // the one that the timer's service starts
	otherScript   bool // the name that KubeKey v4 saves it under
	rotationOff   bool // the kubelet's configuration does not ask for new certificates
}

func renewalOf(s *lint.Set, documents []*lint.Document) renewal {
	r := renewal{kubeKey: Unknown, hosts: map[string]*hostRenewal{}}
	r.kubeSphere, r.known = s.Versions[lint.KubeSphere]
	clusters := 0
	for _, d := range documents {
		switch {
		case d.Has(lint.KubeKeyCluster):
			clusters++
			r.kubeKey = autoRenew(d)
		case d.Has(lint.KubeKeyConfig):
			r.version4 = true
		case d.Format == lint.Unit, d.Format == lint.Lines, d.Has(lint.KubeletConfig):
			r.host(d.Host).look(d)
		}
	}
	if clusters > 1 {
		r.kubeKey = Unknown
	}
	return r
}

func (r *renewal) host(folder string) *hostRenewal {
	h := r.hosts[folder]
	if h == nil {
		h = &hostRenewal{}
		r.hosts[folder] = h
	}
	return h
}

func (h *hostRenewal) look(d *lint.Document) {
	switch path.Base(d.File) {
	case "k8s-certs-renew.timer":
		h.timer = true
	case "k8s-certs-renew.sh":
		h.script = true
		h.broken = h.broken || isBroken(d)
	case "renew_script.sh":
		h.otherScript = true
	}
	if hostPath(d) == "/var/lib/kubelet/config.yaml" {
		h.rotationOff = lint.Field(d.Value, "rotateCertificates") != ast.Boolean(true)
	}
}

// isBroken knows the script of KubeKey v4, whose first line lacks its line break.
func isBroken(d *lint.Document) bool {
	lines, _ := lint.Field(d.Value, "lines").(*ast.Array)
	if lines == nil || lines.Len() == 0 {
		return false
	}
	first, _ := lines.Elem(0).Value.(ast.String)
	return strings.HasPrefix(string(first), "#!/bin/bashkubeadmCerts")
}

// autoRenew reads kubernetes.autoRenewCerts, which v1alpha2 has. Absent means off, but for KubeKey v2.0, which has no such field
// and always installs the timer; which KubeKey it was is not known here.
func autoRenew(d *lint.Document) Renewer {
	if d.Object.APIVersion != "kubekey.kubesphere.io/v1alpha2" {
		return Unknown
	}
	v := d.Value
	for _, key := range []string{"spec", "kubernetes", "autoRenewCerts"} {
		v = fold(v, key)
	}
	switch v {
	case ast.Boolean(true):
		return Timer
	case ast.Boolean(false):
		return Nobody
	}
	return Unknown
}

// fold finds a key without regard to case, as KubeKey does; an exact one wins.
func fold(v ast.Value, key string) ast.Value {
	object, ok := v.(ast.Object)
	if !ok {
		return nil
	}
	found := lint.Field(v, key)
	for _, k := range object.Keys() {
		if name, _ := k.Value.(ast.String); found == nil && strings.EqualFold(string(name), key) {
			found = object.Get(k).Value
		}
	}
	return found
}

// kubeadm tells who renews the leaves of kubeadm on a host.
func (r *renewal) kubeadm(d *lint.Document) Renewer {
	h := r.hosts[d.Host]
	if h == nil {
		h = &hostRenewal{}
	}
	switch {
	case h.broken, !h.script && (h.otherScript || r.version4):
		return Nobody
	case h.timer:
		return Timer
	}
	return r.kubeKey
}
