package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kslint/kslint/lint/certs"
)

// certificatesPrometheus is for node_exporter's textfile collector. Every certificate has the same labels whatever is known of
// it, and a series never comes twice: the collector refuses the whole file then.
func certificatesPrometheus(w io.Writer, c *Certificates, o Options) error {
	p := newPrinter(w, o)
	p.print("# HELP kslint_certificate_not_after_timestamp_seconds When the certificate ends, in seconds since 1970.\n" +
		"# TYPE kslint_certificate_not_after_timestamp_seconds gauge\n")
	seen := make(map[string]bool, len(c.Rows))
	for i := range c.Rows {
		r := &c.Rows[i]
		labels := certLabels(r)
		if seen[labels] {
			continue
		}
		seen[labels] = true
		p.print(fmt.Sprintf("kslint_certificate_not_after_timestamp_seconds{%s} %d\n", labels, r.NotAfter.Unix()))
	}
	p.gauge("kslint_certs_failures", "Files and certificates that could not be read.", int64(len(c.Failures)))
	p.gauge("kslint_certs_last_run_timestamp_seconds", "When kslint certs last ran, in seconds since 1970.", c.Now.Unix())
	return p.out.Flush()
}

func (p *printer) gauge(name, help string, value int64) {
	p.print(fmt.Sprintf("# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, value))
}

func certLabels(r *certs.Row) string {
	kind := string(r.Kind)
	if r.Chain {
		kind += "-chain"
	}
	var b strings.Builder
	for _, l := range [][2]string{
		{"file", r.File},
		{"line", strconv.Itoa(r.Line)},
		{"kind", kind},
		{"name", r.Name},
		{"subject", r.Subject},
		{"renewed_by", string(r.RenewedBy)},
		{"sha256", r.SHA256},
	} {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(l[0] + `="` + labelText.Replace(visible(strings.ToValidUTF8(l[1], "�"))) + `"`)
	}
	return b.String()
}

// labelText escapes what the format asks for; control characters are visible before.
var labelText = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
