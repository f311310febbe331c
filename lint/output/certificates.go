package output

import (
	"io"
	"maps"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
)

// Certificates are what kslint certs found.
type Certificates struct {
	// Rows are in the order that they are written in.
	Rows     []certs.Row
	Failures []lint.Failure
	// Files is the number of files that were read.
	Files int
	Now   time.Time
	// Soon is how long before its end a certificate is spoken of.
	Soon time.Duration
}

// CertificateFormats maps the names of formats to what writes a list of certificates in them.
var CertificateFormats = map[string]func(io.Writer, *Certificates, Options) error{
	"text":       certificatesText,
	"json":       certificatesJSON,
	"prometheus": certificatesPrometheus,
}

// CertificateFormatNames lists these formats in alphabetical order.
func CertificateFormatNames() []string { return slices.Sorted(maps.Keys(CertificateFormats)) }

// EndsWithin tells whether a certificate has ended, or will within a time.
func (c *Certificates) EndsWithin(r *certs.Row, d time.Duration) bool {
	return r.NotAfter.Before(c.Now.Add(d))
}

// ended counts the rows that are past their end, soon those that will be.
func (c *Certificates) count() (ended, soon int) {
	for i := range c.Rows {
		switch r := &c.Rows[i]; {
		case r.Ended(c.Now):
			ended++
		case c.EndsWithin(r, c.Soon):
			soon++
		}
	}
	return ended, soon
}

// different counts the certificates, however often they were copied.
func (c *Certificates) different() int {
	seen := make(map[string]bool, len(c.Rows))
	for i := range c.Rows {
		seen[c.Rows[i].SHA256] = true
	}
	return len(seen)
}
