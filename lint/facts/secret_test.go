package facts_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestFacts_holdNoKeys looks for every key of every layout in all facts, in the forms that bytes are written in.
func TestFacts_holdNoKeys(t *testing.T) {
	for _, kind := range facttest.Kinds() {
		l := facttest.Write(kind, 2)
		documents := facttest.Documents(l.Files)
		text := jsonOf(t, facts.Of(documents, facttest.Now).Input(facts.Kinds()...))
		keys := 0
		for _, d := range documents {
			for _, b := range d.Blocks {
				if !strings.HasSuffix(b.Type, "PRIVATE KEY") {
					continue
				}
				keys++
				// The tail is the private number in PKCS #8; the head says what kind of key it is, and is no secret.
				for _, part := range [][]byte{b.DER, b.DER[len(b.DER)-24:], b.DER[36:68]} {
					for _, form := range []string{hex.EncodeToString(part), base64.StdEncoding.EncodeToString(part[:len(part)/3*3]), string(part)} {
						if bytes.Contains(bytes.ToLower(text), []byte(strings.ToLower(form))) {
							t.Errorf("%s: %s %s is in the facts", kind, d.File, b.Path)
						}
					}
				}
			}
		}
		if keys == 0 {
			t.Errorf("%s has no keys", kind)
		}
		for _, word := range []string{"PRIVATE", "BEGIN ", "K10example"} {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("%s: %q is in the facts", kind, word)
			}
		}
	}
}

func jsonOf(t *testing.T, v ast.Value) []byte {
	t.Helper()
	raw, err := ast.JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestFacts_placesAreBeginLines holds that a certificate's place is its BEGIN line, or the string that holds it.
func TestFacts_placesAreBeginLines(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 1)
	name := "node1/etc/ssl/etcd/ssl/ca.pem"
	l.Files[name] = append([]byte("# old and new\n\n"), append(facttest.NewCA("old").PEM(), l.Files[name]...)...)
	s := look(t, l.Files)
	for _, h := range s.Certificates {
		for _, c := range h.Certs {
			d := s.documents[c.Document]
			lines := strings.Split(string(l.Files[d.File]), "\n")
			line := lines[d.Locate(toPath(c.Path)).Line-1]
			if d.Format == lint.PEM && !strings.HasPrefix(line, "-----BEGIN CERTIFICATE") || d.Format != lint.PEM && !strings.Contains(line, h.Name+": ") {
				t.Errorf("%s: stands at %q", s.at(c.place), line)
			}
			if block, _ := pem.Decode([]byte(strings.Join(lines[d.Locate(toPath(c.Path)).Line-1:], "\n"))); d.Format == lint.PEM && block == nil {
				t.Errorf("%s: no block begins there", s.at(c.place))
			}
		}
	}
}

// TestDoc_namesEveryKey holds doc.go, which rule authors read, against what rules get.
func TestDoc_namesEveryKey(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`^ETCD_`)
	named := func(key string) bool {
		return variable.MatchString(key) || regexp.MustCompile(`[.{ \t]`+key+`[?\[: ,}\n]`).Match(doc)
	}
	for _, kind := range facttest.Kinds() {
		var all any
		files := facttest.Write(kind, 1).Files
		files["hook.yaml"] = facttest.Webhook("a", "ks-controller-manager", "kubesphere-system", facttest.NewCA("x").PEM())
		files["secret.yaml"] = facttest.Secret("kubesphere-system", "ks-controller-manager-webhook-cert", map[string][]byte{"tls.crt": facttest.NewCA("x").PEM()})
		if err := json.Unmarshal(jsonOf(t, facts.Of(facttest.Documents(files), facttest.Now).Input(facts.Kinds()...)), &all); err != nil {
			t.Fatal(err)
		}
		for key := range keysOf(all, map[string]bool{}) {
			if !named(key) {
				t.Errorf("doc.go does not name %q", key)
			}
		}
	}
}

func keysOf(v any, found map[string]bool) map[string]bool {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			found[key] = true
			keysOf(child, found)
		}
	case []any:
		for _, child := range v {
			keysOf(child, found)
		}
	}
	return found
}

func TestInput_kinds(t *testing.T) {
	documents := facttest.Documents(facttest.Write(facttest.KubeKey, 1).Files)
	for kind, want := range map[string]int{facts.Hosts: 2, facts.Certificates: 2, facts.Etcd: 3, facts.Kubeconfigs: 3, facts.Webhooks: 3} {
		f := facts.Of(documents, facttest.Now)
		v := f.Input(kind).(ast.Object)
		if v.Len() != want {
			t.Errorf("%s: got the keys %v", kind, v.Keys())
		}
		again := f.Input(kind).(ast.Object)
		if v.Get(ast.StringTerm(kind)).Value != again.Get(ast.StringTerm(kind)).Value {
			t.Errorf("%s is worked out twice", kind)
		}
	}
}
