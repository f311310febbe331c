package output

import (
	"encoding/xml"
	"io"

	"github.com/kslint/kslint/lint"
)

// checkstyle is for the many programs that read Checkstyle's XML.
type checkstyle struct{}

type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr,omitempty"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// Write lists by file the findings that were not accepted, and what could not be read as an error of kslint's.
func (checkstyle) Write(w io.Writer, r *lint.Report, o Options) error {
	out := checkstyleReport{Version: "5.0"}
	for _, g := range byFile(r) {
		file := checkstyleFile{Name: g.file}
		for _, f := range g.findings {
			if f.Waived != "" {
				continue
			}
			at := place(f.Range)
			file.Errors = append(file.Errors, checkstyleError{at.Line, at.Column, f.Severity.String(), o.told(f, o.vocabulary().semicolon), "kslint." + f.Rule.ID})
		}
		for _, f := range g.failures {
			at, source := place(f.Range), "kslint"
			if f.Rule != "" {
				source += "." + f.Rule
			}
			file.Errors = append(file.Errors, checkstyleError{at.Line, at.Column, "error", oneLine(f.Reason), source})
		}
		if len(file.Errors) > 0 {
			out.Files = append(out.Files, file)
		}
	}
	return encodeXML(w, out)
}
