package document

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// short are the escapes of one character.
var short = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescaped is what a valid JSON string says, given without its quotes: as encoding/json reads it, but without a copy of the size of
// the escaped text, which may be six times as long.
func unescaped(text []byte) string {
	said := make([]byte, 0, len(text)-len(text)/2)
	for {
		next := bytes.IndexByte(text, '\\')
		if next < 0 {
			return string(append(said, text...))
		}
		said = append(said, text[:next]...)
		escape := text[next+1]
		text = text[next+2:]
		if escape != 'u' {
			said = append(said, short[escape])
			continue
		}
		r := hex4(text)
		text = text[4:]
		if utf16.IsSurrogate(r) {
			both := utf8.RuneError
			if len(text) >= 6 && text[0] == '\\' && text[1] == 'u' {
				both = utf16.DecodeRune(r, hex4(text[2:]))
			}
			if r = both; r != utf8.RuneError {
				text = text[6:]
			}
		}
		said = utf8.AppendRune(said, r)
	}
}

func hex4(text []byte) rune {
	var r rune
	for _, c := range text[:4] {
		digit := rune(c&^' ') - 'A' + 10 // of a letter of either case
		if c <= '9' {
			digit = rune(c - '0')
		}
		r = r<<4 | digit
	}
	return r
}
