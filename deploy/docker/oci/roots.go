package main

import (
	"bytes"
	"encoding/pem"
	"errors"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// bundleOfRoots is the CA bundle of both images, PEM. It is the copy of Mozilla's list that the Go team keeps: pinned by go.sum,
// so that two machines get the same bytes, which a distribution's package does not give. Roots that Mozilla trusts with a
// condition (certificates issued before a day) are left out: a PEM file cannot say the condition.
//
// Neither program needs it by default: kslint opens no connection, and kslint-webhook knows the API server by the CA that its Pod
// is given. It is there for a collector of traces behind a publicly issued certificate.
func bundleOfRoots() ([]byte, error) {
	var text bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return nil, err
		}
	}
	if text.Len() == 0 {
		return nil, errors.New("the list of roots is empty")
	}
	return text.Bytes(), nil
}
