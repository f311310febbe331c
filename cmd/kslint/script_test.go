package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kslint": main})
}

// TestScripts runs the command as users do; each testdata/*.txtar holds input and what must come out.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status2, "make": makeFile, "oneline": oneLine,
		},
	})
}

// status2 runs a command and asks for its exit status: status 2 kslint lint x.
func status2(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, expected %s", got, args[0])
	}
}

// oneLine asks that standard error holds exactly one line.
func oneLine(ts *testscript.TestScript, _ bool, _ []string) {
	if text := ts.ReadFile("stderr"); strings.Count(text, "\n") != 1 {
		ts.Fatalf("expected one line on standard error, got %q", text)
	}
}

// makeFile writes what a txtar cannot hold: make KIND FILE.
func makeFile(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: make KIND FILE")
	}
	name := ts.MkAbs(args[1])
	var data []byte
	switch args[0] {
	case "binary":
		data = []byte("\x7fELF\x02\x01\x00\x00")
	case "gbk":
		data = []byte("# \xd6\xd0\xce\xc4\xc5\xe4\xd6\xc3\napiVersion: v1\nkind: ConfigMap\n")
	case "utf16":
		data = []byte("\xff\xfea\x00:\x00 \x001\x00\n\x00")
	case "huge":
		f, err := os.Create(name)
		ts.Check(err)
		ts.Check(f.Truncate(200 << 20))
		ts.Check(f.Close())
		return
	case "nested":
		data = append(bytes.Repeat([]byte("["), 10000), bytes.Repeat([]byte("]"), 10000)...)
	case "laughs":
		var b bytes.Buffer
		b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
		for i := 1; i < 12; i++ {
			n := string(rune('a' + i))
			before := "a0"
			if i > 1 {
				before = string(rune('a'+i-1)) + "0"
			}
			b.WriteString(n + "0: &" + n + "0 [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 9), ", ") + "]\n")
		}
		data = b.Bytes()
	default:
		ts.Fatalf("unknown kind %s", args[0])
	}
	ts.Check(os.WriteFile(name, data, 0o644))
}
