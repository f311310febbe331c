package document

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// decodeNamed decodes a text that is one document.
func decodeNamed(t *testing.T, name, text string) *lint.Document {
	t.Helper()
	documents := Decode(&lint.Source{Name: name, Data: []byte(text), Named: true})
	if len(documents) != 1 {
		t.Fatalf("%d documents in %q", len(documents), text)
	}
	return documents[0]
}

func TestEnv_valuesAsSystemd(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "A=1\nB=x y\n", `{"A": "1", "B": "x y"}`},
		{"the last wins", "A=1\nA=2\n", `{"A": "2"}`},
		{"the last wins, empty too", "A=1\nA=\n", `{"A": ""}`},
		{"blanks around", " \tA \t= \tx \t\n", `{"A": "x"}`},
		{"blank lines", "\n\n  \nA=1\n\n", `{"A": "1"}`},
		{"no line break at the end", "A=1", `{"A": "1"}`},
		{"carriage returns", "A=1\r\nB=2\r\n", `{"A": "1", "B": "2"}`},
		{"comments", "# A=1\n; B=2\n  # C=3\nD=4\n", `{"D": "4"}`},
		{"no comment behind a value", "A=1 # one\nB=x;y\n", `{"A": "1 # one", "B": "x;y"}`},
		{"a comment does not go on", "# c \\\nA=1\n", `{"A": "1"}`},
		{"double quotes", `A="x y " ` + "\n", `{"A": "x y "}`},
		{"single quotes", "A='x \\ \"'\n", `{"A": "x \\ \""}`},
		{"quoted parts", "A='x' \"y\"z w\n", `{"A": "xyz w"}`},
		{"quotes inside of a value", "A=x\"y\" 'z'\n", `{"A": "x\"y\" 'z'"}`},
		{"lines in quotes", "A=\"x\ny\"\nB=1\n", `{"A": "x\ny", "B": "1"}`},
		{"escapes in double quotes", `A="\"\\\$\a\` + "\n\"\n", `{"A": "\"\\$\\a"}`},
		{"escapes without quotes", `A=\"x\ \y` + "\n", `{"A": "\"x y"}`},
		{"continuation", "A=x \\\n  y\nB=1\n", `{"A": "x   y", "B": "1"}`},
		{"continuation before the value", "A=\\\nx\n", `{"A": "x"}`},
		{"continuation with carriage returns ends", "A=x\\\r\nB=1\n", `{"A": "x", "B": "1"}`},
		{"an open quote", "A=1\nB=\"x\n", `{"A": "1", "B": "x\n"}`},
		{"export is none", "export A=1\nB=1\n", `{"B": "1"}`},
		{"names that are none", "1A=1\nA-B=1\nÄ=1\n=1\nA B=1\nC=1\n", `{"C": "1"}`},
		{"no assignment", "A\nB=1\nC\n", `{"B": "1"}`},
		{"equals signs in the value", "A=b=https://c:2380,d=e\n", `{"A": "b=https://c:2380,d=e"}`},
		{"a name that begins with an equals sign", "=\\\nA=1\n", `{"A": "1"}`},
		{"a byte order mark spoils the first line", "\uFEFFA=1\nB=2\n", `{"B": "2"}`},
		{"Chinese", "A=节点\n", `{"A": "节点"}`},
		{"tokens are secret", "K3S_TOKEN=K10abc\nETCDCTL_PASSWORD=\nETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd\n", `{"ETCDCTL_PASSWORD": "", "ETCD_INITIAL_CLUSTER_TOKEN": "k8s_etcd", "K3S_TOKEN": "<secret>"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := decodeNamed(t, "etcd.env", test.text)
			if got, want := d.Value.String(), `{"variables": `+test.want+`}`; got != want {
				t.Errorf("%q is\n%s\nwant\n%s", test.text, got, want)
			}
			if d.Format != lint.Env || d.Written != nil || d.Problem != nil {
				t.Errorf("document is %+v", d)
			}
		})
	}
}

func TestEnv_nothing(t *testing.T) {
	for _, text := range []string{"", "\n \n", "# A=1\n", "export A=1\n"} {
		if documents := Decode(&lint.Source{Name: "etcd.env", Data: []byte(text)}); len(documents) != 0 {
			t.Errorf("%q has %d documents", text, len(documents))
		}
	}
}

// TestEnv_hostile has a hundred thousand assignments on what other lines are counted by is one line.
func TestEnv_hostile(t *testing.T) {
	var b strings.Builder
	for i := range 100000 {
		fmt.Fprintf(&b, "A%d=\r", i)
	}
	for name, text := range map[string]string{
		"a.env":     "ETCD_A=1\n" + b.String(),
		"etcd.env":  "A=" + strings.Repeat("\"\"", 1<<18),
		"x.service": "[Unit]\n" + strings.Repeat("A=b\\\n", 100000),
	} {
		start := time.Now()
		d := decodeNamed(t, name, text)
		d.Locate(lint.Path{"variables", "A99999"})
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestEnv_places(t *testing.T) {
	tests := []struct {
		name, text string
		path       lint.Path
	}{
		{"value", "# c\nA=1\nB=«x y» \t\nC=2\n", lint.Path{"variables", "B"}},
		{"the last of several", "A=1\n A = «2»\n", lint.Path{"variables", "A"}},
		{"with its quotes", "A=«'x' y»\r\nB=1\n", lint.Path{"variables", "A"}},
		{"over lines", "A=«x\\\n y»\n", lint.Path{"variables", "A"}},
		{"an empty value at its name", "B=1\n «A» =\n", lint.Path{"variables", "A"}},
		{"empty quotes", "A=«\"\"»\n", lint.Path{"variables", "A"}},
		{"below a value", "A=«1»\n", lint.Path{"variables", "A", 0}},
		{"missing", "«# Environment file»\nA=1\n", lint.Path{"variables", "B"}},
		{"all", "«A=1»\n", nil},
		{"behind Chinese", "A=«节点'x'»\n", lint.Path{"variables", "A"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, want := marked(t, test.text)
			if got := decodeNamed(t, "etcd.env", text).Locate(test.path); got != want {
				t.Errorf("%s is at %+v, want %+v in %q", test.path, got, want, text)
			}
		})
	}
}

func TestOther_ignores(t *testing.T) {
	for name, text := range map[string]string{
		"etcd.env": "# kslint:ignore a -- b\nA=1\nB=x # kslint:ignore c -- d\n",
		"x.conf":   "# kslint:ignore a -- b\n[Unit]\nB=x # kslint:ignore c -- d\n",
		"ca.pem":   "# kslint:ignore a -- b\n-----BEGIN X-----\nAAAA\n-----END X-----\n",
	} {
		ignores := decodeNamed(t, name, text).Ignores
		if len(ignores) != 1 || ignores[0].Line != 1 || !ignores[0].Alone || ignores[0].Reason != "b" {
			t.Errorf("%s: ignores are %+v", name, ignores)
		}
	}
	if ignores := decodeNamed(t, "etcd-backup.sh", "cd x # kslint:ignore a -- b\n").Ignores; len(ignores) != 1 || ignores[0].Alone {
		t.Errorf("script: ignores are %+v", ignores)
	}
}

func TestOther_problems(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"etcd.env", "A=1\nB={{ .x }}\n", "template 2:3-2:5"},
		{"etcd.env", "{% if x %}\nA=1\n{% endif %}\n", "template 1:1-1:3"},
		{"etcd.env", "# {{ x }}\n; {{ y }}\nA=\"{{ z }}\"\n", ""},
		{"x.service", "[Service]\nExecStart=a {{ .x }}\n", "template 2:13-2:15"},
		{"x.service", "[Service]\nExecStart=docker --format '{{ .x }}'\n", ""},
		{"etcd-backup.sh", "#!/bin/bash\n  {{- if .x }}\n", "template 2:3-2:5"},
		{"etcd-backup.sh", "docker inspect --format {{.ID}} etcd1\nA='{{ .B }}'\n", ""},
		{"etcd.env", "A=\x00\n", "binary 0:0-0:0"},
		{"etcd.env", "A=\xbd\xda\n", "not-utf8 1:3-1:4"},
		{"etcd-backup.sh", strings.Repeat("x\n", 1<<20), "too-large 0:0-0:0"},
		{"my.conf", "[mysqld]\n", "unknown 0:0-0:0"},
	}
	for _, test := range tests {
		d := decodeNamed(t, test.name, test.text)
		got := ""
		if d.Problem != nil {
			got = outline([]*lint.Document{d})[0]
		}
		if !strings.HasPrefix(got, test.want) || got == "" != (test.want == "") || d.Where == nil {
			t.Errorf("%s: problem is %q, want %q", test.name, got, test.want)
		}
	}
}
