package output

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestFrame(t *testing.T) {
	long := "a: " + strings.Repeat("word ", 40) + "HERE" + strings.Repeat(" word", 40)
	wide := "a: " + strings.Repeat("汉字", 60) + "这里" + strings.Repeat("汉字", 60)
	at := func(line, from, to int) lint.Range {
		return lint.Range{Line: line, Column: from, EndLine: line, EndColumn: to}
	}
	tests := []struct {
		name, text string
		at         lint.Range
		width      int
	}{
		{"no place", "a: b", lint.Range{}, 0},
		{"line that is not there", "a: b", at(7, 1, 2), 0},
		{"column that is not there", "a: b", at(1, 9, 12), 0},
		{"no column", "a: b", lint.Range{Line: 1}, 0},
		{"no end", "a: b", lint.Range{Line: 1, Column: 4}, 0},
		{"several lines", "a:\n  b: |  \n    c\nd: e", lint.Range{Line: 2, Column: 3, EndLine: 3, EndColumn: 6}, 0},
		{"tab in front", "a:\n\tb:\tc", at(2, 5, 6), 0},
		{"the tab itself", "a:\n\tb: c", at(2, 1, 2), 0},
		{"wide characters", "名称: 主节点, 其他", at(1, 5, 8), 0},
		{"combining characters", "n: cafe\u0301 bar", at(1, 10, 13), 0},
		{"escape sequence", "a: \x1b[31mred\x1b[0m b", at(1, 16, 17), 0},
		{"control characters", "a: \x00\x07\x7f\u009b\u202e\ufeff b", at(1, 11, 12), 0},
		{"not UTF-8", "a: \xff\xfe b", at(1, 7, 8), 0},
		{"carriage returns", "a:\r\n  b: c\r\n", at(2, 6, 7), 0},
		{"byte order mark", "\ufeffa: b", at(1, 4, 5), 0},
		{"parent is an item", "c:\n- name: x\n  image: y\n  # note\n\n  ports: z", at(6, 3, 8), 0},
		{"parent of an item", "c:\n- name: x\n- name: y", at(3, 9, 10), 0},
		{"parent in another document", "a:\n---\n  b: c", at(3, 3, 4), 0},
		{"secret marked", "a:\n  password: Qcloud@123", at(2, 13, 23), 0},
		{"quoted secret marked", `{user: root, password: "Qcloud@123", x: y}`, at(1, 24, 36), 0},
		{"behind a secret", `{password: "Qcloud@123", user: root}`, at(1, 26, 30), 0},
		{"parent with a secret", "- {password: Qcloud@123\n   }", at(2, 4, 5), 0},
		{"long, start", long, at(1, 1, 2), 60},
		{"long, middle", long, at(1, 204, 208), 60},
		{"long, end", long, at(1, 404, 408), 60},
		{"long, behind the end", long, at(1, 500, 501), 60},
		{"long, much marked", long, at(1, 4, 408), 60},
		{"long, no terminal", long, at(1, 204, 208), 0},
		{"long and wide", wide, at(1, 124, 126), 61},
		{"very long", strings.Repeat(`{"token": "abc", "名": null}, `, 1000) + "HERE, " + strings.Repeat("x", 1000), at(1, 29001, 29005), 80},
		{"very long, behind a secret", `{"token": "` + strings.Repeat("x", 5000) + `", "a": b}`, at(1, 5020, 5021), 80},
		{"very long, all secret", "password: " + strings.Repeat("x", 5000), at(1, 11, 5011), 80},
		{"very narrow", "      abcdefghijklmnopqrstuvwxyz: b", at(1, 34, 35), 10},
	}
	var b strings.Builder
	for _, test := range tests {
		r := &lint.Report{
			Findings: []lint.Finding{{Rule: plain, Severity: lint.Error, Args: map[string]any{"text": test.name}, File: "f", Range: test.at}},
			Sources:  map[string][]byte{"f": []byte(test.text)},
		}
		got := written(t, text{}, r, Options{Width: test.width})
		got, _, _ = strings.Cut(got, "\n\n")
		b.WriteString(got + "\n\n")
		for line := range strings.Lines(got) {
			if n := columns(strings.TrimSuffix(line, "\n")); test.width > 40 && n > test.width {
				t.Errorf("%s: %d columns: %s", test.name, n, line)
			}
		}
	}
	golden(t, "frames", b.String())
}

func TestHeadline_shows(t *testing.T) {
	f := lint.Finding{Rule: plain, Severity: lint.Error, Args: map[string]any{"text": "a\x1b]0;x\x07\u202eb\nc"}, File: "a\x1b[2Jb.yaml"}
	f.Range = lint.Range{Line: 1, Column: 1}
	got := written(t, text{}, &lint.Report{Findings: []lint.Finding{f}}, Options{Quiet: true})
	if want := `a\x1b[2Jb.yaml:1:1: error: a\x1b]0;x\x07\u202eb\nc [some-rule]` + "\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text                  string
		behind, indent, width int
		want                  string
	}{
		{"as long as it is", 0, 0, 0, "as long as it is"},
		{"aa bb cc", 0, 2, 5, "aa bb\n  cc"},
		{"aa bb  cc", 3, 2, 9, "aa bb\n  cc"},
		{"aa  bb", 0, 0, 9, "aa  bb"},
		{" aa bb", 4, 2, 6, "\n  aa\n  bb"},
		{"a/very/long/path b", 0, 2, 8, "a/very/long/path\n  b"},
		{"中文没有空格", 0, 0, 4, "中文\n没有\n空格"},
		{"中文没，有", 0, 0, 6, "中文\n没，有"},
		{"中（文没）有", 0, 0, 6, "中（文\n没）有"},
		{"中（文）有", 0, 0, 4, "中\n（文）\n有"},
		{"把etcd改为3个。", 0, 0, 6, "把etcd\n改为3\n个。"},
		{"etcd 有 2 个", 0, 0, 7, "etcd 有\n2 个"},
		{"", 3, 2, 4, ""},
	} {
		if got := wrap(test.text, test.behind, test.indent, test.width); got != test.want {
			t.Errorf("%q in %d: got %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

// FuzzText looks for panics and for control characters that reach the terminal, in every format.
func FuzzText(f *testing.F) {
	f.Add("a:\n  password: 'x\n\ty'\n- {token: [\"\\\"", 2, 3, 9, 60)
	f.Add(config, 7, 90, 100, 40)
	f.Add("\x1b[31m]]>::error::%0A{{</style>\u202e\x00\xff](http://x)", 1, 1, 3, 80)
	f.Fuzz(func(t *testing.T, source string, line, from, to, width int) {
		r := &lint.Report{
			Findings: []lint.Finding{{
				Rule: plain, Severity: lint.Error, File: source, Args: map[string]any{"text": source}, Path: lint.Path{source, 1},
				Range: lint.Range{Line: line, Column: from, EndLine: line, EndColumn: to},
			}},
			Failures: []lint.Failure{{File: source, Range: lint.Range{Line: to, Column: from}, Reason: source}},
			Sources:  map[string][]byte{source: []byte(source)},
		}
		for name, w := range Formats {
			got := written(t, w, r, Options{Width: width % 300})
			if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }) {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}
