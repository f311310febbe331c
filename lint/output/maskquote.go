package output

import "strings"

// ender finds the end of a value that quotes or brackets hold together over several lines.
type ender struct {
	depth int
	quote string
	plain bool // a value without quotes, in brackets that were opened before it
}

// is tells whether a value is open.
func (e *ender) is() bool { return e.depth > 0 || e.quote != "" || e.plain }

// run gives the byte behind the end of the value, or the end of the line while it stays open.
func (e *ender) run(text string, at int) int {
	if e.plain {
		at, e.plain = entryEnd(text, at)
		return at
	}
	for first := true; at < len(text) && (first || e.is()); first = false {
		if e.quote != "" {
			end := closingQuote(text, at, e.quote)
			if end < 0 {
				return len(text)
			}
			at, e.quote = end, ""
			continue
		}
		switch text[at] {
		case '{', '[':
			e.depth++
		case '}', ']':
			e.depth--
		case '"', '\'', '\\':
			if quote := quoteOf(text[at:]); quote != "" && opensValue(text, at, true) {
				e.quote = quote
				at += len(quote) - 1
			}
		}
		at++
	}
	return at
}

// quoteOf gives the quote, escaped or not, that a text begins with.
func quoteOf(text string) string {
	n := leading(text, "\\")
	if n < len(text) && (text[n] == '"' || text[n] == '\'') {
		return text[:n+1]
	}
	return ""
}

// leading counts the bytes in front of a text that are among some.
func leading(text, some string) int { return len(text) - len(strings.TrimLeft(text, some)) }

// opensValue tells a quote from an apostrophe, and a bracket from a letter of a word: it begins a value, or a line in a string.
func opensValue(text string, at int, inBrackets bool) bool {
	before := strings.TrimRight(text[max(0, at-keyLimit):at], " \t")
	for { // tags and anchors
		word := before[strings.LastIndexAny(before, " \t")+1:]
		if word == "" || word[0] != '!' && word[0] != '&' {
			break
		}
		before = strings.TrimRight(before[:len(before)-len(word)], " \t")
	}
	if before == "" || strings.HasSuffix(before, `\n`) || strings.HasSuffix(before, `":`) || strings.HasSuffix(before, `':`) {
		return true
	}
	spaced := at > 0 && (text[at-1] == ' ' || text[at-1] == '\t')
	switch before[len(before)-1] {
	case '{', '[', ',':
		return inBrackets
	case '-', '?':
		return spaced && strings.Trim(before, " \t-?") == ""
	case ':':
		return spaced
	}
	return len(before) > 1 && before[len(before)-1] == '=' && isLetter(before[len(before)-2])
}

// closingQuote gives the byte behind the quote that closes what begins at a byte; the quote may be escaped itself, as in JSON
// within a string. -1 when it is not there.
func closingQuote(text string, start int, quote string) int {
	letter := quote[len(quote)-1]
	for i := start; i < len(text); i++ {
		if text[i] != letter {
			continue
		}
		escapes := 0
		for i-escapes > start && text[i-escapes-1] == '\\' {
			escapes++
		}
		switch {
		case quote == "'" && i+1 < len(text) && text[i+1] == '\'':
			i++
		case quote == "'", len(quote) == 1 && escapes%2 == 0, len(quote) > 1 && escapes == len(quote)-1:
			return i + 1
		}
	}
	return -1
}
