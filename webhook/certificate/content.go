package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The keys of the Secret.
const (
	signerCertificate, signerKey = "ca.crt", "ca.key"
	nextCertificate, nextKey     = "next.crt", "next.key"
	previousCertificates         = "previous.crt"
)

// RotateBefore is an annotation of the Secret: a CA that was made before this instant (RFC 3339) is replaced now and not at two
// thirds of its life. For a key that somebody has seen.
const RotateBefore = "kslint.io/rotate-before"

// State is what stands in the Secret. Every CA in it belongs into the caBundle.
type State struct {
	// Signer signs the leaves.
	Signer *Authority
	// Next will sign them as soon as the API servers know it.
	Next *Authority
	// Previous have signed leaves that a replica may still serve. Their keys are gone.
	Previous []*x509.Certificate
}

// Phase names where a rotation stands.
func (s State) Phase() string {
	switch {
	case s.Signer == nil && s.Next == nil:
		return "empty"
	case s.Next != nil:
		return "announcing"
	case len(s.Previous) > 0:
		return "reissuing"
	}
	return "steady"
}

// bundle gives every CA, the oldest first, so that the order says nothing about the phase.
func (s State) bundle() []*x509.Certificate {
	var all []*x509.Certificate
	for _, a := range []*Authority{s.Signer, s.Next} {
		if a != nil {
			all = append(all, a.Certificate)
		}
	}
	all = append(all, s.Previous...)
	slices.SortFunc(all, func(a, b *x509.Certificate) int {
		if d := a.NotBefore.Compare(b.NotBefore); d != 0 {
			return d
		}
		return bytes.Compare(a.Raw, b.Raw)
	})
	return slices.CompactFunc(all, (*x509.Certificate).Equal)
}

// Content is a Secret as it was read.
type Content struct {
	State
	// Foreign says that there is something in the Secret that is not of ours: it is never written then.
	Foreign error
	// Broken says why there is no Signer although there should be; Damaged why Next or Previous is incomplete.
	Broken, Damaged error
	RotateBefore    time.Time

	version string // the resourceVersion, by which writing finds out that somebody else has written
}

// parseContent reads the data of a Secret. Errors never hold content.
func parseContent(kind string, data map[string][]byte, rotateBefore string) *Content {
	c := &Content{}
	if kind != "" && kind != "Opaque" {
		c.Foreign = fmt.Errorf("it is of type %.60q and not Opaque", kind)
		return c
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		switch key {
		case signerCertificate, signerKey, nextCertificate, nextKey, previousCertificates:
		default:
			c.Foreign = fmt.Errorf("it holds %.60q, which is not of ours", key)
			return c
		}
	}
	var err error
	if c.Signer, err = parseAuthority(data, signerCertificate, signerKey); err != nil {
		c.Broken = err
	}
	if c.Next, err = parseAuthority(data, nextCertificate, nextKey); err != nil {
		c.Damaged = err
	}
	if c.Previous, err = parseBundle(data[previousCertificates]); err != nil {
		c.Damaged = fmt.Errorf("%s: %w", previousCertificates, err)
	}
	if c.Signer == nil && c.Next == nil && c.Broken == nil && len(data[previousCertificates]) > 0 {
		c.Broken = errors.New(signerCertificate + " is missing")
	}
	for _, a := range c.bundle() {
		if !slices.Contains(a.Subject.Organization, organization) {
			c.Foreign = fmt.Errorf("the CA %.60q is not of ours", a.Subject.CommonName)
		}
	}
	if foreign := (foreignError{}); errors.As(c.Broken, &foreign) || errors.As(c.Damaged, &foreign) {
		c.Foreign = foreign
	}
	if rotateBefore != "" {
		if c.RotateBefore, err = time.Parse(time.RFC3339, rotateBefore); err != nil {
			c.Damaged = errors.Join(c.Damaged, errors.New("the annotation "+RotateBefore+" is no time of RFC 3339"))
		}
	}
	return c
}

type foreignError struct{ error }

func parseAuthority(data map[string][]byte, certificate, key string) (*Authority, error) {
	if len(data[certificate]) == 0 && len(data[key]) == 0 {
		return nil, nil
	}
	certificates, err := parseBundle(data[certificate])
	if err == nil && len(certificates) != 1 {
		err = fmt.Errorf("there are %d certificates in it", len(certificates))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", certificate, err)
	}
	c := certificates[0]
	if !slices.Contains(c.Subject.Organization, organization) {
		return nil, foreignError{fmt.Errorf("the CA %.60q in %s is not of ours", c.Subject.CommonName, certificate)}
	}
	if !c.IsCA || c.CheckSignatureFrom(c) != nil {
		return nil, errors.New(certificate + " is no CA")
	}
	block, rest := pem.Decode(data[key])
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New(key + " is no key in PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New(key + " is no ECDSA key") // the error itself may speak of the content
	}
	if !private.PublicKey.Equal(c.PublicKey) {
		return nil, fmt.Errorf("%s is not the key of %s", key, certificate)
	}
	return &Authority{c, private}, nil
}

// data is the reverse of parseContent.
func (s State) data() (map[string][]byte, error) {
	d := map[string][]byte{}
	for _, part := range []struct {
		a                *Authority
		certificate, key string
	}{{s.Signer, signerCertificate, signerKey}, {s.Next, nextCertificate, nextKey}} {
		if part.a == nil {
			continue
		}
		var err error
		if d[part.certificate], d[part.key], err = part.a.encode(); err != nil {
			return nil, err
		}
	}
	if len(s.Previous) > 0 {
		d[previousCertificates] = encodeBundle(s.Previous)
	}
	return d, nil
}

// same tells whether two states hold the same CAs in the same roles.
func (s State) same(o State) bool {
	return s.Signer.id() == o.Signer.id() && s.Next.id() == o.Next.id() && slices.Equal(ids(s.Previous), ids(o.Previous))
}

// ids gives the fingerprints of some certificates, sorted and each once.
func ids(all []*x509.Certificate) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = fingerprint(c)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
