package output

import "strings"

// secretMark is what stands in a frame for a password, a token, a key or a value of a Secret. Its length says nothing.
const secretMark = "***"

// mask finds what must not be shown of the lines of a file. It does not parse, because broken files are shown too, and rather
// hides too much: whatever stands behind a key that names a secret, on its line or further below.
func mask(lines []string) [][]span {
	spans := make([][]span, len(lines))
	var code, comments walker
	for i, text := range lines {
		if i == 0 || isSeparator(text) {
			holds := holdsSecret(document(lines[i:]))
			code, comments = walker{secretData: holds}, walker{secretData: holds}
		}
		named := namedValue(lines, i)
		if !strings.HasPrefix(strings.TrimLeft(text, " \t"), "#") {
			comments = walker{secretData: code.secretData}
			spans[i] = code.line(text, named)
			continue
		}
		// What was commented out is as secret; and what looks like a comment may be a line of a text.
		spans[i] = append(code.comment(text), comments.line(uncommented(text), named)...)
	}
	return spans
}

// document gives the lines of the first document.
func document(lines []string) []string {
	for i, text := range lines {
		if i > 0 && isSeparator(text) {
			return lines[:i]
		}
	}
	return lines
}

// uncommented blanks the signs of a comment.
func uncommented(text string) string {
	content := strings.TrimLeft(text, " \t#")
	n := len(text) - len(content)
	return strings.ReplaceAll(text[:n], "#", " ") + content
}

// walker goes through the lines of a document and remembers what does not end with its line.
type walker struct {
	secretData bool // the document holds a Secret: everything under data is secret
	regions    []region
	open       ender
	pem        bool
	asked      string // the key behind "? ", whose value is still to come
	pending    bool   // the last line ended behind the colon of a secret
}

// region is the part of a document that is indented below a key that names a secret.
type region struct {
	column  int
	literal bool // text, where nothing is a key
}

// line gives what is secret in a line; named says that the value of a key "value" is.
func (w *walker) line(text string, named bool) []span {
	start := contentStart(text, 0)
	if start == len(text) {
		if strings.TrimSpace(text) != "" {
			r := w.region(text)
			w.pending = w.pending || r != nil && !r.literal
		}
		return nil
	}
	pending := w.pending
	w.pending = false
	var spans []span
	if w.open.is() {
		end := w.open.run(text, 0)
		spans = append(spans, span{start, end})
		if w.open.is() {
			return spans
		}
		return append(spans, w.scan(text, end, named)...)
	}
	body := w.pemBody(text)
	r := w.region(text)
	switch {
	case r == nil && pending && startsValue(text, start):
		header := blockHeader.MatchString(text[start:])
		return append(body, w.bareValue(text, start, header, named)...)
	case r == nil:
		return append(body, w.scan(text, start, named)...)
	case r.literal:
		return []span{{start, len(text)}}
	}
	if k, ok := firstKey(text, start); ok {
		return append(append(body, w.secretValue(text, k, context{})...), w.scan(text, k.end, named)...)
	}
	return append(body, w.bareValue(text, start, true, named)...)
}

// bareValue hides a value that its line begins with, in a block or in brackets, and looks through what follows it.
func (w *walker) bareValue(text string, start int, block, named bool) []span {
	c := context{depth: 1}
	if block {
		c.depth = 0
	}
	spans := w.secretValue(text, key{start: start, end: start, first: block}, c)
	if len(spans) == 0 || w.open.is() {
		return spans
	}
	return append(spans, w.scan(text, spans[len(spans)-1].to, named)...)
}

// startsValue tells a value, which brackets allow to stand further left than its key, from whatever else may follow a key.
func startsValue(text string, start int) bool {
	_, isKey := firstKey(text, start)
	_, item := indentation(text)
	tagged := text[start] == '!' || text[start] == '&'
	return (!isKey || tagged) && !item && strings.IndexByte("}],", text[start]) < 0 && !isSeparator(text)
}

// comment gives what is secret in a line that looks like a comment, but may be part of a text.
func (w *walker) comment(text string) []span {
	start := len(text) - len(strings.TrimLeft(text, " \t"))
	switch {
	case w.open.is():
		return []span{{start, max(start, w.open.run(text, 0))}}
	case w.region(text) != nil:
		return []span{{start, len(text)}}
	}
	return w.pemBody(text)
}

// region gives the innermost region that a line belongs to, and forgets those that end before it.
func (w *walker) region(text string) *region {
	column, item := columnOf(text), strings.HasPrefix(strings.TrimLeft(text, " \t"), "-")
	comment := strings.HasPrefix(strings.TrimLeft(text, " \t"), "#")
	for i := len(w.regions) - 1; i >= 0; i-- {
		r := &w.regions[i]
		if column > r.column || column == r.column && item && !r.literal {
			return r
		}
		if comment {
			continue // it may stand anywhere and ends nothing
		}
		w.regions = w.regions[:i]
	}
	return nil
}

// columnOf is the indentation of a line. A tab counts so much that what stands behind it is not taken for the end of a region.
func columnOf(text string) int {
	n := 0
	for _, c := range text {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 8
		default:
			return n
		}
	}
	return n
}

// contentStart is the byte where the content of a line begins, behind the signs of lists and complex keys.
func contentStart(text string, at int) int {
	for at < len(text) {
		switch {
		case text[at] == ' ', text[at] == '\t':
			at++
		case (text[at] == '-' || text[at] == '?') && (at+1 == len(text) || text[at+1] == ' ' || text[at+1] == '\t'):
			at++
		default:
			return at
		}
	}
	return at
}
