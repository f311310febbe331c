package audit

import (
	"bytes"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
	"github.com/kslint/kslint/lint/document"
)

// maxCertificates is how many series of certificates there are at most.
const maxCertificates = 5000

// certificate is a series: what ends, and the object that holds it.
type certificate struct{ kind, namespace, name string }

// certificates are the ends of those that a pass has seen.
type certificates struct {
	ends map[certificate]time.Time
	left map[certificate]bool // what there was no room for
}

func newCertificates() *certificates {
	return &certificates{ends: map[certificate]time.Time{}, left: map[certificate]bool{}}
}

// marks are what a text with certificates holds one of.
var marks = [][]byte{[]byte(`"caBundle"`), []byte(`"kubeconfig"`), []byte(`.crt"`)}

// add reads the certificates of an object. Of a private key beside them nothing is kept.
func (c *certificates) add(text []byte, now time.Time) {
	if !slices.ContainsFunc(marks, func(mark []byte) bool { return bytes.Contains(text, mark) }) {
		return // most CRDs
	}
	f := &lint.File{Source: &lint.Source{Name: "object", Data: text}}
	f.Documents = document.Object(f.Source, lint.Resource{})
	lint.Classify(f.Documents)
	if f.Documents[0].Problem != nil {
		return
	}
	set := &lint.Set{Files: []*lint.File{f}}
	lint.FindVersions([]*lint.Set{set}, lint.Versions{})
	ends := map[place]ending{}
	for _, row := range certs.Find([]*lint.Set{set}, now).Rows {
		if !row.Chain {
			at := place{certificate{string(row.Kind), row.Object.Namespace, row.Object.Name}, row.Path}
			ends[at] = ends[at].with(row.NotAfter, row.IsCA)
		}
	}
	for at, end := range ends {
		c.put(at.certificate, end.Time)
	}
}

// place is a string of an object that holds certificates.
type place struct {
	certificate
	path string
}

// ending is when a string of certificates is no longer good for what it is: a leaf, whose chain does not count, with itself; a bundle
// of CAs, the old and the new one of a rotation for example, with its last.
type ending struct {
	time.Time
	leaf bool
}

func (e ending) with(end time.Time, isCA bool) ending {
	switch {
	case isCA && (e.leaf || !end.After(e.Time)):
		return e
	case !isCA && e.leaf && !end.Before(e.Time):
		return e
	}
	return ending{end, !isCA}
}

// put takes the first end of an object's strings.
func (c *certificates) put(one certificate, end time.Time) {
	before, ok := c.ends[one]
	switch {
	case ok && !end.Before(before):
	case !ok && len(c.ends) >= maxCertificates:
		if len(c.left) < maxCertificates {
			c.left[one] = true
		}
	default:
		c.ends[one] = end
	}
}

func (c *certificates) merge(other *certificates) {
	for one, end := range other.ends {
		c.put(one, end)
	}
	for one := range other.left {
		if len(c.left) < maxCertificates {
			c.left[one] = true
		}
	}
}
