package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/kslint/kslint/lint/certs"
)

// certTable is a list of certificates for people: a line each, the place where it is to be copied from last and never cut.
// Where that is too wide for the terminal, the place stands on a line of its own.
type certTable struct {
	*printer
	list  *Certificates
	certs certVocabulary
	// The columns of days, date and words; indent is where the words begin.
	days, what, indent int
	broken             bool // places have lines of their own
}

const (
	dateColumns = len("2006-01-02")
	gap         = "  "
)

func certificatesText(w io.Writer, c *Certificates, o Options) error {
	t := &certTable{printer: newPrinter(w, o), list: c, certs: o.certVocabulary()}
	t.measure()
	if !o.Quiet && len(c.Rows) > 0 {
		t.heading()
	}
	for i := range c.Rows {
		if o.Verbose && i > 0 {
			t.print("\n")
		}
		t.row(&c.Rows[i])
	}
	if !o.Quiet {
		if len(c.Rows) > 0 {
			t.print("\n")
		}
		t.print(wrap(t.certs.tally(c), 0, 0, o.Width) + "\n")
		if ended, soon := c.count(); ended+soon > 0 && !o.Verbose {
			t.print(wrap(t.certs.hint, 0, 0, o.Width) + "\n")
		}
	}
	return t.out.Flush()
}

func (t *certTable) heading() {
	h := t.certs.head
	if t.broken {
		h.what, h.place = h.what+" / "+h.place, ""
	}
	t.line(bold, h.days, h.date, h.what, h.place)
}

// measure finds the widths of the columns.
func (t *certTable) measure() {
	h := t.certs.head
	t.days, t.what = columns(h.days), columns(h.what)
	place := columns(h.place)
	for i := range t.list.Rows {
		r := &t.list.Rows[i]
		t.days = max(t.days, len(strconv.Itoa(r.DaysLeft(t.list.Now))))
		t.what = max(t.what, columns(t.words(r)))
		place = max(place, columns(certPlace(r)))
	}
	t.indent = t.days + len(gap) + max(dateColumns, columns(h.date)) + len(gap)
	// One long subject must not push all places away.
	t.broken = t.Width > 0 && t.indent+t.what+len(gap)+place > t.Width
	t.what = min(t.what, 60)
}

func (t *certTable) words(r *certs.Row) string { return visible(t.certs.what(r)) }

func certPlace(r *certs.Row) string { return visible(r.File) + ":" + strconv.Itoa(r.Line) }

func (t *certTable) row(r *certs.Row) {
	var s style
	switch {
	case r.Ended(t.list.Now):
		s = boldRed
	case t.list.EndsWithin(r, t.list.Soon):
		s = yellow
	}
	t.line(s, strconv.Itoa(r.DaysLeft(t.list.Now)), r.NotAfter.Format(time.DateOnly), t.words(r), certPlace(r))
	if r.NotBefore.After(t.list.Now) {
		t.detail(t.certs.notYet, r.NotBefore.Format(time.RFC3339))
	}
	if t.Verbose {
		t.details(r)
	}
}

// line writes the days right-aligned, date and words behind them, and the place.
func (t *certTable) line(s style, days, date, what, place string) {
	lead := strings.Repeat(" ", max(0, t.days-columns(days))) + days + gap
	lead += date + strings.Repeat(" ", max(0, t.indent-columns(lead)-columns(date)))
	if t.broken {
		t.print(t.paint(s, lead+wrap(what, t.indent, t.indent, t.Width)) + "\n")
		if place != "" {
			t.print(strings.Repeat(" ", t.indent) + place + "\n")
		}
		return
	}
	t.print(t.paint(s, lead+what) + strings.Repeat(" ", max(0, t.what-columns(what))) + gap + place + "\n")
}

// detail writes what belongs to the line above.
func (t *certTable) detail(label, text string) {
	lead := "    " + label + strings.Repeat(" ", max(1, t.certs.label-columns(label)))
	indent := columns(lead)
	t.print(lead + wrap(text, indent, indent, t.Width) + "\n")
}

func (t *certTable) details(r *certs.Row) {
	v := t.certs
	t.detail(v.subject, visible(r.Subject))
	t.detail(v.issuer, visible(r.Issuer))
	if len(r.SANs) > 0 {
		t.detail(v.sans, visible(strings.Join(r.SANs, ", ")))
	}
	t.detail(v.valid, fmt.Sprintf(v.span, r.NotBefore.Format(time.RFC3339), r.NotAfter.Format(time.RFC3339)))
	label := v.usedBy
	for _, u := range r.UsedBy {
		name := strings.TrimSpace(u.Program + " " + u.Setting)
		t.detail(label, visible(fmt.Sprintf("%s (%s:%d)", name, u.File, u.Line)))
		label = ""
	}
	if len(r.UsedBy) == 0 {
		t.detail(label, v.unused)
	}
	t.detail(v.renewedBy, v.renewers[r.RenewedBy])
	t.detail("sha256", r.SHA256)
}
