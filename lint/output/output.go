// Package output writes reports: one small type a format.
package output

import (
	"io"
	"maps"
	"net/url"
	"slices"

	"github.com/kslint/kslint/lint"
)

// Writer writes a report in one format. The report is sorted and knows which findings were waived.
type Writer interface {
	Write(w io.Writer, r *lint.Report, o Options) error
}

// Formats maps the names of formats to their writers.
var Formats = map[string]Writer{
	"text":       text{},
	"json":       jsonFormat{},
	"sarif":      sarif{},
	"github":     github{},
	"gitlab":     gitlab{},
	"junit":      junit{},
	"checkstyle": checkstyle{},
	"html":       htmlFormat{},
}

// Names lists the formats in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(Formats)) }

// Options say how to write. The zero value writes English without colour, as wide as it comes.
type Options struct {
	Lang  lint.Lang
	Color bool
	// Width is the number of columns of the terminal, 0 when the output goes elsewhere.
	Width int
	// Quiet asks for one line a finding and nothing else, Verbose for the notes too.
	Quiet, Verbose bool
	// Tool is the version of kslint.
	Tool string
	// Documented tells which rules have a page in kslint's own documentation; nil for none.
	Documented func(*lint.Rule) bool
}

// Home is where kslint lives.
const Home = "https://github.com/kslint/kslint"

// page is the address of a rule's page, "" where there is none.
func (o Options) page(r *lint.Rule) string {
	if o.Documented == nil || !o.Documented(r) {
		return ""
	}
	return Home + "/blob/main/" + docs(url.PathEscape(r.ID), o.Lang)
}

// style is how a terminal shows a piece of text.
type style string

const (
	bold    style = "\x1b[1m"
	boldRed style = "\x1b[1;31m"
	yellow  style = "\x1b[33m"
	cyan    style = "\x1b[36m"
	green   style = "\x1b[32m"
)

var severityStyles = map[lint.Severity]style{lint.Error: boldRed, lint.Warning: yellow, lint.Info: cyan}

func (o Options) paint(s style, text string) string {
	if !o.Color || text == "" || s == "" {
		return text
	}
	return string(s) + text + "\x1b[0m"
}
