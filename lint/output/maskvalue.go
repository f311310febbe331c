package output

import (
	"regexp"
	"strings"
)

// scan finds the secret values of a line from a byte on; named says that the value of a key "value" is one.
func (w *walker) scan(text string, start int, named bool) []span {
	var spans []span
	var c context
	if rest := strings.TrimLeft(text, " \t"); start > contentStart(text, 0) || rest != "" && strings.IndexByte("}],", rest[0]) >= 0 {
		c.depth = 1 // the line goes on in brackets
	}
	for i, first := start, true; i < len(text); i++ {
		c.step(text, i)
		k, ok := keyAt(text, start, i)
		if !ok {
			continue
		}
		if c.depth > 0 && !c.quoted(i) {
			k = k.widened(text, max(start, c.entry), i)
		} else if first && !c.quoted(i) {
			k = k.widened(text, start, i)
			k.first = k.start == contentStart(text, start)
		}
		sure := !k.tight && !k.assign && (k.first || c.depth > 0 || !k.quoted) // that YAML sees a key here
		first = first && !sure
		if k.text == "" && k.first {
			k.text = w.asked
		}
		if k.first {
			w.asked = ""
		}
		if !w.isSecret(k, named) {
			continue
		}
		found := w.secretValue(text, k, c)
		spans = append(spans, found...)
		if len(found) > 0 && sure {
			i = max(i, found[len(found)-1].to-1)
		}
	}
	if content := strings.TrimLeft(text, " \t-"); strings.HasPrefix(content, "? ") {
		w.asked = strings.Trim(content[2:], " \t\"'")
	}
	return spans
}

func (w *walker) isSecret(k key, named bool) bool {
	return namesSecret(k.text) || named && k.text == "value" ||
		w.secretData && (strings.EqualFold(k.text, "data") || strings.EqualFold(k.text, "stringData"))
}

var (
	properties  = regexp.MustCompile(`^(?:[!&]\S*(?:\s+|$))+`)
	blockHeader = regexp.MustCompile(`^[|>][-+0-9]*\s*(?:#.*)?$`)
	nextEntry   = regexp.MustCompile(`^\s*(?:$|[{\["'\\]|[\w./-]+\s*:)`)
)

// secretValue gives the part of a line that the value of a key takes, without its quotes, and remembers what goes on below.
func (w *walker) secretValue(text string, k key, c context) []span {
	v := value{key: k, at: k.end, end: len(text), quoted: c.quoted(max(0, k.end-1))}
	if v.quoted {
		v.end = c.quoteEnd
	}
	v.at = max(k.end, min(v.end, k.end+leading(text[k.end:], " \t")))
	v.opens = !v.quoted && (k.first || k.quoted || c.depth > 0)
	v.bare = text[v.at:v.end]
	if strings.HasPrefix(v.bare, "!") || strings.HasPrefix(v.bare, "&") {
		v.bare = v.bare[len(properties.FindString(v.bare)):]
	}
	block := k.first && !k.assign && c.depth == 0 && !v.quoted
	comment := strings.HasPrefix(v.bare, "#") && !k.assign
	switch quote := quoteOf(v.bare); {
	case v.bare == "", comment, blockHeader.MatchString(v.bare):
		w.pending = comment || v.bare == ""
		if block {
			w.regions = append(w.regions, region{k.column(text), !comment && v.bare != ""})
		}
		if comment || v.bare == "" {
			return []span{{v.at, v.end}}
		}
		return nil
	case quote != "" && (!v.quoted || !strings.HasPrefix(v.bare, "''")): // that would be a quote within quotes
		return w.quotedValue(text, v, quote)
	case strings.IndexByte("{[", v.bare[0]) >= 0 && !strings.HasPrefix(v.bare, "{{"):
		return w.flowValue(text, v)
	}
	if block {
		w.regions = append(w.regions, region{k.column(text), true})
	}
	return w.plainValue(text, v, c.depth)
}

// value is what stands behind a key: at most until end, where the line or the quotes around both end.
type value struct {
	key
	at, end int
	bare    string // without tag and anchor
	quoted  bool   // key and value stand within quotes together
	opens   bool   // it may go on in the next line
}

// from is where the value begins behind its tag and anchor.
func (v value) from() int { return v.end - len(v.bare) }

func (w *walker) quotedValue(text string, v value, quote string) []span {
	inner := v.from() + len(quote)
	end := closingQuote(text[:v.end], inner, quote)
	if end < 0 {
		if v.opens {
			w.open = ender{quote: quote}
		}
		return []span{{inner, v.end}}
	}
	stop := end - len(quote)
	if glued := until(text[end:v.end], " \t,}])#;\\\"'"); glued > 0 {
		return []span{{v.from(), end + glued}}
	}
	if word := text[inner:stop]; word == "" || word == "true" || word == "false" || isAbout(v.text, word) {
		return nil
	}
	return []span{{inner, stop}}
}

func (w *walker) flowValue(text string, v value) []span {
	var e ender
	end := e.run(text[:v.end], v.from())
	if e.is() && v.opens {
		w.open = e
	}
	if strings.Trim(text[v.from():end], "{}[] \t") == "" && !e.is() {
		return nil
	}
	if rest := strings.TrimLeft(text[end:v.end], " \t"); rest != "" && strings.IndexByte(",}]#\\\"'", rest[0]) < 0 {
		end = v.end
	}
	return []span{{v.at, end}}
}

// plainValue hides a value without quotes, unless it is nothing, a boolean, or about the secret only.
func (w *walker) plainValue(text string, v value, depth int) []span {
	end := v.end
	switch {
	case v.quoted:
	case v.assign && !v.first:
		end = v.at + until(text[v.at:v.end], " \t")
	case depth > 0:
		var open bool
		if end, open = entryEnd(text, v.at); open && v.opens {
			w.open = ender{plain: true}
		}
	}
	end = v.at + len(strings.TrimRight(text[v.at:end], " \t"))
	word, _, _ := strings.Cut(text[v.at:end], " #")
	word = strings.TrimRight(word, " \t,}]")
	if harmless[strings.ToLower(word)] || isAbout(v.text, word) {
		return nil
	}
	return []span{{v.at, end}}
}

// until counts the bytes in front of the first that is among some.
func until(text, some string) int {
	if i := strings.IndexAny(text, some); i >= 0 {
		return i
	}
	return len(text)
}

var harmless = map[string]bool{"": true, "~": true, "null": true, "true": true, "false": true}

// entryEnd gives the end of a plain value in brackets. A comma only ends it where another entry seems to follow: passwords may
// hold commas.
func entryEnd(text string, at int) (end int, open bool) {
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '}', ']':
			return i, false
		case ',':
			if nextEntry.MatchString(text[i+1:]) {
				return i, false
			}
		}
	}
	return len(text), true
}
