package document

import (
	"bytes"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// unreadable says why the bytes of a page are no text, nil when they are.
func unreadable(p *page) *lint.Problem {
	if bytes.HasPrefix(p.data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(p.data, []byte{0xFE, 0xFF}) {
		return &lint.Problem{Kind: lint.NotUTF8, Range: p.span(0, 1), Reason: "expected UTF-8"}
	}
	if bytes.IndexByte(p.data, 0) >= 0 {
		return &lint.Problem{Kind: lint.Binary, Range: p.whole, Reason: "binary data"}
	}
	if utf8.Valid(p.data) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(p.data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	reason := "expected UTF-8"
	if looksLikeGBK(p.data) {
		reason = "expected UTF-8, this looks like GBK"
	}
	return &lint.Problem{Kind: lint.NotUTF8, Range: p.span(at, at+1), Reason: reason}
}

// looksLikeGBK tells whether all bytes beyond ASCII pair up as GBK has them, most of them to common characters.
func looksLikeGBK(data []byte) bool {
	pairs, common := 0, 0
	for i := 0; i < len(data); i++ {
		lead := data[i]
		if lead < 0x80 {
			continue
		}
		if i++; i == len(data) {
			return false
		}
		trail := data[i]
		if lead == 0x80 || lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF {
			return false
		}
		pairs++
		// GB 2312: punctuation and full-width forms, and the 6,763 characters of everyday use.
		if trail >= 0xA1 && (lead >= 0xA1 && lead <= 0xA3 || lead >= 0xB0 && lead <= 0xF7) {
			common++
		}
	}
	return common*2 > pairs
}
