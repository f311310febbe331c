package policies_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// Examples hold no certificates, which would end, but say how to make them, one recipe a line in a PEM file:
//
//	make: ca etcd-ca to=2026-07-01
//	make: leaf node1 by=etcd-ca cn=etcd-member-node1 dns=node1,localhost ips=10.0.0.1 usages=server,client
//	make: key node1
//	make: again etcd-ca
//
// and make(leaf node1 by=etcd-ca; again etcd-ca) anywhere in other files, for their PEM in base64. A name is known in all files
// of its case. Sound ones last from 2025-08-01 to 2035-08-01, the examples are judged at 2026-08-01; without usages a leaf has no
// such extension; key=NAME takes the key of another.
type kitchen struct {
	t       *testing.T
	recipes map[string]string // by name, what makes it
	made    map[string]*facttest.Pair
}

var (
	recipeLine = regexp.MustCompile(`(?m)^make: ([^#\r\n]*)`)
	inline     = regexp.MustCompile(`make\(([^)]*)\)`)
)

// cooked replaces the recipes of a case. lines says for each file which line of the example each of its lines comes from.
func cooked(t *testing.T, files []txtar.File) (out []txtar.File, lines map[string][]int) {
	t.Helper()
	k := &kitchen{t: t, recipes: map[string]string{}, made: map[string]*facttest.Pair{}}
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
	return out, lines
}

func (k *kitchen) learn(recipes string) {
	for recipe := range strings.SplitSeq(recipes, ";") {
		if words := strings.Fields(recipe); len(words) > 1 && (words[0] == "ca" || words[0] == "leaf") {
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
		default:
			k.t.Fatalf("%q: expected ca, leaf, again or key", recipe)
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
		if err := k.season(&spec, key, value); err != nil {
			k.t.Fatalf("%s: %v", word, err)
		}
	}
	k.made[name] = facttest.Make(spec)
	return k.made[name]
}

func (k *kitchen) season(s *facttest.Spec, key, value string) (err error) {
	switch key {
	case "by":
		s.Issuer = k.make(value)
	case "key":
		s.Key = k.make(value).Key
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
