package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// enter writes files into a new folder and makes it the working directory.
func enter(t *testing.T, files map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// kslint runs the command in this process.
func kslint(in string, args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	code = run(args, streams{In: strings.NewReader(in), Out: &stdout, Err: &stderr, Env: func(string) string { return "" }})
	return code, stdout.String(), stderr.String()
}

var atNow = []string{"certs", "--now", facttest.Now.Format(time.RFC3339)}

func TestCerts_exitStatus(t *testing.T) {
	enter(t, map[string][]byte{
		"sound.pem": facttest.NewCA("sound").PEM(),
		"soon.pem":  facttest.Make(facttest.Spec{CN: "soon", To: facttest.Now.AddDate(0, 0, 20)}).PEM(),
		"dead.pem":  facttest.Make(facttest.Spec{CN: "dead", To: facttest.Now.Add(-time.Second)}).PEM(),
		"bad.pem":   []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
		"bad.yaml":  []byte("a: [\n"),
		"tmpl.yaml": []byte("a: {{ .Values.a }}\n"),
	})
	for _, test := range []struct {
		args string
		want int
		says string // on standard error
	}{
		{"sound.pem soon.pem dead.pem", 0, ""},
		{"sound.pem --fail-within 30d", 0, ""},
		{"soon.pem --fail-within 30d", 1, ""},
		{"soon.pem --fail-within 20d", 0, ""},
		{"soon.pem --fail-within 20d1s", 1, ""},
		{"soon.pem --fail-within 479h", 0, ""},
		{"dead.pem --fail-within 0", 1, ""},
		{"soon.pem --fail-within 0", 0, ""},
		{"dead.pem missing.pem --fail-within 1h", 2, "missing.pem: failed: no such file or directory"},
		{"soon.pem bad.pem", 2, "bad.pem:1:1: failed: this certificate cannot be read"},
		{"bad.yaml", 2, "bad.yaml:1:1: failed: "},
		{"tmpl.yaml -v", 0, "note: not checked"},
		{"sound.pem --fail-within 30", 2, `--fail-within "30": expected a duration such as 30d or 12h`},
		{"sound.pem --fail-within -1d", 2, `--fail-within "-1d": expected a duration`},
		{"sound.pem --fail-within 99999999d", 2, "expected a duration"},
		{"sound.pem --fail-within 99999d9999999h", 2, "expected a duration"},
		{"sound.pem --now soon", 2, `--now "soon": expected a time`},
		{"sound.pem -o yaml", 2, `--output "yaml": unknown format, expected one of json, prometheus, text`},
		{"sound.pem --lang fr", 2, `--lang "fr"`},
		{"sound.pem --color blue", 2, `--color "blue"`},
		{"sound.pem --fail-witin 30d", 2, "did you mean --fail-within?"},
	} {
		args := append(append([]string{}, atNow...), strings.Fields(test.args)...)
		code, out, err := kslint("", args...)
		if code != test.want || !strings.Contains(err, test.says) || test.says == "" && err != "" {
			t.Errorf("%s: exit status %d, want %d; said %q", test.args, code, test.want, err)
		}
		if code < 2 && !strings.Contains(out, " in 1 file") && !strings.Contains(out, " in 3 files") {
			t.Errorf("%s: said %q", test.args, out)
		}
	}
}

func TestCerts_failuresDoNotHideTheOthers(t *testing.T) {
	enter(t, map[string][]byte{"a.pem": facttest.NewCA("a").PEM()})
	for format, says := range map[string]string{
		"text": "1 certificate at 1 place in 2 files: 0 expired, 0 more to end within 30 days, 1 failure",
		"json": `"message": "no such file or directory"`, "prometheus": "\nkslint_certs_failures 1\n",
	} {
		code, out, err := kslint("", append(atNow, "-o", format, "missing", "a.pem")...)
		if code != 2 || !strings.Contains(out, says) || !strings.Contains(out, "a.pem") || !strings.Contains(err, "missing") {
			t.Errorf("%s: exit status %d, %s%s", format, code, out, err)
		}
	}
}

func TestCerts_readsStandardInput(t *testing.T) {
	list := "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(
		string(facttest.Secret("web", "site", map[string][]byte{"tls.crt": facttest.NewCA("site").PEM()})), "\n", "\n  ") + "\n"
	code, out, err := kslint(list, append(atNow, "-q", "-")...)
	if want := "3287  2035-08-01  certificate in Secret web/site  <stdin>:10\n"; code != 0 || out != want || err != "" {
		t.Errorf("exit status %d, got %q, %s", code, out, err)
	}
}

func TestCerts_listsEveryPlace(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 3, facttest.Ends("member-node2", 24*time.Hour))
	enter(t, l.Files)
	_, out, _ := kslint("", append(atNow, "-o", "json")...)
	var read struct {
		SchemaVersion int
		Tool          struct{ Name string }
		Certificates  []struct {
			File, Description, NotAfter, RenewedBy string
			Line, DaysLeft                         int
		}
	}
	if err := json.Unmarshal([]byte(out), &read); err != nil || read.SchemaVersion != 1 || read.Tool.Name != "kslint" {
		t.Fatal(err, out)
	}
	for i, host := range l.Hosts {
		c := read.Certificates[i]
		if c.File != host+"/etc/ssl/etcd/ssl/member-node2.pem" || c.Line != 1 || c.DaysLeft != 1 || c.NotAfter != "2026-08-02T00:00:00Z" ||
			c.Description != "etcd server and peer (node2)" || c.RenewedBy != "nobody" {
			t.Errorf("row %d is %+v", i, c)
		}
	}
	if _, again, _ := kslint("", append(atNow, "-o", "json")...); again != out {
		t.Error("two runs print other bytes")
	}
}

func TestCerts_obeysTheConfiguration(t *testing.T) {
	enter(t, map[string][]byte{
		".kslint.yaml": []byte("exclude: [old]\nlang: zh\n"), "a.pem": facttest.NewCA("a").PEM(), "old/b.pem": facttest.NewCA("b").PEM(),
	})
	if code, out, _ := kslint("", atNow...); code != 0 || strings.Contains(out, "b.pem") || !strings.Contains(out, "共 1 个证书") {
		t.Errorf("exit status %d, %s", code, out)
	}
}
