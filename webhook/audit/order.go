package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ranks are the outcomes from the gravest on, for what a report has room for.
var ranks = map[string]int{outcomeFail: 0, outcomeError: 1, outcomeWarn: 2, outcomeSkip: 3}

// compare orders results, the gravest first, and no two different ones are equal: a report is the same for the same results.
func compare(a, b *reportResult) int {
	of := func(r *reportResult) reference {
		if len(r.Resources) == 0 {
			return reference{}
		}
		return r.Resources[0]
	}
	x, y := of(a), of(b)
	return cmp.Or(
		cmp.Compare(b.Properties[slippedIn], a.Properties[slippedIn]), cmp.Compare(ranks[a.Result], ranks[b.Result]),
		cmp.Compare(a.Policy, b.Policy), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.APIVersion, y.APIVersion), cmp.Compare(x.Name, y.Name),
		cmp.Compare(a.Properties["path"], b.Properties["path"]), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message),
	)
}

// size is about how many bytes the result takes in a report.
func (r *reportResult) size() int {
	n := 400 + len(r.Message) + len(r.Policy) + len(r.Rule)
	for _, x := range r.Resources {
		n += len(x.Namespace) + len(x.Name) + len(x.UID)
	}
	for _, v := range r.Properties {
		n += len(v)
	}
	return n
}

// leftOut is the note in the place of what a report has no room for.
func leftOut(n int) reportResult {
	return reportResult{
		Source: source, Policy: source, Result: outcomeSkip, Severity: "info",
		Message: fmt.Sprintf("%d more results are left out; the summary counts them", n),
	}
}

// digest is the same for the same content.
func (c *reportContent) digest() [sha256.Size]byte {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it consists of strings and numbers
	}
	return sha256.Sum256(text)
}

func cut(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxText {
		return text
	}
	end := maxText - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
