package document

import (
	"bytes"
)

// chunk is the part of a page that holds one document.
type chunk struct {
	*page
	from, to int
	// first is the number, from 0, of the line that from is on.
	first int
}

var byteOrderMark = []byte("\uFEFF")

func (p *page) chunk(from, to, first int) *chunk {
	if bytes.HasPrefix(p.data[from:to], byteOrderMark) {
		from += len(byteOrderMark)
	}
	return &chunk{page: p, from: from, to: to, first: first}
}

func (c *chunk) text() []byte { return c.data[c.from:c.to] }

// split cuts a page into documents before anything is parsed, so that a broken one never hides the next.
func split(p *page) []*chunk {
	var chunks []*chunk
	from, first := 0, 0
	add := func(to int) {
		if c := p.chunk(from, to, first); !bare(c.text()) {
			chunks = append(chunks, c)
		}
	}
	for n, at := range p.breaks {
		if at >= len(p.data) || p.data[at] != '-' && p.data[at] != '.' {
			continue
		}
		end := len(p.data)
		if n+1 < len(p.breaks) {
			end = p.breaks[n+1]
		}
		switch line := p.data[at:end]; marker(line) {
		case separator:
			add(at)
			from, first = end, n+1
		case separatorWithContent:
			// The marker stays with its content, which keeps its column and, to the parser, its meaning.
			add(at)
			from, first = at, n
		case terminatorWithContent:
			add(at)
			from, first = at+len("..."), n
		}
	}
	add(len(p.data))
	return chunks
}

const (
	noMarker = iota
	separator
	separatorWithContent
	terminatorWithContent
)

// marker classifies a line. What stands behind "---#" is a comment to kubectl and KubeKey, though not to YAML.
func marker(line []byte) int {
	start := bytes.HasPrefix(line, []byte("---"))
	if !start && !bytes.HasPrefix(line, []byte("...")) {
		return noMarker
	}
	rest := line[len("---"):]
	content := bytes.TrimLeft(rest, " \t")
	blank := len(content) == 0 || breakWidth(content, 0) > 0
	switch {
	case blank, start && content[0] == '#', len(content) < len(rest) && content[0] == '#':
		return separator
	case len(content) == len(rest):
		return noMarker
	case start:
		return separatorWithContent
	}
	return terminatorWithContent
}

// bare tells whether a text holds nothing but blanks, comments and directives.
func bare(text []byte) bool {
	for len(text) > 0 {
		line := text
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		content := bytes.TrimLeft(line, " \t\r")
		if len(content) > 0 && content[0] != '#' && line[0] != '%' {
			return false
		}
	}
	return true
}

// offset is where a line and column of the chunk, both from 1 as the parser counts them, stand in the page.
func (c *chunk) offset(line, column int) int {
	start := c.from
	if line > 1 {
		start = c.breaks[min(c.first+line-1, len(c.breaks)-1)]
	}
	return min(c.advance(start, column-1), c.to)
}
