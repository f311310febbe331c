package verdict

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
)

// Limits of what is said, beside those of package admission.
const (
	maxLine    = 2 << 10 // bytes of a denial's line
	maxAudited = 1 << 10 // bytes of an audit annotation
)

// own is what stands in a rule's place where the webhook itself speaks.
const own = "kslint"

// passed is the answer to a request that was not looked at.
func (p *plan) passed(why string) admission.Answer {
	return admission.Answer{Allowed: true, Audit: map[string]string{"decision": "skip: " + why, "policy-digest": p.Digest}}
}

// broken is the answer where the review itself broke off; p is nil where there is not even a snapshot.
func (p *plan) broken(entry string) admission.Answer {
	if p == nil {
		p = &plan{Snapshot: &snapshot.Snapshot{}, words: english}
	}
	one := item{severity: lint.Error, action: onError(p.Config, "", lint.Error), failed: internal}
	return p.answer(judgement{one}, p.most(entry))
}

// answer makes the answer of what was found, doing nothing stricter than most.
func (p *plan) answer(j judgement, most lint.Action) admission.Answer {
	verdict := j.strictest(most)
	a := admission.Answer{Allowed: verdict != lint.Deny, Warnings: p.warnings(j, most), Audit: p.audit(j, most)}
	if !a.Allowed {
		a.Code, a.Message = http.StatusForbidden, p.denial(j)
	}
	return a
}

// denial is one line for each reason to refuse a request.
func (p *plan) denial(j judgement) string {
	var b strings.Builder
	const room = admission.MaxMessage - 64 // for the last line
	left := 0
	for i := range j {
		if j[i].action != lint.Deny {
			continue
		}
		line := cutBytes(p.line(&j[i]), maxLine)
		if left > 0 || b.Len()+len(line)+1 > room {
			left++
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	if left > 0 {
		b.WriteString("\n" + fmt.Sprintf(p.words.more, left))
	}
	return b.String()
}

// warnings are the gravest ones; each begins with its rule, and the last one says how many there are beside them.
func (p *plan) warnings(j judgement, most lint.Action) []string {
	var said []*item
	all := 0
	for i := range j {
		if min(j[i].action, most) != lint.Warn {
			continue
		}
		if all++; len(said) < admission.MaxWarnings {
			said = append(said, &j[i])
		}
	}
	lines := make([]string, len(said))
	for i, one := range said {
		more := ""
		if i == len(said)-1 && all > len(said) {
			more = " (" + fmt.Sprintf(p.words.more, all-len(said)) + ")"
		}
		lines[i] = cutRunes(p.line(one), admission.MaxWarningRunes-utf8.RuneCountInString(more)) + more
	}
	return lines
}

// line is one item in words: rule path: message (fix: remediation).
func (p *plan) line(i *item) string {
	rule := i.rule
	if rule == "" {
		rule = own
	}
	if i.failed != none {
		return rule + ": " + p.words.failures[i.failed]
	}
	said := i.found.Words(p.words.lang)
	line := rule
	if i.path != "" {
		line += " " + i.path
	}
	line += ": "
	if i.tolerated {
		line += p.words.tolerated
	}
	line += said.Message
	if said.Remediation != "" {
		line += fmt.Sprintf(p.words.fix, said.Remediation)
	}
	return plain(line)
}

// audit is what the API server's audit log keeps.
func (p *plan) audit(j judgement, most lint.Action) map[string]string {
	decision := j.strictest(most)
	audit := map[string]string{"decision": decision.String(), "policy-digest": p.Digest}
	if decision == lint.Off {
		audit["decision"] = "allow"
	}
	var rules []string
	for _, i := range j {
		word := min(i.action, most).String()
		switch {
		case i.exempt:
			word = "exempt"
		case i.tolerated:
			word = "tolerated"
		case i.action > most:
			word += " instead of " + i.action.String()
		}
		if i.failed != none {
			word += " on error"
		}
		name := i.rule
		if name == "" {
			name = own
		}
		rules = append(rules, name+": "+word)
	}
	if slices.Sort(rules); len(rules) > 0 {
		audit["rules"] = cutBytes(strings.Join(slices.Compact(rules), ", "), maxAudited)
	}
	return audit
}

// plain keeps a line one line, and free of what a terminal or an HTTP header would not take as text: the API server drops a
// warning that holds a control character.
func plain(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(line, "\uFFFD"))
}

func cutRunes(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

func cutBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
