package document

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// armor writes a PEM block around some base64.
func armor(name, base64 string) string {
	return "-----BEGIN " + name + "-----\n" + base64 + "\n-----END " + name + "-----\n"
}

// blockLines writes blocks short: type, DER, place.
func blockLines(blocks []lint.Block) string {
	var all []string
	for _, b := range blocks {
		line := fmt.Sprintf("%s %x %d:%d", b.Type, b.DER, b.Range.Line, b.Range.Column)
		if b.Encrypted {
			line += " encrypted"
		}
		all = append(all, line)
	}
	return strings.Join(all, "|")
}

func TestPEM_blocks(t *testing.T) {
	one, two := armor("CERTIFICATE", "AAEC"), armor("EC PRIVATE KEY", "AwQF")
	tests := []struct{ name, text, want string }{
		{"several", one + two + one, "CERTIFICATE 000102 1:1|EC PRIVATE KEY 030405 4:1|CERTIFICATE 000102 7:1"},
		{"no line break at the end", strings.TrimSpace(one), "CERTIFICATE 000102 1:1"},
		{"text around", "Bag Attributes\n  x: y\n" + one + "\n# c\n" + two + "bye", "CERTIFICATE 000102 3:1|EC PRIVATE KEY 030405 8:1"},
		{"carriage returns", strings.ReplaceAll(one+two, "\n", "\r\n"), "CERTIFICATE 000102 1:1|EC PRIVATE KEY 030405 4:1"},
		{"byte order mark", "\uFEFF" + one, "CERTIFICATE 000102 1:1"},
		{"blanks in front", "\n \t\n" + strings.ReplaceAll(one, "\n", " \n  ") + "\n\t" + two, "CERTIFICATE 000102 3:1|EC PRIVATE KEY 030405 7:2"},
		{"base64 over lines", armor("CERTIFICATE", "AA\nEC\n\nAwQF"), "CERTIFICATE 000102030405 1:1"},
		{"parameters in front of a key", armor("EC PARAMETERS", "BgUr") + two, "EC PARAMETERS 06052b 1:1|EC PRIVATE KEY 030405 4:1"},
		{"broken base64", armor("CERTIFICATE", "A*EC") + one, "CERTIFICATE  1:1|CERTIFICATE 000102 4:1"},
		{"broken base64 at last", one + armor("CERTIFICATE", "AAE"), "CERTIFICATE 000102 1:1|CERTIFICATE  4:1"},
		{"nothing inside", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + one, "CERTIFICATE  1:1|CERTIFICATE 000102 3:1"},
		{"never closed", one + "-----BEGIN CERTIFICATE-----\nAAEC\n", "CERTIFICATE 000102 1:1|CERTIFICATE  4:1"},
		{"cut off, then whole", "-----BEGIN CERTIFICATE-----\nAAEC\n" + one, "CERTIFICATE  1:1|CERTIFICATE 000102 3:1"},
		{"closed as another type", "-----BEGIN CERTIFICATE-----\nAAEC\n-----END X509 CRL-----\n" + one, "CERTIFICATE  1:1|CERTIFICATE 000102 4:1"},
		{"an end without a beginning", one + "-----END CERTIFICATE-----\n" + two, "CERTIFICATE 000102 1:1|EC PRIVATE KEY 030405 5:1"},
		{"text behind the end", one + "x", "CERTIFICATE 000102 1:1"},
		{"text on the line of the end", "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE----- x\n" + two, "CERTIFICATE  1:1|EC PRIVATE KEY 030405 4:1"},
		{"a line that begins nothing", "-----BEGIN \n-----BEGIN X----\n-----BEGIN " + strings.Repeat("X", 99) + "-----\n" + one, "CERTIFICATE 000102 4:1"},
		{"passphrase in headers", armor("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAEC"), "RSA PRIVATE KEY 000102 1:1 encrypted"},
		{"passphrase in PKCS 8", armor("ENCRYPTED PRIVATE KEY", "AAEC"), "ENCRYPTED PRIVATE KEY 000102 1:1 encrypted"},
		{"bytes of any encoding", "Subject: \xe9\x00\n" + one, "CERTIFICATE 000102 2:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := decodeNamed(t, "a.pem", test.text)
			if got := blockLines(d.Blocks); got != test.want || d.Problem != nil {
				t.Errorf("blocks of %q are\n%s\nwant\n%s\nproblem: %+v", test.text, got, test.want, d.Problem)
			}
			for i, b := range d.Blocks {
				if b.Path.String() != fmt.Sprintf("blocks[%d]", i) || b.Number != i || d.Locate(b.Path) != b.Range {
					t.Errorf("block %d is %+v", i, b)
				}
			}
		})
	}
}

// TestPEM_value holds that a rule learns what blocks there are, and nothing of what is in them, not even how much it is.
func TestPEM_value(t *testing.T) {
	d := decodeNamed(t, "a.key", "# c\n"+armor("PRIVATE KEY", "AAEC")+armor("CERTIFICATE", "A*"))
	want := `{"blocks": [{"line": 2, "type": "PRIVATE KEY"}, {"line": 5, "type": "CERTIFICATE"}]}`
	if got := d.Value.String(); got != want || d.Format != lint.PEM || d.Written != nil {
		t.Errorf("value is %s, want %s", got, want)
	}
	first, second := lint.Range{Line: 2, Column: 1, EndLine: 2, EndColumn: 28}, lint.Range{Line: 5, Column: 1, EndLine: 5, EndColumn: 28}
	for _, test := range []struct {
		path lint.Path
		want lint.Range
	}{{nil, first}, {lint.Path{"blocks"}, first}, {lint.Path{"blocks", 1, "type"}, second}, {lint.Path{"blocks", 2}, first}} {
		if got := d.Locate(test.path); got != test.want {
			t.Errorf("%s is at %+v, want %+v", test.path, got, test.want)
		}
	}
}

func TestPEM_tooMany(t *testing.T) {
	d := decodeNamed(t, "a.pem", strings.Repeat("-----BEGIN X-----\n", maxBlocks+5))
	if d.Problem == nil || d.Problem.Kind != lint.TooLarge || d.Value != nil || d.Problem.Range.Line != maxBlocks+1 {
		t.Errorf("document is %+v", d)
	}
}

// TestPEM_hostile measures texts whose blocks cannot be told apart at a glance.
func TestPEM_hostile(t *testing.T) {
	const mega = 1 << 20
	secret := func(text string) string {
		return "apiVersion: v1\nkind: Secret\nstringData:\n  a: |\n    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
	}
	begins, lines := strings.Repeat("-----BEGIN X-----\n", mega/3), strings.Repeat("AAAA\n", mega)
	for name, text := range map[string]string{
		"begins without ends":    "\n-----BEGIN Y-----\n" + begins,
		"begins with one end":    begins + "-----END X-----\n",
		"ends without begins":    "-----BEGIN X-----\n" + strings.Repeat("-----END Y-----\n", mega/3),
		"one long block":         armor("X", lines),
		"one long line":          armor("X", strings.Repeat("AAAA", mega)),
		"blocks in turn":         strings.Repeat(armor("X", "AAAA"), mega/8),
		"many headers":           armor("X", strings.Repeat("a: b\n", mega)),
		"marks on one line":      "-----BEGIN X-----" + strings.Repeat("-----BEGIN X-----", mega/3),
		"begins in a Secret":     secret(begins[:len(begins)/4]),
		"long block in a Secret": secret(armor("X", lines[:len(lines)/4])),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			Decode(&lint.Source{Name: "a", Data: []byte(text)})
			took := time.Since(start)
			t.Logf("%d KB took %s", len(text)>>10, took)
			if took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func FuzzDecodePEM(f *testing.F) {
	for _, seed := range []string{
		armor("CERTIFICATE", "AAEC"), armor("X", "A*") + armor("Y", "a: b\n\nAAEC"), "\uFEFF \n" + armor("CERTIFICATE", "AAEC"),
		"-----BEGIN X-----\r\n-----BEGIN X-----\nAAAA\n-----END X-----", "-----BEGIN -----\n-----END -----", "-----BEGIN X-----\n# kslint:ignore a -- b",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		for _, d := range Decode(&lint.Source{Name: "fuzz.pem", Data: data}) {
			if (d.Value == nil) != (d.Problem != nil) {
				t.Fatalf("document of %q: %+v", data, d)
			}
			if d.Problem == nil {
				exercise(t, d)
			}
			known(t, data, d.Blocks)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("took %s", took)
		}
	})
}

// known holds that every block that encoding/pem finds was found, in the same order.
func known(t *testing.T, data []byte, found []lint.Block) {
	t.Helper()
	next := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if !pemType.MatchString(block.Type) || len(block.Bytes) == 0 {
			continue
		}
		for next < len(found) && (found[next].Type != block.Type || !bytes.Equal(found[next].DER, block.Bytes)) {
			next++
		}
		if next == len(found) {
			t.Fatalf("the %s %x of %q was not found: %+v", block.Type, block.Bytes, data, found)
		}
		next++
	}
}
