package facts

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// world is certificates by name: leaves, what may stand behind them, and CA files.
type world struct {
	leaves, chains, cas map[string][]*facttest.Pair
}

func newWorld(t *testing.T) world {
	now, day := facttest.Now, 24*time.Hour
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	ca := func(cn string, issuer *facttest.Pair, change func(s *facttest.Spec)) *facttest.Pair {
		s := facttest.Spec{CN: cn, IsCA: true, Issuer: issuer}
		if change != nil {
			change(&s)
		}
		return facttest.Make(s)
	}
	// x509 numbers keys by their hash, so that twins of one name are told apart, as those of openssl and kk are.
	root := ca("root", nil, nil)
	old := ca("root", nil, func(s *facttest.Spec) { s.Key, s.To = root.Key, now.Add(-day) })
	next := ca("root", nil, func(s *facttest.Spec) { s.Key, s.From = root.Key, now.Add(day) })
	twin := ca("root", nil, nil)
	rsaRoot := ca("rsa", nil, func(s *facttest.Spec) { s.Key = rsaKey })
	rsaTwin := ca("rsa", nil, func(s *facttest.Spec) { s.Key = must(rsa.GenerateKey(rand.Reader, 2048)) })
	edRoot := ca("ed", nil, func(s *facttest.Spec) { s.Key = ed })
	noSign := ca("nosign", nil, func(s *facttest.Spec) {
		s.Change = func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }
	})
	flat := ca("flat", nil, func(s *facttest.Spec) { s.Change = func(c *x509.Certificate) { c.MaxPathLenZero = true } })
	names := ca("names", nil, func(s *facttest.Spec) {
		s.Change = func(c *x509.Certificate) {
			c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{"good.example"}, true
		}
	})
	odd := ca("odd", nil, func(s *facttest.Spec) { s.Change = critical })
	middle := ca("middle", root, nil)
	oldMiddle := ca("middle", root, func(s *facttest.Spec) { s.Key, s.To = middle.Key, now.Add(-day) })
	low := ca("low", middle, nil)
	flatMiddle, oddMiddle := ca("flat middle", flat, nil), ca("odd middle", root, func(s *facttest.Spec) { s.Change = critical })
	noCA := facttest.Make(facttest.Spec{CN: "no ca", Issuer: root})
	plainRoot := versionOne(t, "plain")

	leaf := func(issuer *facttest.Pair, change func(s *facttest.Spec)) []*facttest.Pair {
		s := facttest.Spec{CN: "leaf", DNS: []string{"node1", "x.good.example"}, Usages: facttest.Server, Issuer: issuer}
		if change != nil {
			change(&s)
		}
		return []*facttest.Pair{facttest.Make(s)}
	}
	self := leaf(nil, nil)
	direct := leaf(root, nil)
	w := world{leaves: map[string][]*facttest.Pair{
		"of root": direct, "of middle": leaf(middle, nil), "of low": leaf(low, nil), "of twin": leaf(twin, nil),
		"of rsa": leaf(rsaRoot, nil), "of ed": leaf(edRoot, nil), "self-signed": self, "of nosign": leaf(noSign, nil),
		"of flat": leaf(flat, nil), "of flat middle": leaf(flatMiddle, nil), "of plain": leaf(plainRoot, nil),
		"good name": leaf(names, func(s *facttest.Spec) { s.DNS = s.DNS[1:] }), "bad name": leaf(names, nil),
		"of odd": leaf(odd, nil), "of odd middle": leaf(oddMiddle, nil), "of no ca": leaf(noCA, nil),
		"odd itself":       leaf(root, func(s *facttest.Spec) { s.Change = critical }),
		"expired":          leaf(root, func(s *facttest.Spec) { s.To = now.Add(-day) }),
		"early":            leaf(root, func(s *facttest.Spec) { s.From = now.Add(day) }),
		"sha1 rsa":         leaf(rsaRoot, func(s *facttest.Spec) { s.Algorithm = x509.SHA1WithRSA }),
		"sha1 ecdsa":       leaf(root, func(s *facttest.Spec) { s.Algorithm = x509.ECDSAWithSHA1 }),
		"sha1 low":         leaf(low, func(s *facttest.Spec) { s.Algorithm = x509.ECDSAWithSHA1 }),
		"sha1 of rsa twin": leaf(rsaTwin, func(s *facttest.Spec) { s.Algorithm = x509.SHA1WithRSA }),
		"pss":              leaf(rsaRoot, func(s *facttest.Spec) { s.Algorithm = x509.SHA256WithRSAPSS }),
		"other":            leaf(facttest.NewCA("stranger"), nil),
	}}
	w.chains = map[string][]*facttest.Pair{
		"nothing": nil, "middle": {middle}, "low, middle": {low, middle}, "middle, low": {middle, low}, "low": {low},
		"old middle": {oldMiddle}, "root": {root}, "flat middle": {flatMiddle}, "odd middle": {oddMiddle}, "no ca": {noCA},
	}
	w.cas = map[string][]*facttest.Pair{
		"root": {root}, "old": {old}, "next": {next}, "old, root": {old, root}, "twin": {twin}, "twin, root": {twin, root},
		"rsa, ed": {rsaRoot, edRoot}, "nosign": {noSign}, "flat": {flat}, "names": {names}, "odd": {odd}, "middle": {middle},
		"low": {low}, "old middle": {oldMiddle}, "the leaf": direct, "self": self, "plain": {plainRoot}, "no ca": {noCA},
		"all": {old, root, twin, rsaRoot, edRoot, names, middle},
	}
	return w
}

func critical(c *x509.Certificate) {
	c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 1}, Critical: true, Value: []byte{5, 0}})
}

// versionOne makes a root without extensions, as openssl does unless it is told otherwise and KubeSphere 3.0 shipped.
func versionOne(t *testing.T, cn string) *facttest.Pair {
	t.Helper()
	whole := facttest.NewCA(cn)
	var tbs struct {
		Version                                              int `asn1:"explicit,tag:0"`
		Serial, Algorithm, Issuer, Validity, Subject, Public asn1.RawValue
	}
	if _, err := asn1.Unmarshal(whole.Cert.RawTBSCertificate, &tbs); err != nil {
		t.Fatal(err)
	}
	plain := must(asn1.Marshal([]asn1.RawValue{tbs.Serial, tbs.Algorithm, tbs.Issuer, tbs.Validity, tbs.Subject, tbs.Public}))
	digest := sha256.Sum256(plain)
	signature := must(whole.Key.Sign(rand.Reader, digest[:], crypto.SHA256))
	der := must(asn1.Marshal([]any{asn1.RawValue{FullBytes: plain}, tbs.Algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}}))
	return &facttest.Pair{Cert: must(x509.ParseCertificate(der)), Key: whole.Key}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// parsedOf is what the package makes of certificates.
func parsedOf(pairs []*facttest.Pair) []*parsed {
	p := parser{}
	var all []*parsed
	for _, one := range pairs {
		all = append(all, p.parse(one.Cert.Raw))
	}
	return all
}
