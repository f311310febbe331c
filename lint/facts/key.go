package facts

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strings"

	"github.com/kslint/kslint/lint"
)

// firstKey is the block that crypto/tls takes for the key: the first that is one. nil where there is none.
func firstKey(t *pemText) *lint.Block {
	if t == nil {
		return nil
	}
	for _, b := range t.blocks {
		if b.Type == "PRIVATE KEY" || strings.HasSuffix(b.Type, " PRIVATE KEY") {
			return b
		}
	}
	return nil
}

// match compares a certificate with the public half of a key. It is not known for a key that is encrypted or of a type that
// Go cannot read, and for a certificate of such a type.
func match(c *x509.Certificate, key *lint.Block) (same, known bool) {
	if key.Encrypted {
		return false, false
	}
	switch c.PublicKey.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
	default:
		return false, false
	}
	switch public := publicHalf(key.DER).(type) {
	case *rsa.PublicKey:
		return public.Equal(c.PublicKey), true
	case *ecdsa.PublicKey:
		return public.Equal(c.PublicKey), true
	case ed25519.PublicKey:
		return public.Equal(c.PublicKey), true
	}
	return false, false
}

// publicHalf reads a key in the forms that crypto/tls tries, whatever its block is called, and keeps nothing but what is
// public. nil where it is none of them.
func publicHalf(der []byte) any {
	if len(der) > maxDER {
		return nil
	}
	if public := rsaHalf(der); public != nil {
		return public
	}
	var wrapped struct {
		Version   int
		Algorithm struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key []byte
	}
	if _, err := asn1.Unmarshal(der, &wrapped); err == nil && wrapped.Algorithm.OID.Equal(oidRSA) {
		if public := rsaHalf(wrapped.Key); public != nil {
			return public
		}
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		switch key := key.(type) {
		case *ecdsa.PrivateKey:
			return &key.PublicKey
		case ed25519.PrivateKey:
			return key.Public()
		}
		return nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return &key.PublicKey
	}
	return nil
}

var oidRSA = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}

// rsaHalf reads modulus and exponent of a PKCS #1 key, and does not calculate with it: a key of any size costs its length.
func rsaHalf(der []byte) *rsa.PublicKey {
	var whole asn1.RawValue
	if _, err := asn1.Unmarshal(der, &whole); err != nil || whole.Tag != asn1.TagSequence {
		return nil
	}
	var version, e int
	n := new(big.Int)
	rest := whole.Bytes
	for _, part := range []any{&version, &n, &e} {
		var err error
		if rest, err = asn1.Unmarshal(rest, part); err != nil {
			return nil
		}
	}
	return &rsa.PublicKey{N: n, E: e}
}
