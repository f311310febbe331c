package main

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/output"
)

// TestKeys_stayHidden runs lint and certs in every format over whole clusters, and looks for their keys and for the values of
// their Secrets, in every form that bytes are written in.
func TestKeys_stayHidden(t *testing.T) {
	for _, kind := range facttest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			l := facttest.Write(kind, 2, facttest.Ends("member-node1", -1), facttest.OtherKey("*-node2"))
			plain := addSecrets(l)
			hidden := hiddenParts(l.Files, plain)
			if len(hidden) < 20 {
				t.Fatalf("only %d parts to look for", len(hidden))
			}
			enter(t, l.Files)
			for name, text := range everyOutput(t) {
				if len(text) < 100 {
					t.Errorf("%s says next to nothing: %s", name, text)
				}
				for _, part := range hidden {
					if strings.Contains(text, part) {
						t.Errorf("%s shows %q", name, part)
					}
				}
			}
		})
	}
}

// everyOutput is what the commands that read files say about the working directory, in all formats.
func everyOutput(t *testing.T) map[string]string {
	t.Helper()
	all, dir := map[string]string{}, t.TempDir()
	now := facttest.Now.Format("2006-01-02T15:04:05Z")
	args := []string{"lint", "--no-config", "--now", now, "-v"}
	for _, format := range output.Names() {
		args = append(args, "-o", format+"="+filepath.Join(dir, format))
	}
	_, _, diagnosed := kslint("", append(args, ".")...)
	for _, format := range output.Names() {
		text, err := os.ReadFile(filepath.Join(dir, format))
		if err != nil {
			t.Fatal(err)
		}
		all["lint, "+format] = string(text) + diagnosed
	}
	for _, format := range output.Names() {
		_, out, err := kslint("", "report", "merge", "-o", format, filepath.Join(dir, "json"))
		all["merge, "+format] = out + err
	}
	for _, lang := range []string{"en", "zh"} {
		for _, format := range output.CertificateFormatNames() {
			_, out, err := kslint("", "certs", "--now", now, "--lang", lang, "-v", "-o", format, ".")
			all["certs, "+lang+", "+format] = out + err
		}
	}
	return all
}

// addSecrets puts Secrets beside the files of a cluster, some of them so that they are spoken of and shown, and gives their values.
func addSecrets(l *facttest.Layout) []string {
	password := "Correct-Horse-9-Battery"
	pair, other := facttest.NewCA("site"), facttest.NewCA("other")
	secret := string(facttest.Secret("web", "site", map[string][]byte{"tls.crt": pair.PEM(), "tls.key": pair.KeyPEM(), "password": []byte(password)}))
	l.Files["site.yaml"] = []byte(secret)
	// A key that stands twice is a finding on the very line, and an unreadable one a failure.
	l.Files["twice.yaml"] = []byte(secret + "  tls.key: " + base64.StdEncoding.EncodeToString(other.KeyPEM()) + "\n")
	l.Files["broken.yaml"] = []byte(secret + "\ttls.key: " + base64.StdEncoding.EncodeToString(other.KeyPEM()) + "\n")
	l.Files["literal.yaml"] = []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: literal}\nstringData:\n  password: " + password + "\n  tls.key: |\n    " +
		strings.ReplaceAll(string(append(other.KeyPEM(), other.PEM()...)), "\n", "\n    ") + "\n  tls.key: x\n")
	l.Files["both.pem"] = append(other.KeyPEM(), other.PEM()...)
	l.Files["user.kubeconfig"] = facttest.Kubeconfig("https://a:6443", pair, other)
	l.Files["keys.txt.pem"] = append(pair.KeyPEM(), l.Files["both.pem"]...)
	return []string{password, base64.StdEncoding.EncodeToString([]byte(password)), "K10example::server"}
}

// hiddenParts lists what no output may hold: of every key each line of its PEM and of that in base64, the DER and the private
// number itself.
func hiddenParts(files map[string][]byte, values []string) []string {
	seen := map[string]bool{}
	add := func(part string) {
		if len(part) >= 16 {
			seen[part] = true
		}
	}
	for _, data := range files {
		for _, text := range append(encodedIn(string(data)), string(data)) {
			for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
				if strings.HasSuffix(block.Type, "PRIVATE KEY") {
					addKey(block, add)
				}
			}
		}
	}
	for _, v := range values {
		add(v)
	}
	parts := make([]string, 0, len(seen))
	for part := range seen {
		parts = append(parts, part)
	}
	return parts
}

// encodedIn decodes the base64 strings of a text.
func encodedIn(text string) []string {
	var all []string
	for _, word := range strings.Fields(text) {
		if decoded, err := base64.StdEncoding.DecodeString(word); err == nil && len(decoded) > 100 {
			all = append(all, string(decoded))
		}
	}
	return all
}

func addKey(block *pem.Block, add func(string)) {
	text := string(pem.EncodeToMemory(block))
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "-----") {
			add(strings.TrimSpace(line))
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	for at := 0; at+48 <= len(encoded); at += 48 {
		add(encoded[at : at+48])
	}
	private := block.Bytes
	if key, err := parsePrivate(block.Bytes); err == nil {
		private = key
	}
	for _, part := range [][]byte{block.Bytes, private} {
		add(hex.EncodeToString(part))
		add(strings.ToUpper(hex.EncodeToString(part)))
		add(string(part))
		for shift := range 3 {
			add(base64.RawStdEncoding.EncodeToString(part[shift : shift+(len(part)-shift)/3*3]))
			add(base64.RawURLEncoding.EncodeToString(part[shift : shift+(len(part)-shift)/3*3]))
		}
	}
}

// parsePrivate gives the private number of an elliptic key.
func parsePrivate(der []byte) ([]byte, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	return key.(*ecdsa.PrivateKey).Bytes()
}
