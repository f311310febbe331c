package output

import (
	"regexp"
	"strings"
)

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
)

var pemHeader = regexp.MustCompile(`^\s*(?:Proc-Type|DEK-Info|Comment|Subject): `)

// pemBody hides what stands between the first and the last line of a certificate or a key, also where it is all on one line.
func (w *walker) pemBody(text string) []span {
	from := contentStart(text, 0)
	switch i := strings.Index(text, pemBegin); {
	case i >= 0:
		from = i + len(pemBegin)
		if j := strings.Index(text[from:], "-----"); j >= 0 {
			from += j + len("-----")
		}
		w.pem = true
	case w.pem && strings.Contains(text, ": ") && !pemHeader.MatchString(text):
		w.pem = false
	}
	if !w.pem {
		return nil
	}
	to := len(text)
	if i := strings.Index(text[from:], pemEnd); i >= 0 {
		to, w.pem = from+i, false
	}
	return []span{{from, to}}
}
