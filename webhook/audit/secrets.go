package audit

import (
	"encoding/json"
	"errors"
	"time"
)

// secretKeys are the only keys of Secrets that are looked at: none of them is that of a private key.
type secretKeys struct {
	TLS       []byte `json:"tls.crt,omitempty"`
	CA        []byte `json:"ca.crt,omitempty"`
	Server    []byte `json:"server.crt,omitempty"`
	CABundle  []byte `json:"caBundle,omitempty"`
	Client    []byte `json:"etcd-client.crt,omitempty"`
	ClientsCA []byte `json:"etcd-client-ca.crt,omitempty"`
}

// secret is what is taken of one.
type secret struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Type string     `json:"type"`
	Data secretKeys `json:"data"`
}

// secretLists are the Secrets that are asked for: those that say of themselves that they hold a certificate, and those of which it is
// known that they do, in whatever namespace (lint/facts/webhook.go, lint/certs/kind.go).
func secretLists() []query {
	selectors := []string{"type=kubernetes.io/tls"}
	for _, name := range []string{
		"kube-etcd-client-certs", "ks-controller-manager-webhook-cert", "s2i-webhook-server-cert", "notification-manager-webhook-server-cert",
		"kubefed-admission-webhook-serving-cert", "logsidecar-injector-admission-certs",
	} {
		selectors = append(selectors, "metadata.name="+name)
	}
	all := make([]query, 0, len(selectors))
	for _, s := range selectors {
		all = append(all, query{path: "/api/v1/secrets", parameters: map[string]string{"fieldSelector": s}})
	}
	return all
}

// addSecret reads the certificates of a Secret and wipes the text that it came in.
func (c *certificates) addSecret(item json.RawMessage, now time.Time) error {
	defer clear(item)
	var s secret
	if err := json.Unmarshal(item, &s); err != nil {
		return errors.New("a Secret cannot be read") // why may quote it
	}
	s.APIVersion, s.Kind = "v1", "Secret"
	text, err := json.Marshal(&s)
	if err != nil {
		return err
	}
	c.add(text, now)
	return nil
}
