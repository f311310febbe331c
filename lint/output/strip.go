package output

import (
	"strings"
	"unicode/utf8"
)

// strip is a line as it is shown, and the columns of what is marked in it.
type strip struct {
	text     string
	from, to int
}

// cell is what a character, or a secret, becomes on the screen.
type cell struct {
	text  string
	width int
	next  int // the character of the line that follows
}

const cutMark = "…"

// strip shows a line with its secrets masked, cut around the characters between from and to where it is too wide.
func (p *page) strip(line, from, to, width int) strip {
	r := p.row(line, from, width)
	begin := 0
	for begin < len(r.cells) && r.cells[begin].next <= from {
		begin++
	}
	if begin == len(r.cells) { // behind the end of the line
		r.cells = append(r.cells, cell{" ", 1, from + 1})
	}
	end := begin + 1
	for end < len(r.cells) && r.cells[end-1].next < to {
		end++
	}
	left, right := r.cut(begin, end, width)
	var b strings.Builder
	x, s := 0, strip{}
	if r.leftOpen || left > 0 {
		b.WriteString(cutMark)
		x++
	}
	for i, c := range r.cells[left:right] {
		if left+i == begin {
			s.from = x
		}
		b.WriteString(c.text)
		x += c.width
		if left+i < end {
			s.to = x
		}
	}
	if r.rightOpen || right < len(r.cells) {
		b.WriteString(cutMark)
	}
	s.text = b.String()
	return s
}

// row is a line, or as much of a very long one as may be shown, in cells.
type row struct {
	cells               []cell
	leftOpen, rightOpen bool // there is more
}

func (p *page) row(line, from, width int) row {
	text := p.lines[line]
	at, char := startNear(text, from, 2*width)
	r := row{leftOpen: at > 0}
	hidden, x := p.hidden(line), 0
	for at < len(text) && len(r.cells) < 6*width {
		for len(hidden) > 0 && hidden[0].to <= at {
			hidden = hidden[1:]
		}
		var c cell
		if len(hidden) > 0 && at >= hidden[0].from {
			char += utf8.RuneCountInString(text[at:hidden[0].to])
			at = hidden[0].to
			c = cell{secretMark, len(secretMark), char}
		} else {
			letter, size := utf8.DecodeRuneInString(text[at:])
			char++
			at += size
			c = newCell(letter, x, char)
		}
		r.cells = append(r.cells, c)
		x += c.width
	}
	r.rightOpen = at < len(text)
	return r
}

func newCell(letter rune, x, next int) cell {
	if letter == '\t' {
		n := tabWidth - x%tabWidth
		return cell{strings.Repeat(" ", n), n, next}
	}
	text := visibleRune(letter)
	return cell{text, columns(text), next}
}

// startNear gives the byte and the number of a character so far in front of another one, or the start of the line.
func startNear(text string, char, before int) (at, n int) {
	skip := min(char, utf8.RuneCountInString(text)) - before
	for n < skip {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
		n++
	}
	return at, n
}

// cut chooses the cells that are shown: all from the left when what is marked is among them, else the marked ones with a third
// of the screen in front of them.
func (r row) cut(begin, end, width int) (left, right int) {
	if right = r.fit(0, width); right >= end && !r.leftOpen {
		return 0, right
	}
	for left < begin && r.width(left, begin) > width/3 {
		left++
	}
	for left < begin && r.fit(left, width) < end {
		left++
	}
	for left > 0 && r.fit(left-1, width) == len(r.cells) {
		left--
	}
	return left, r.fit(left, width)
}

// fit gives the end of the cells that fit from one on, with the marks of what is cut.
func (r row) fit(left, width int) int {
	x := 0
	if r.leftOpen || left > 0 {
		x++
	}
	rest := r.width(left, len(r.cells))
	if !r.rightOpen && x+rest <= width {
		return len(r.cells)
	}
	x++
	right := left
	for right < len(r.cells) && x+r.cells[right].width <= width {
		x += r.cells[right].width
		right++
	}
	return right
}

func (r row) width(from, to int) int {
	n := 0
	for _, c := range r.cells[from:to] {
		n += c.width
	}
	return n
}
