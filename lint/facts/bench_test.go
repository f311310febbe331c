package facts_test

import (
	"fmt"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/lint/facts/facttest"
)

// manyFiles are PEM documents of one set, each with a certificate of its own.
func manyFiles(n int) []*lint.Document {
	ca, key := facttest.NewCA("etcd-ca"), facttest.NewKey()
	var documents []*lint.Document
	for i := range n {
		host := fmt.Sprintf("node%d", i)
		p := facttest.Make(facttest.Spec{CN: "etcd-member-" + host, DNS: []string{host, "localhost"}, IPs: []string{"10.0.0.1"}, Usages: facttest.Both, Issuer: ca, Key: key})
		documents = append(documents, pemDocument(host+"/etc/ssl/etcd/ssl/member-"+host+".pem", p))
	}
	return documents
}

func pemDocument(file string, pairs ...*facttest.Pair) *lint.Document {
	d := &lint.Document{Source: &lint.Source{Name: file}, Format: lint.PEM, Targets: []lint.Target{lint.Certificate}, File: file}
	for i, p := range pairs {
		d.Blocks = append(d.Blocks, lint.Block{Type: "CERTIFICATE", DER: p.Cert.Raw, Path: lint.Path{"blocks", i}, Number: i})
	}
	lint.Sets([]*lint.File{{Source: d.Source, Documents: []*lint.Document{d}}})
	return d
}

// BenchmarkCertificates works out the certificates of a set of ten thousand.
func BenchmarkCertificates(b *testing.B) {
	documents := manyFiles(10_000)
	b.ReportAllocs()
	for b.Loop() {
		facts.Of(documents, facttest.Now).Input(facts.Certificates)
	}
}

// BenchmarkEtcd works out all of a cluster of five masters.
func BenchmarkEtcd(b *testing.B) {
	documents := facttest.Documents(facttest.Write(facttest.KubeKey, 5).Files)
	b.ReportAllocs()
	for b.Loop() {
		facts.Of(documents, facttest.Now).Input(facts.Kinds()...)
	}
}
