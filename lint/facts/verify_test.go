package facts

import (
	"crypto/x509"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestVerifies_asOpenSSL holds verdicts, with dates and without, against those of openssl.
func TestVerifies_asOpenSSL(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: verdicts are held against nothing")
	}
	w, dir := newWorld(t), t.TempDir()
	leaves := map[string]string{} // names by file
	for name, leaf := range w.leaves {
		leaves[writePEM(t, dir, "leaf "+name, leaf)] = name
	}
	chains := map[string]string{}
	for name, chain := range w.chains {
		chains[name] = writePEM(t, dir, "chain "+name, chain)
	}
	for caName, ca := range w.cas {
		caFile := writePEM(t, dir, "ca "+caName, ca)
		t.Run(caName, func(t *testing.T) {
			t.Parallel()
			for chainName, chain := range w.chains {
				args := []string{"verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-CAfile", caFile}
				if chain != nil {
					args = append(args, "-untrusted", chains[chainName])
				}
				for _, at := range []time.Time{{}, facttest.Now} {
					when := []string{"-no_check_time"}
					if !at.IsZero() {
						when = []string{"-attime", strconv.FormatInt(at.Unix(), 10)}
					}
					out, _ := exec.Command(program, slices.Concat(args, when, slices.Collect(maps.Keys(leaves)))...).CombinedOutput()
					chain, roots := parsedOf(chain), parsedOf(ca)
					for file, name := range leaves {
						want := strings.Contains("\n"+string(out), "\n"+file+": OK\n")
						if got := verifies(parsedOf(w.leaves[name])[0], chain, roots, at); got != want {
							t.Errorf("leaf %q, chain %q, dates %v: got %v, openssl says %v", name, chainName, !at.IsZero(), got, want)
						}
					}
				}
			}
		})
	}
	t.Logf("%d combinations, each with dates and without", len(leaves)*len(w.chains)*len(w.cas))
}

func writePEM(t *testing.T, dir, name string, pairs []*facttest.Pair) string {
	t.Helper()
	var text []byte
	for _, p := range pairs {
		text = append(text, p.PEM()...)
	}
	file := filepath.Join(dir, name+".pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestVerifies holds the verdicts that the catalogue names, with dates off and on.
func TestVerifies(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		leaf, chain, ca string
		ever, now       bool
	}{
		{"of root", "nothing", "root", true, true},
		{"of root", "nothing", "old", true, false},       // the CA has expired
		{"of root", "nothing", "next", true, false},      // the CA has not begun
		{"of root", "nothing", "old, root", true, true},  // a rotation with the same key
		{"of root", "nothing", "twin, root", true, true}, // a rotation with another key
		{"of root", "nothing", "twin", false, false},     // the same name, another key
		{"of root", "nothing", "the leaf", true, true},   // the leaf itself in the CA file
		{"self-signed", "nothing", "self", true, true},
		{"of middle", "middle", "root", true, true},
		{"of middle", "nothing", "root", false, false},
		{"of middle", "nothing", "middle", true, true}, // an intermediate in the CA file is a root
		{"of middle", "old middle", "root", true, false},
		{"of low", "middle, low", "root", true, true},
		{"expired", "nothing", "root", true, false},
		{"early", "nothing", "root", true, false},
		{"sha1 rsa", "nothing", "rsa, ed", true, true},
		{"sha1 of rsa twin", "nothing", "rsa, ed", false, false},
		{"sha1 low", "low, middle", "root", true, true},
		{"sha1 ecdsa", "nothing", "old", true, false},
		{"of plain", "nothing", "plain", true, true}, // a root without extensions
		{"of nosign", "nothing", "nosign", false, false},
		{"of flat middle", "flat middle", "flat", false, false},
		{"bad name", "nothing", "names", false, false},
		{"odd itself", "nothing", "root", false, false}, // a critical extension that nobody knows
	} {
		leaf, ok := w.leaves[test.leaf]
		ca, known := w.cas[test.ca]
		if !ok || !known {
			t.Fatalf("%+v", test)
		}
		one, chain, roots := parsedOf(leaf)[0], parsedOf(w.chains[test.chain]), parsedOf(ca)
		ends := one.NotAfter
		if got := verifies(one, chain, roots, time.Time{}); got != test.ever {
			t.Errorf("leaf %q, chain %q, CA %q without dates: got %v", test.leaf, test.chain, test.ca, got)
		}
		if got := verifies(one, chain, roots, facttest.Now); got != test.now {
			t.Errorf("leaf %q, chain %q, CA %q: got %v", test.leaf, test.chain, test.ca, got)
		}
		if !one.NotAfter.Equal(ends) || one.SignatureAlgorithm == x509.PureEd25519 && test.leaf != "of ed" {
			t.Errorf("%q was changed", test.leaf)
		}
	}
}

// TestVerifies_isBounded holds that a CA file full of one name costs no more than Go's hundred attempts.
func TestVerifies_isBounded(t *testing.T) {
	key := facttest.NewKey()
	var many []*facttest.Pair
	for range 3000 {
		many = append(many, facttest.Make(facttest.Spec{CN: "root", IsCA: true, Key: key}))
	}
	issuer := facttest.NewCA("root")
	for _, algorithm := range []x509.SignatureAlgorithm{x509.ECDSAWithSHA256, x509.ECDSAWithSHA1} {
		leaf := facttest.Make(facttest.Spec{CN: "x", Issuer: issuer, Algorithm: algorithm})
		start := time.Now()
		if verifies(parsedOf([]*facttest.Pair{leaf})[0], nil, parsedOf(many), time.Time{}) {
			t.Error("none of them signed it")
		}
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("it took %s", d)
		}
	}
}
