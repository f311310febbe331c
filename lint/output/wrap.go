package output

import "strings"

// Punctuation that may not begin a line, and that may not end one.
const (
	closing = `，。；：、！？）」』》】〉”’…—％·,.;:!?)]}%"'`
	opening = `（「『《【〈“‘([{"'`
)

// piece is a part of a text that stays on one line.
type piece struct {
	text  string
	width int
	space int // how many spaces stand in front of it, unless it begins a line
}

// wrap breaks visible text into lines of a width; the first begins behind so many columns, the others are indented.
// Chinese text breaks between any two characters. What is longer than a line, such as a path, is left whole for copying.
func wrap(text string, behind, indent, width int) string {
	if width <= 0 {
		return text
	}
	var b strings.Builder
	x := behind
	for _, p := range pieces(text) {
		lead := strings.Repeat(" ", p.space)
		if x+p.space+p.width > width && x > indent {
			lead = "\n" + strings.Repeat(" ", indent)
			x = indent - len(lead) // counted again below
		}
		b.WriteString(lead + p.text)
		x += len(lead) + p.width
	}
	return b.String()
}

func pieces(text string) []piece {
	var all []piece
	start, space := 0, 0
	end := func(i int) {
		if i > start {
			all = append(all, piece{text[start:i], columns(text[start:i]), space})
			space = 0
		}
		start = i
	}
	var last rune
	for i, r := range text {
		switch {
		case r == ' ':
			end(i)
			start, space = i+1, space+1
		case i > start && mayBreak(last, r):
			end(i)
		}
		last = r
	}
	end(len(text))
	return all
}

func mayBreak(last, next rune) bool {
	return (isWide(last) || isWide(next)) && !strings.ContainsRune(closing, next) && !strings.ContainsRune(opening, last)
}
