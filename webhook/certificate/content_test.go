package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"maps"
	"math/big"
	"strings"
	"testing"
	"time"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
)

func TestContent_isReadAsItIsWritten(t *testing.T) {
	all := newCast(t)
	for _, text := range []string{"a -", "a b", "b - a", "- b a", "b c a", "- -"} {
		data, err := all.state(text).data()
		if err != nil {
			t.Fatal(err)
		}
		c := parseContent("Opaque", data, "2026-03-01T00:00:00Z")
		if got := all.text(c.State); got != text || c.Foreign != nil || c.Broken != nil || c.Damaged != nil {
			t.Errorf("%s: %s %v %v %v", text, got, c.Foreign, c.Broken, c.Damaged)
		}
		if c.RotateBefore.Month() != time.March {
			t.Error(c.RotateBefore)
		}
		if c.Signer != nil && !c.Signer.key.Equal(all[text[:1]].key) {
			t.Error("another key")
		}
	}
}

// foreign is a CA that somebody else has made.
func foreign(t *testing.T, key any, public any) (certificate, encoded []byte) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "corporate CA"}, NotBefore: epoch, NotAfter: epoch.Add(day), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// What is not ours is never written, whatever the replicas lack; what is of ours and broken is not as long as they have leaves. Both
// are reported, without what is in it.
func TestContent_corruptOrForeign(t *testing.T) {
	all := newCast(t)
	good, _ := all.state("a b").data()
	with := func(changes ...string) map[string][]byte {
		d := maps.Clone(good)
		for i := 0; i < len(changes); i += 2 {
			d[changes[i]] = []byte(changes[i+1])
			if changes[i+1] == "" {
				delete(d, changes[i])
			}
		}
		return d
	}
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ecCertificate, ecKey := foreign(t, ec, ec.Public())
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	rsaCertificate, rsaKey := foreign(t, rs, rs.Public())
	for _, c := range []struct {
		name    string
		kind    string
		data    map[string][]byte
		foreign string
		broken  string
		damaged string
	}{
		{name: "of another type", kind: "kubernetes.io/tls", data: nil, foreign: "kubernetes.io/tls"},
		{name: "with a key more", data: with("tls.crt", "x"), foreign: `"tls.crt"`},
		{name: "only another key", data: map[string][]byte{"password": []byte("hunter2")}, foreign: `"password"`},
		{name: "somebody else's CA", data: map[string][]byte{"ca.crt": ecCertificate, "ca.key": ecKey}, foreign: "corporate CA"},
		{name: "somebody else's RSA", data: map[string][]byte{"ca.crt": rsaCertificate, "ca.key": rsaKey}, foreign: "corporate CA"},
		{name: "somebody else's previous", data: with("previous.crt", string(ecCertificate)), foreign: "corporate CA"},
		{name: "no PEM", data: with("ca.crt", "hunter2"), broken: "ca.crt: there is something in it that is no PEM"},
		{name: "cut", data: with("ca.crt", string(good["ca.crt"][:200])), broken: "no PEM"},
		{name: "a key as certificate", data: with("ca.crt", string(good["ca.key"])), broken: "no certificate"},
		{name: "no key", data: with("ca.key", ""), broken: "ca.key is no key in PEM"},
		{name: "no certificate", data: with("ca.crt", ""), broken: "there are 0 certificates"},
		{name: "two certificates", data: with("ca.crt", string(good["ca.crt"])+string(good["next.crt"])), broken: "there are 2 certificates"},
		{name: "a garbled key", data: with("ca.key", "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n"), broken: "no ECDSA key"},
		{name: "an RSA key", data: with("ca.key", string(rsaKey)), broken: "no ECDSA key"},
		{name: "another key", data: with("ca.key", string(good["next.key"])), broken: "not the key of ca.crt"},
		{name: "a broken next", data: with("next.key", string(good["ca.key"])), damaged: "not the key of next.crt"},
		{name: "a broken previous", data: with("previous.crt", "x"), damaged: "previous.crt"},
		{name: "only a previous", data: map[string][]byte{"previous.crt": good["ca.crt"]}, broken: "ca.crt is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind := c.kind
			if kind == "" {
				kind = "Opaque"
			}
			got := parseContent(kind, c.data, "")
			for _, e := range []struct {
				err  error
				says string
			}{{got.Foreign, c.foreign}, {got.Broken, c.broken}, {got.Damaged, c.damaged}} {
				if c.foreign != "" && e.says == "" {
					continue
				}
				if (e.err != nil) != (e.says != "") || e.err != nil && !strings.Contains(e.err.Error(), e.says) {
					t.Errorf("%v, want %q", e.err, e.says)
				}
			}
			if all := fmt.Sprint(got.Foreign, got.Broken, got.Damaged); strings.Contains(all, "hunter2") || strings.Contains(all, "aHVudGVy") {
				t.Error("what is in it is told:", all)
			}
			if c.kind != "" {
				return
			}
			w := newWorld(t, 1)
			w.everybody()
			mine := w.state().Signer.id()
			write(t, w.client, func(_ *admission.ValidatingWebhookConfiguration, s *core.Secret) { s.Data = maps.Clone(c.data) })
			before := w.secret()
			w.everybody() // the leaves last
			if (c.foreign != "" || c.broken != "" && got.Next == nil) && !sameData(before, w.secret()) {
				t.Error("it is overwritten while the replicas have leaves")
			}
			if err := w.leaders[0].sync(t.Context()); err == nil && c.damaged == "" && got.Next == nil {
				t.Error("it is not reported")
			}
			w.check("with what is wrong")
			w.pass(8 * day)
			w.everybody()
			w.pass(3 * time.Minute)
			w.everybody()
			w.everybody()
			if c.foreign != "" && !sameData(before, w.secret()) {
				t.Error("somebody else's Secret is overwritten")
			}
			if c.foreign == "" && (w.state().Signer == nil || w.replicas[0].Trusted() != nil) {
				t.Errorf("it does not recover: %v %v", w.state().Phase(), w.replicas[0].Problem())
			}
			if mine == "" {
				t.Error("there was no CA")
			}
		})
	}
}

func (w *world) secret() map[string][]byte {
	s, err := w.client.Tracker().Get(core.SchemeGroupVersion.WithResource("secrets"), target.Namespace, target.Secret)
	if err != nil {
		w.t.Fatal(err)
	}
	return maps.Clone(s.(*core.Secret).Data)
}

func sameData(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }

func TestAuthority_isNeverPrintedWithItsKey(t *testing.T) {
	a := must(t)(NewAuthority(epoch, day))
	d, err := a.key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("x", "a", a, "s", State{Signer: a})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "a", a, "s", State{Signer: a})
	s := State{Signer: a, Next: a}
	fmt.Fprintf(&out, "%v %+v %#v %s %d %v %+v %#v %v", a, a, a, a, a, s, s, s, &Content{State: s})
	for _, secret := range []string{new(big.Int).SetBytes(d).String(), fmt.Sprintf("%x", d), fmt.Sprintf("%d", d)} {
		if strings.Contains(out.String(), secret) {
			t.Error("the key is printed")
		}
	}
	if !strings.Contains(out.String(), "CA "+a.id()) {
		t.Error(out.String())
	}
}

func TestIssue_makesWhatTheAPIServerAccepts(t *testing.T) {
	a := must(t)(NewAuthority(epoch, normal.Authority))
	for _, at := range []time.Duration{0, 400 * day, 729 * day} {
		now := epoch.Add(at)
		c, err := a.Issue(target.name(), now, normal.Leaf)
		if err != nil {
			t.Fatal(err)
		}
		if err := dial(&leaf{Certificate: c}, encode(a.Certificate), now); err != nil {
			t.Error(at, err)
		}
		l := c.Leaf
		if len(l.DNSNames) != 1 || l.DNSNames[0] != "kslint-webhook.kslint-system.svc" || l.IsCA || l.NotAfter.After(a.Certificate.NotAfter) ||
			l.NotAfter.After(now.Add(7*day)) || l.NotBefore.After(now.Add(-30*time.Minute)) && at > 0 || c.PrivateKey.(*ecdsa.PrivateKey).Equal(a.key) {
			t.Error(at, l.DNSNames, l.NotBefore, l.NotAfter)
		}
	}
	if c := a.Certificate; !c.IsCA || !c.MaxPathLenZero || c.PublicKey.(*ecdsa.PublicKey).Curve != elliptic.P256() {
		t.Error(c)
	}
}
