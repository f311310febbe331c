package document

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestUnescaped_asEncodingJSON(t *testing.T) {
	for _, text := range []string{
		``, `plain`, `\"\\\/\b\f\n\r\t`, `\u003c\u003C\u00e9\u4e2d`, `a\u0000b`, `中\u6587`, `\ud83d\ude00`, `\uD83D\uDE00!`,
		`\ud83d`, `\ude00`, `\ud83d\u0041`, `\ud83d\ud83d\ude00`, `\ud83dabcdefgh`, `\ud83d\n`, `\ud83d\\u0041`, `\ufffd\ud800\udfff`, `end\\`,
	} {
		var want string
		if err := json.Unmarshal([]byte(`"`+text+`"`), &want); err != nil {
			t.Fatal(text, err)
		}
		if got := unescaped([]byte(text)); got != want {
			t.Errorf("%s: got %q, expected %q", text, got, want)
		}
	}
}

func FuzzUnescaped(f *testing.F) {
	f.Add(`\u003c\ud83d\ude00`)
	f.Fuzz(func(t *testing.T, text string) {
		quoted := []byte(`"` + text + `"`)
		var want string
		if !utf8.ValidString(text) || json.Unmarshal(quoted, &want) != nil {
			t.Skip() // such a text is refused before
		}
		if got := unescaped([]byte(text)); got != want {
			t.Errorf("%s: got %q, expected %q", text, got, want)
		}
	})
}
