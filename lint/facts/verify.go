package facts

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"time"
)

// verdict says whether a leaf verifies against a CA file.
type verdict struct {
	ever bool // whatever the dates
	now  bool // with the dates of all of the chain
}

// verifier checks leaves against CA files, each content once.
type verifier struct {
	now   time.Time
	known map[pairing]verdict
}

func newVerifier(now time.Time) *verifier { return &verifier{now, map[pairing]verdict{}} }

// pairing is the content of a leaf file and that of a CA file.
type pairing struct{ leaf, ca [sha256.Size]byte }

// judge is not ok where the leaf, or everything in the CA file, cannot be read.
func (v *verifier) judge(leaf, ca *Holder) (verdict, bool) {
	roots := ca.readable(0)
	if leaf.leaf() == nil || len(roots) == 0 {
		return verdict{}, false
	}
	key := pairing{leaf.content, ca.content}
	found, ok := v.known[key]
	if !ok {
		chain := leaf.readable(1)
		found.ever = verifies(leaf.leaf(), chain, roots, time.Time{})
		found.now = found.ever && verifies(leaf.leaf(), chain, roots, v.now)
		v.known[key] = found
	}
	return found, true
}

// Dates that certificates get which are not to be judged by theirs.
var (
	longAgo  = time.Unix(0, 0).UTC()
	inTheMid = time.Unix(1<<31, 0).UTC()
	farAhead = time.Unix(1<<32, 0).UTC()
)

// verifies asks crypto/x509, as etcd and kube-apiserver do: any usage, every certificate of the CA file a root. The zero
// time switches dates off: x509 knows no such switch, so it gets copies that are valid then; it reads dates from the fields
// of a certificate, and checks signatures and finds equal certificates by their raw bytes, which stay.
func verifies(leaf *parsed, chain, roots []*parsed, at time.Time) bool {
	c := newTrial(leaf, chain, roots)
	if at.IsZero() {
		at = inTheMid
		c.undate()
	}
	if c.weak() {
		c.resign()
	}
	options := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	for _, root := range c.roots {
		options.Roots.AddCert(root)
	}
	for _, link := range c.links[1:] {
		options.Intermediates.AddCert(link)
	}
	_, err := c.links[0].Verify(options)
	return err == nil
}

// trial holds copies that may be changed: the leaf with its intermediates, and the roots.
type trial struct{ links, roots []*x509.Certificate }

func newTrial(leaf *parsed, intermediates, roots []*parsed) trial {
	var c trial
	for _, p := range append([]*parsed{leaf}, intermediates...) {
		link := *p.Certificate
		c.links = append(c.links, &link)
	}
	for _, p := range roots {
		root := *p.Certificate
		c.roots = append(c.roots, &root)
	}
	return c
}

func (c trial) all() []*x509.Certificate { return append(slices.Clone(c.links), c.roots...) }

func (c trial) undate() {
	for _, one := range c.all() {
		one.NotBefore, one.NotAfter = longAgo, farAhead
	}
}

// weak tells whether a signature that counts is made with SHA-1, which Go refuses. Nobody checks the signature of a root.
func (c trial) weak() bool {
	return slices.ContainsFunc(c.links, func(l *x509.Certificate) bool {
		return l.SignatureAlgorithm == x509.SHA1WithRSA || l.SignatureAlgorithm == x509.ECDSAWithSHA1
	})
}

// resign proves every signature here, SHA-1 ones too, and puts others in their place that Go takes, made with keys that stand
// in for those of the issuers. What Go decides beyond signatures (names, CA or not, lengths, constraints) stays its decision.
// As Go does, it gives up after a hundred attempts.
func (c trial) resign() {
	attempts := 100
	for _, link := range c.links {
		var signature []byte
		for _, issuer := range c.all() {
			if signature != nil || attempts == 0 || !bytes.Equal(issuer.RawSubject, link.RawIssuer) {
				continue
			}
			attempts--
			// Unlike CheckSignatureFrom, this takes SHA-1.
			if issuer.CheckSignature(link.SignatureAlgorithm, link.RawTBSCertificate, link.Signature) == nil {
				signature = ed25519.Sign(standIn(issuer), link.RawTBSCertificate)
			}
		}
		link.SignatureAlgorithm, link.Signature = x509.PureEd25519, signature
	}
	for _, one := range c.all() {
		one.PublicKey, one.PublicKeyAlgorithm = standIn(one).Public(), x509.Ed25519
	}
}

// standIn is a key for every public key. It is no secret and protects nothing.
func standIn(c *x509.Certificate) ed25519.PrivateKey {
	seed := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return ed25519.NewKeyFromSeed(seed[:])
}
