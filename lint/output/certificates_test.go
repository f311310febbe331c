package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
)

var certNow = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func certSample() *Certificates {
	row := func(days int, file string, line int, kind certs.Kind, name, cn string, by certs.Renewer) certs.Row {
		return certs.Row{
			File: file, Line: line, Path: "blocks[0]", Kind: kind, Name: name, Subject: "CN=" + cn, Issuer: "CN=etcd-ca",
			NotBefore: certNow.AddDate(-1, 0, 0), NotAfter: certNow.AddDate(0, 0, days).Add(time.Hour),
			SHA256: strings.Repeat("0123456789abcdef", 4), RenewedBy: by,
		}
	}
	member := row(-3, "node1/etc/ssl/etcd/ssl/member-node1.pem", 1, certs.EtcdServerPeer, "node1", "etcd-member-node1", certs.Nobody)
	member.SANs = strings.Fields("localhost lb.kubesphere.local etcd etcd.kube-system.svc node1 node2 127.0.0.1 ::1 10.0.0.1 10.0.0.2")
	member.UsedBy = []certs.Use{{File: "node1/etc/etcd.env", Line: 17, Program: "etcd", Setting: "ETCD_CERT_FILE"}, {File: "node1/etc/etcd.env", Line: 22, Program: "etcd", Setting: "ETCD_PEER_CERT_FILE"}}
	hook := row(3000, "hooks.yaml", 11, certs.WebhookCA, "ks-controller-manager.kubesphere-system", "KUBESPHERE", certs.Unknown)
	hook.Object, hook.IsCA = lint.Resource{APIVersion: "v1", Kind: "Secret", Namespace: "a", Name: "b"}, true
	future := row(4000, "later.pem", 1, certs.Other, "", "later", certs.Unknown)
	future.NotBefore = certNow.AddDate(0, 1, 0)
	chain := row(12, "node1/etc/kubernetes/pki/apiserver.crt", 30, certs.APIServer, "", "link", certs.Unknown)
	chain.Chain, chain.SHA256 = true, strings.Repeat("f", 64)
	return &Certificates{
		Rows:     []certs.Row{member, row(12, "node1/etc/kubernetes/pki/apiserver.crt", 1, certs.APIServer, "", "kube-apiserver", certs.Timer), chain, hook, future},
		Failures: []lint.Failure{{File: "broken.pem", Range: lint.Range{Line: 1, Column: 1}, Reason: "this certificate cannot be read"}},
		Files:    9, Now: certNow, Soon: 30 * 24 * time.Hour,
	}
}

func TestCertificates_formats(t *testing.T) {
	for name, test := range map[string]struct {
		format  string
		options Options
	}{
		"certs":         {"text", Options{}},
		"certs-quiet":   {"text", Options{Quiet: true}},
		"certs-narrow":  {"text", Options{Width: 72}},
		"certs-verbose": {"text", Options{Verbose: true, Width: 80}},
		"certs-color":   {"text", Options{Color: true, Width: 120}},
		"certs-zh":      {"text", Options{Lang: lint.Chinese, Verbose: true, Width: 80}},
		"certs-json":    {"json", Options{Tool: "v0.1.0"}},
		"certs-metrics": {"prometheus", Options{}},
	} {
		var b bytes.Buffer
		if err := CertificateFormats[test.format](&b, certSample(), test.options); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
		if strings.Contains(b.String(), " \n") {
			t.Errorf("%s: blanks at the end of a line", name)
		}
	}
}

func TestCertificates_narrowLinesFit(t *testing.T) {
	for _, lang := range []lint.Lang{lint.English, lint.Chinese} {
		for _, width := range []int{60, 80} {
			var b bytes.Buffer
			if err := certificatesText(&b, certSample(), Options{Lang: lang, Width: width, Verbose: true}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				longest := 0 // what is copied is not broken
				for _, word := range strings.Fields(line) {
					longest = max(longest, columns(word))
				}
				if columns(line) > width && longest < width/2 {
					t.Errorf("%d columns: %q", width, line)
				}
			}
		}
	}
}

func TestCertificates_none(t *testing.T) {
	for lang, want := range map[lint.Lang]string{lint.English: "no certificates in 2 files\n", lint.Chinese: "2 个文件中没有证书\n"} {
		var b bytes.Buffer
		if err := certificatesText(&b, &Certificates{Files: 2}, Options{Lang: lang}); err != nil || b.String() != want {
			t.Errorf("got %q, %v", b.String(), err)
		}
	}
	var b bytes.Buffer
	var read struct {
		Certificates []any `json:"certificates"`
	}
	if err := certificatesJSON(&b, &Certificates{}, Options{}); err != nil || json.Unmarshal(b.Bytes(), &read) != nil || read.Certificates == nil {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestCertificates_everyKindHasWords(t *testing.T) {
	for lang, v := range certVocabularies {
		for _, k := range certs.Kinds() {
			bare, named := v.what(&certs.Row{Kind: k}), v.what(&certs.Row{Kind: k, Name: "NAME", Subject: "NAME"})
			if bare == "" || strings.ContainsAny(bare+named, "[]*") || strings.Contains(bare, "NAME") {
				t.Errorf("%s: %s is %q, %q", lang, k, bare, named)
			}
		}
		for _, r := range certs.Renewers() {
			if v.renewers[r] == "" {
				t.Errorf("%s: no words for %s", lang, r)
			}
		}
	}
}

// hostile are names that certificates may carry.
var hostile = "CN=a\"b\\c\nkslint_fake 1\x1b[31m\u202e\x85\xff[]"

func TestCertificates_hostileNames(t *testing.T) {
	c := certSample()
	for i := range c.Rows {
		r := &c.Rows[i]
		r.Subject, r.Issuer, r.Name, r.SANs, r.Kind = hostile, hostile, hostile, []string{hostile}, certs.Other
		r.File, r.UsedBy = "a\nb\x1b.pem", []certs.Use{{File: hostile, Program: hostile}}
	}
	series := regexp.MustCompile(`^(?:# (?:HELP|TYPE) .*|[a-z_]+(?:\{(?:[a-z0-9_]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? \d+)$`)
	for name, write := range CertificateFormats {
		var b bytes.Buffer
		if err := write(&b, c, Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\u202e\u0085") && name != "json" || strings.Contains(b.String(), "\x1b") {
			t.Errorf("%s: obeyed by a terminal: %q", name, b.String())
		}
		for line := range strings.Lines(b.String()) {
			if name == "prometheus" && !series.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("no series: %q", line)
			}
		}
		if name == "json" && !json.Valid(b.Bytes()) {
			t.Errorf("no JSON: %s", b.String())
		}
	}
}

func TestCertificates_seriesAreUnique(t *testing.T) {
	c := certSample()
	c.Rows = append(c.Rows, c.Rows...)
	var b bytes.Buffer
	if err := certificatesPrometheus(&b, c, Options{}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(b.String()) {
		if seen[line] {
			t.Errorf("twice: %s", line)
		}
		seen[line] = true
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestCertificates_writeErrors(t *testing.T) {
	for name, write := range CertificateFormats {
		if err := write(full{}, certSample(), Options{}); err == nil {
			t.Errorf("%s hides that nothing was written", name)
		}
	}
}

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{
		24 * time.Hour: "1 day", 720 * time.Hour: "30 days", 36 * time.Hour: "36 hours", 90 * time.Minute: "1h30m0s",
	} {
		if got := spell(d, "day", "hour"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
