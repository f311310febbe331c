// Package certs lists certificates: what each is, in which words an operator knows it, what uses it, and who renews it. What
// the files do not tell stays unknown.
package certs

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"math"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Row is one certificate at one place. A certificate that was copied to many hosts has a row for every copy, because the place
// is what has to be mended.
type Row struct {
	// File and Line are where its block begins, or where the string stands that holds it.
	File string
	Line int
	// Path leads to that string as users read it; blocks[n] in a PEM file.
	Path string
	// Object is the Kubernetes object that holds it, zero for a file.
	Object lint.Resource

	Kind Kind
	// Name is what the words of the kind are about: a host, a registry, a user, a service.
	Name string
	// Chain says that it stands behind the certificate that the kind is said of.
	Chain bool

	Subject, Issuer string
	SANs            []string
	IsCA            bool
	NotBefore       time.Time
	NotAfter        time.Time
	SHA256          string // of the DER, in hexadecimal digits

	UsedBy    []Use
	RenewedBy Renewer
}

// DaysLeft is the number of whole days until the certificate ends; -1 on the day after its end.
func (r *Row) DaysLeft(now time.Time) int {
	return int(math.Floor(r.NotAfter.Sub(now).Hours() / 24))
}

// Ended tells whether the certificate is past its end.
func (r *Row) Ended(now time.Time) bool { return r.NotAfter.Before(now) }

// List is what was found.
type List struct {
	Rows []Row
	// Unreadable are blocks that call themselves a certificate and are none that Go can read.
	Unreadable []lint.Failure
}

// Find lists the certificates of sets, whose versions are known, in the order of their ends.
func Find(sets []*lint.Set, now time.Time) List {
	var l List
	for _, s := range sets {
		documents := s.Documents()
		f := facts.Of(documents, now)
		holders := f.Holders()
		if len(holders) == 0 {
			continue
		}
		c := &cluster{users: usersOf(f, documents), renewal: renewalOf(s, documents)}
		for _, h := range holders {
			c.list(&l, h)
		}
	}
	slices.SortFunc(l.Rows, compare)
	return l
}

func compare(a, b Row) int {
	return cmp.Or(a.NotAfter.Compare(b.NotAfter), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.SHA256, b.SHA256))
}

// cluster is what a set tells about its certificates.
type cluster struct {
	users
	renewal
}

// list adds a row for every certificate of a holder.
func (c *cluster) list(l *List, h *facts.Holder) {
	kind, name := kindOf(h, c.users)
	used := c.usedBy(h)
	for i, block := range h.Certs {
		cert := block.X509()
		if cert == nil {
			l.Unreadable = append(l.Unreadable, lint.Failure{
				File: h.Document.Source.Name, Range: block.Range, Reason: "this certificate cannot be read",
			})
			continue
		}
		r := Row{
			File: h.Document.Source.Name, Line: block.Range.Line, Path: h.Document.FullPath(block.Path).String(),
			Object: h.Document.Root().Object, Kind: kind, Name: name, UsedBy: used,
		}
		r.describe(cert)
		switch {
		case kind == Other && r.IsCA:
			r.Kind = OtherCA
		case i > 0 && !kinds[kind].authority:
			r.Chain = true
		}
		r.RenewedBy = c.renewedBy(h, &r)
		l.Rows = append(l.Rows, r)
	}
}

func (r *Row) describe(c *x509.Certificate) {
	r.Subject, r.Issuer = c.Subject.String(), c.Issuer.String()
	r.IsCA = c.BasicConstraintsValid && c.IsCA
	r.NotBefore, r.NotAfter = c.NotBefore.UTC(), c.NotAfter.UTC()
	sum := sha256.Sum256(c.Raw)
	r.SHA256 = hex.EncodeToString(sum[:])
	r.SANs = append(r.SANs, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		r.SANs = append(r.SANs, ip.String())
	}
	r.SANs = append(r.SANs, c.EmailAddresses...)
	for _, u := range c.URIs {
		r.SANs = append(r.SANs, u.String())
	}
}
