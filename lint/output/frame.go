package output

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kslint/kslint/lint"
)

const (
	// Lines of source are cut at this width where the output goes to no terminal: a document on one line has no end.
	frameWidth = 160
	leastWidth = 20
	tabWidth   = 4
)

// frame shows the line of a finding below the line that it belongs to, and marks the place.
func (p *printer) frame(at lint.Range, source *page) {
	line := at.Line - 1
	if line < 0 || line >= len(source.lines) {
		return
	}
	digits := max(2, len(strconv.Itoa(at.Line)))
	width := frameWidth
	if p.Width > 0 {
		width = max(leastWidth, p.Width-len(frameIndent)-digits-len(" | "))
	}
	number := func(n int, text string) {
		p.print(strings.TrimRight(fmt.Sprintf("%s%*d | %s", frameIndent, digits, n, text), " ") + "\n")
	}
	if parent := source.parent(line); parent >= 0 {
		shown := source.strip(parent, 0, 0, width)
		number(parent+1, shown.text)
		if parent+1 < line {
			p.print(frameIndent + "...\n")
		}
	}
	shown, marked := source.marked(at, width)
	number(at.Line, shown.text)
	if !marked {
		return
	}
	caret := "^" + strings.Repeat("~", max(0, shown.to-shown.from-1))
	lead := frameIndent + strings.Repeat(" ", digits) + " | " + strings.Repeat(" ", shown.from)
	p.print(lead + p.paint(green, caret) + "\n")
}
