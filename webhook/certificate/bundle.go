package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// parseBundle gives the certificates in PEM. Anything else in it is an error, for the API server would refuse the bundle or see
// less than we do.
func parseBundle(data []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for rest := bytes.TrimSpace(data); len(rest) > 0; rest = bytes.TrimSpace(rest) {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all, errors.New("there is something in it that is no PEM")
		}
		if block.Type != "CERTIFICATE" {
			return all, errors.New("there is something in it that is no certificate")
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return all, errors.New("there is a certificate in it that cannot be read")
		}
		all = append(all, c)
	}
	return all, nil
}

func encodeBundle(all []*x509.Certificate) []byte {
	var out []byte
	for _, c := range all {
		out = append(out, encode(c)...)
	}
	return out
}
