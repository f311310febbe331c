package facttest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Layout is the files of a cluster, by their names.
type Layout struct {
	Files map[string][]byte
	// Hosts are the names of the hosts; that of the n-th, from 1, has the address 10.0.0.n.
	Hosts []string
	// Pairs are the certificates by the path of the file that was written first, without ending.
	Pairs map[string]*Pair

	edits []Edit
	made  map[string]*Pair // by what is to be the same everywhere
}

// Kind is how a cluster came to be.
type Kind string

// The kinds of clusters.
const (
	KubeKey    Kind = "kk"          // kk v1-v3 with its own etcd on the masters, host folders, kubeadm's files
	WorkFolder Kind = "work-folder" // the same beside the kk binary: config.yaml, kubekey/pki/etcd, kubekey/<host>
	KubeKey4   Kind = "kk4"         // kk v4 with its own etcd
	Stacked    Kind = "stacked"     // etcd as kubeadm's static pods
	External   Kind = "external"    // etcd on hosts etcd1 … with files of their own, masters by kk v3
	K3s        Kind = "k3s"         // k3s with kk's etcd
	Pile       Kind = "pile"        // files of the first host in one folder, without a KubeKey file
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{KubeKey, WorkFolder, KubeKey4, Stacked, External, K3s, Pile} }

// Write makes a cluster of so many masters, sound but for the edits.
func Write(kind Kind, masters int, edits ...Edit) *Layout {
	l := &Layout{Files: map[string][]byte{}, Pairs: map[string]*Pair{}, edits: edits, made: map[string]*Pair{}}
	for i := range masters {
		l.Hosts = append(l.Hosts, fmt.Sprintf("node%d", i+1))
	}
	switch kind {
	case KubeKey:
		l.kubeKey()
	case WorkFolder:
		l.workFolder()
	case KubeKey4:
		l.kubeKey4()
	case Stacked:
		l.stacked()
	case External:
		l.external()
	case K3s:
		l.k3s()
	case Pile:
		l.pile()
	}
	return l
}

// Names lists the files in order.
func (l *Layout) Names() []string { return slices.Sorted(maps.Keys(l.Files)) }

// Remove takes files away whose name contains a text.
func (l *Layout) Remove(part string) {
	maps.DeleteFunc(l.Files, func(name string, _ []byte) bool { return strings.Contains(name, part) })
}

// Replace changes a text in the files whose name ends in another. It panics where that changes nothing.
func (l *Layout) Replace(ending, old, with string) {
	changed := false
	for name, data := range l.Files {
		if strings.HasSuffix(name, ending) && bytes.Contains(data, []byte(old)) {
			l.Files[name] = bytes.ReplaceAll(data, []byte(old), []byte(with))
			changed = true
		}
	}
	if !changed {
		panic(fmt.Sprintf("no file %s holds %q", ending, old))
	}
}

// pair writes a certificate and its key. same says what is one certificate wherever it is written; "" for none.
func (l *Layout) pair(same, cert, key string, s Spec) *Pair {
	name := cert[:strings.LastIndex(cert, ".")]
	p := l.made[same]
	if p == nil || same == "" {
		for _, edit := range l.edits {
			edit(name, &s)
		}
		p = Make(s)
		l.Pairs[name] = p
		if same != "" {
			l.made[same] = p
		}
	}
	l.Files[cert] = p.PEM()
	if key != "" {
		l.Files[key] = p.KeyPEM()
	}
	return p
}

func address(i int) string { return fmt.Sprintf("10.0.0.%d", i+1) }

// sans are the names and addresses that kk v1-v3 puts into all leaves.
func (l *Layout) sans() (dns, ips []string) {
	dns = []string{"localhost", "lb.kubesphere.local", "etcd", "etcd.kube-system.svc"}
	ips = []string{"127.0.0.1", "::1"}
	for i, h := range l.Hosts {
		dns, ips = append(dns, h), append(ips, address(i))
	}
	return dns, ips
}

// urls joins the URLs of all hosts.
func (l *Layout) urls(format string) string {
	var all []string
	for i, h := range l.Hosts {
		all = append(all, strings.NewReplacer("HOST", h, "IP", address(i)).Replace(format))
	}
	return strings.Join(all, ",")
}
