package output

import "strings"

// key is what stands in front of a ":" or "=".
type key struct {
	text       string
	start, end int  // the first byte of the key, and the first behind its separator
	first      bool // nothing but signs of lists stands in front of it on its line
	quoted     bool
	assign     bool // "=": an argument, a variable of an environment, TOML
	tight      bool // no space follows the colon, so that YAML sees no key
}

// How long a key may be.
const keyLimit = 256

// column is where the key stands, to compare with the indentation of lines; for what has no key, that of its own line.
func (k key) column(text string) int {
	if k.start == k.end {
		return columnOf(text)
	}
	return k.start + 7*strings.Count(text[:k.start], "\t")
}

// keyAt reads the key in front of a separator at a byte; ok is false where there is none.
func keyAt(text string, start, at int) (k key, ok bool) {
	size := separator(text, at)
	if size == 0 {
		return key{}, false
	}
	floor := max(start, at-keyLimit)
	k = key{end: at + size, assign: text[at] == '='}
	stop := floor + len(strings.TrimRight(text[floor:at], " \t"))
	if k.text, k.start, k.quoted = quotedKey(text, floor, stop); !k.quoted {
		k.start = plainKey(text, floor, stop, k.assign)
		k.text = text[k.start:stop]
	}
	k.first = k.start == contentStart(text, start)
	spaced := k.end == len(text) || text[k.end] == ' ' || text[k.end] == '\t' || text[k.end] == '\\' || size > 1
	k.tight = !k.assign && !k.quoted && !spaced
	return k, !k.tight || namesPassword(k.text)
}

// widened takes all for the key that stands between a place and the separator, whatever signs are in it.
func (k key) widened(text string, from, at int) key {
	if from = contentStart(text, from); !k.assign && k.start != from && at > from {
		k.start = from
		k.text = strings.TrimRight(text[max(from, at-keyLimit):at], " \t")
	}
	return k
}

// separator gives the length of a separator at a byte, 0 when there is none. Comments in Chinese have a wide colon.
func separator(text string, at int) int {
	switch {
	case text[at] == ':', text[at] == '=':
		return 1
	case strings.HasPrefix(text[at:], "："):
		return len("：")
	}
	return 0
}

// quotedKey reads back from a closing quote, which may be escaped, to its like.
func quotedKey(text string, floor, stop int) (name string, start int, ok bool) {
	if stop == floor || text[stop-1] != '"' && text[stop-1] != '\'' {
		return "", 0, false
	}
	inner := stop - 1
	for inner > floor && text[inner-1] == '\\' {
		inner--
	}
	from := strings.LastIndexByte(text[floor:inner], text[stop-1])
	if from < 0 {
		return "", 0, false
	}
	from += floor + 1
	return text[from:inner], max(floor, from-(stop-inner)), true
}

// plainKey gives the start of a key without quotes. A key of YAML may hold spaces, a name that is assigned to may not.
func plainKey(text string, floor, stop int, assign bool) int {
	from := stop
	for from > floor {
		c := text[from-1]
		if (c == '\'' || c == '"') && from-1 > floor && from < stop && isLetter(text[from-2]) && isLetter(text[from]) {
			from-- // an apostrophe, no quote
			continue
		}
		if strings.IndexByte("{[(,\"'#;&?", c) >= 0 || c == '\\' && from < stop && strings.IndexByte("nrt", text[from]) >= 0 || assign && (c == ' ' || c == '\t') ||
			from < stop && c == ':' && text[from] == ' ' || strings.HasSuffix(text[:from], "：") {
			break
		}
		from--
	}
	if from > floor && from < stop && text[from-1] == '\\' && strings.IndexByte("nrt", text[from]) >= 0 {
		from++ // a line within a string
	}
	return min(stop, contentStart(text, from))
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// firstKey reads the key that a line begins with.
func firstKey(text string, start int) (key, bool) {
	var c context
	for i := start; i < len(text); i++ {
		c.step(text, i)
		if text[i] != ':' || c.quoted(i) {
			continue
		}
		if k, ok := keyAt(text, start, i); ok && k.first {
			return k, true
		}
	}
	return key{}, false
}

// context is where a byte of a line stands: in how many brackets, in which quotes.
type context struct {
	depth    int
	quoteEnd int // the closing quote, or the end of the line where there is none
	entry    int // where the entry of a mapping or list in brackets begins
}

func (c *context) quoted(at int) bool { return at < c.quoteEnd }

func (c *context) step(text string, at int) {
	if c.quoted(at) {
		return
	}
	switch text[at] {
	case '{', '[':
		if c.depth > 0 || opensValue(text, at, c.depth > 0) {
			c.depth++
			c.entry = at + 1
		}
	case '}', ']':
		c.depth = max(0, c.depth-1)
	case ',':
		if c.depth > 0 {
			c.entry = at + 1
		}
	case '"', '\'':
		if !opensValue(text, at, c.depth > 0) {
			return
		}
		if end := closingQuote(text, at+1, text[at:at+1]); end > 0 {
			c.quoteEnd = end - 1
		} else {
			c.quoteEnd = len(text)
		}
	}
}
