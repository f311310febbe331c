package policies_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/policies"
)

// Examples hold no certificates, which would end, but say how to make them, one recipe a line in a PEM file:
//
//	make: ca etcd-ca to=2026-07-01
//	make: leaf node1 by=etcd-ca cn=etcd-member-node1 dns=node1,localhost ips=10.0.0.1 usages=server,client
//	make: key node1
//	make: again etcd-ca
//
// and make(leaf node1 by=etcd-ca; again etcd-ca) anywhere in other files, for their PEM in base64; make(kubeconfig admin
// to=2026-07-01) is a kubeconfig with such a client certificate. A name is known in all files
// of its case. Sound ones last from 2025-08-01 to 2035-08-01, the examples are judged at 2026-08-01; without usages a leaf has no
// such extension; key=NAME takes the key of another; published=SERVICE makes it the certificate that KubeSphere publishes for it.
type kitchen struct {
	t       *testing.T
	recipes map[string]string // by name, what makes it
	made    map[string]*facttest.Pair
	stands  map[string][]string // by Service
}

var (
	recipeLine = regexp.MustCompile(`(?m)^make: ([^#\r\n]*)`)
	inline     = regexp.MustCompile(`make\(([^)]*)\)`)
)

// cooked replaces the recipes of a case. lines says for each file which line of the example each of its lines comes from.
func cooked(t *testing.T, files []txtar.File) (out []txtar.File, lines map[string][]int, tables fs.FS) {
	t.Helper()
	k := &kitchen{t: t, recipes: map[string]string{}, made: map[string]*facttest.Pair{}, stands: map[string][]string{}}
	for _, f := range files {
		for _, pattern := range []*regexp.Regexp{recipeLine, inline} {
			for _, m := range pattern.FindAllStringSubmatch(string(f.Data), -1) {
				k.learn(m[1])
			}
		}
	}
	lines = map[string][]int{}
	for _, f := range files {
		var b bytes.Buffer
		number := 0
		for line := range strings.Lines(string(f.Data)) {
			number++
			text := line
			if m := recipeLine.FindStringSubmatch(line); m != nil {
				text = string(k.pem(m[1]))
			}
			text = inline.ReplaceAllStringFunc(text, func(call string) string {
				return base64.StdEncoding.EncodeToString(k.pem(inline.FindStringSubmatch(call)[1]))
			})
			for range strings.Count(text, "\n") {
				lines[f.Name] = append(lines[f.Name], number)
			}
			b.WriteString(text)
		}
		out = append(out, txtar.File{Name: f.Name, Data: b.Bytes()})
	}
	return out, lines, k.tables()
}

func (k *kitchen) learn(recipes string) {
	for recipe := range strings.SplitSeq(recipes, ";") {
		if words := strings.Fields(recipe); len(words) > 1 && slices.Contains([]string{"ca", "leaf", "kubeconfig"}, words[0]) {
			k.recipes[words[1]] = recipe
		}
	}
}

func (k *kitchen) pem(recipes string) []byte {
	var b bytes.Buffer
	for recipe := range strings.SplitSeq(recipes, ";") {
		words := strings.Fields(recipe)
		if len(words) < 2 {
			k.t.Fatalf("%q is no recipe", recipe)
		}
		switch pair := k.make(words[1]); words[0] {
		case "ca", "leaf", "again":
			b.Write(pair.PEM())
		case "key":
			b.Write(pair.KeyPEM())
		case "locked": // what stands where a key behind a passphrase would; nobody can look into it
			b.Write(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte(words[1])}))
		case "kubeconfig":
			b.Write(facttest.Kubeconfig("https://10.0.0.1:6443", facttest.NewCA("kubernetes"), pair))
		default:
			k.t.Fatalf("%q: expected ca, leaf, again, key, locked or kubeconfig", recipe)
		}
	}
	return b.Bytes()
}

func (k *kitchen) make(name string) *facttest.Pair {
	if pair, ok := k.made[name]; ok {
		return pair
	}
	words := strings.Fields(k.recipes[name])
	if len(words) < 2 {
		k.t.Fatalf("nothing makes %q", name)
	}
	spec := facttest.Spec{CN: name, IsCA: words[0] == "ca"}
	for _, word := range words[2:] {
		key, value, _ := strings.Cut(word, "=")
		if err := k.season(&spec, name, key, value); err != nil {
			k.t.Fatalf("%s: %v", word, err)
		}
	}
	k.made[name] = facttest.Make(spec)
	return k.made[name]
}

func (k *kitchen) season(s *facttest.Spec, name, key, value string) (err error) {
	switch key {
	case "by":
		s.Issuer = k.make(value)
	case "key":
		s.Key = k.make(value).Key
	case "published": // stands in for the certificate of this Service that KubeSphere publishes with its key
		k.stands[value] = append(k.stands[value], name)
	case "cn":
		s.CN = value
	case "dns":
		s.DNS = strings.Split(value, ",")
	case "ips":
		s.IPs = strings.Split(value, ",")
	case "from":
		s.From, err = time.Parse(time.DateOnly, value)
	case "to":
		s.To, err = time.Parse(time.DateOnly, value)
	case "usages":
		for usage := range strings.SplitSeq(value, ",") {
			known, ok := map[string]x509.ExtKeyUsage{
				"server": x509.ExtKeyUsageServerAuth, "client": x509.ExtKeyUsageClientAuth, "any": x509.ExtKeyUsageAny,
			}[usage]
			if !ok {
				return fmt.Errorf("unknown usage %q", usage)
			}
			s.Usages = append(s.Usages, known)
		}
	default:
		return fmt.Errorf("unknown word %q", key)
	}
	return err
}

// publishedTable is dated fact, and no certificate that a test makes is in it.
const publishedTable = "tables/static_webhook_certificates.yaml"

// overlay is a file system with one other file.
type overlay struct {
	fs.FS
	other fstest.MapFS
}

func (o overlay) Open(name string) (fs.File, error) {
	if _, ok := o.other[name]; ok {
		return o.other.Open(name)
	}
	return o.FS.Open(name)
}

// tables are the policies with the certificates of the case in the place of those that KubeSphere publishes, nil where the case
// has none.
func (k *kitchen) tables() fs.FS {
	if len(k.stands) == 0 {
		return nil
	}
	text, err := policies.Files.ReadFile(publishedTable)
	if err != nil {
		k.t.Fatal(err)
	}
	var table map[string]any
	if err := yaml.Unmarshal(text, &table); err != nil {
		k.t.Fatal(err)
	}
	for service, names := range k.stands {
		for _, row := range table["certificates"].([]any) {
			row := row.(map[string]any)
			if row["service"] != service {
				continue
			}
			for _, name := range names {
				sum := sha256.Sum256(k.made[name].Cert.Raw)
				row[map[bool]string{true: "ca", false: "leaf"}[k.made[name].Cert.IsCA]] = hex.EncodeToString(sum[:])
			}
			break
		}
	}
	text, err = yaml.Marshal(table)
	if err != nil {
		k.t.Fatal(err)
	}
	return overlay{policies.Files, fstest.MapFS{publishedTable: {Data: text}}}
}
