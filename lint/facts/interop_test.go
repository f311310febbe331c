package facts_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// keysOfOpenSSL are commands that make a private key, by what comes of them.
var keysOfOpenSSL = map[string][]string{
	"RSA, PKCS#1":     {"genrsa", "-traditional", "1024"},
	"RSA, PKCS#8":     {"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"},
	"ECDSA, SEC1":     {"ecparam", "-genkey", "-name", "prime256v1"}, // with EC PARAMETERS in front
	"ECDSA, PKCS#8":   {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
	"Ed25519, PKCS#8": {"genpkey", "-algorithm", "ed25519"},
}

// TestKeyPairs_ofOpenSSL reads keys and certificates that another program made, in every notation: each key belongs to its
// certificate and to no other, with text in front of the blocks and CRLF too. An encrypted key is not checked.
func TestKeyPairs_ofOpenSSL(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not on this machine")
	}
	dir := t.TempDir()
	run := func(args ...string) []byte {
		c := exec.Command(program, args...)
		c.Dir = dir
		out, err := c.Output()
		if err != nil {
			t.Fatalf("openssl %v: %v", args, err)
		}
		return out
	}
	stranger := run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	env := []byte("ETCD_CERT_FILE=/etc/ssl/etcd/ssl/member-n.pem\nETCD_KEY_FILE=/etc/ssl/etcd/ssl/member-n-key.pem\n")
	for name, command := range keysOfOpenSSL {
		t.Run(name, func(t *testing.T) {
			key := run(command...)
			if err := os.WriteFile(filepath.Join(dir, "key.pem"), key, 0o600); err != nil {
				t.Fatal(err)
			}
			signature := []string{"-sha1"}
			if name == "Ed25519, PKCS#8" {
				signature = nil
			}
			cert := run(append([]string{"req", "-x509", "-key", "key.pem", "-subj", "/CN=etcd-member-n", "-days", "3650"}, signature...)...)
			if err := os.WriteFile(filepath.Join(dir, "cert.pem"), cert, 0o600); err != nil {
				t.Fatal(err)
			}
			told := run("x509", "-in", "cert.pem", "-text")
			encrypted := run("pkey", "-in", "key.pem", "-aes256", "-passout", "pass:secret")
			crlf := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")) }
			for _, test := range []struct {
				what      string
				cert, key []byte
				want      []bool
			}{
				{"as they are", cert, key, []bool{true}},
				{"text in front, CRLF", crlf(told), crlf(key), []bool{true}},
				{"another's key", cert, stranger, []bool{false}},
				{"an encrypted key", cert, encrypted, nil},
			} {
				s := look(t, map[string][]byte{
					"n/etc/etcd.env": env, "n/etc/ssl/etcd/ssl/member-n.pem": test.cert, "n/etc/ssl/etcd/ssl/member-n-key.pem": test.key,
				})
				var got []bool
				for _, pair := range s.Etcd.Keypairs {
					got = append(got, pair.Match)
				}
				if len(got) != len(test.want) || len(got) > 0 && got[0] != test.want[0] {
					t.Errorf("%s: got %v, want %v", test.what, got, test.want)
				}
			}
		})
	}
}
