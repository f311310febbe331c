package output

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/kslint/kslint/lint/certs"
)

type jsonCertificates struct {
	SchemaVersion int               `json:"schemaVersion"`
	Tool          jsonTool          `json:"tool"`
	Now           string            `json:"now"`
	Summary       jsonCertSummary   `json:"summary"`
	Certificates  []jsonCertificate `json:"certificates"`
	Failures      []jsonFailure     `json:"failures"`
}

type jsonCertSummary struct {
	Files        int `json:"files"`
	Certificates int `json:"certificates"` // places
	Different    int `json:"different"`
	Expired      int `json:"expired"`
	Failures     int `json:"failures"`
}

type jsonCertificate struct {
	File        string        `json:"file"`
	Line        int           `json:"line"`
	Path        string        `json:"path"`
	Resource    *jsonResource `json:"resource,omitempty"`
	Kind        certs.Kind    `json:"kind"`
	Name        string        `json:"name"`
	Chain       bool          `json:"chain"`
	Description string        `json:"description"`
	Subject     string        `json:"subject"`
	Issuer      string        `json:"issuer"`
	SANs        []string      `json:"sans"`
	IsCA        bool          `json:"isCA"`
	NotBefore   string        `json:"notBefore"`
	NotAfter    string        `json:"notAfter"`
	DaysLeft    int           `json:"daysLeft"`
	Expired     bool          `json:"expired"`
	SHA256      string        `json:"sha256"`
	UsedBy      []jsonCertUse `json:"usedBy"`
	RenewedBy   certs.Renewer `json:"renewedBy"`
}

type jsonCertUse struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Program string `json:"program"`
	Setting string `json:"setting"`
}

// certificatesJSON is for scripts: its shape may grow, but what is there does not change.
func certificatesJSON(w io.Writer, c *Certificates, o Options) error {
	ended, _ := c.count()
	out := jsonCertificates{
		SchemaVersion: schemaVersion, Tool: jsonTool{Name: "kslint", Version: o.Tool}, Now: instant(c.Now),
		Summary:      jsonCertSummary{c.Files, len(c.Rows), c.different(), ended, len(c.Failures)},
		Certificates: []jsonCertificate{},
		Failures:     []jsonFailure{},
	}
	for _, f := range c.Failures {
		out.Failures = append(out.Failures, jsonFailure{f.File, f.Range.Line, f.Range.Column, f.Reason, f.Rule})
	}
	// The rows are written one by one: there may be very many.
	frame, err := indented(out, "")
	if err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(frame, []byte("[]"))
	p := newPrinter(w, o)
	p.print(string(head) + "[")
	words := o.certVocabulary()
	for i := range c.Rows {
		row, err := indented(newJSONCertificate(&c.Rows[i], c.Now, words), "    ")
		if err != nil {
			return err
		}
		if i > 0 {
			p.print(",")
		}
		p.print("\n    " + string(row))
	}
	if len(c.Rows) > 0 {
		p.print("\n  ")
	}
	p.print("]" + string(tail) + "\n")
	return p.out.Flush()
}

// indented writes a value over several lines, all but the first behind a margin.
func indented(v any, margin string) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(margin, "  ")
	err := encoder.Encode(v)
	return escapeControls(bytes.TrimRight(buffer.Bytes(), "\n")), err
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func newJSONCertificate(r *certs.Row, now time.Time, words certVocabulary) jsonCertificate {
	j := jsonCertificate{
		File: r.File, Line: r.Line, Path: r.Path, Kind: r.Kind, Name: r.Name, Chain: r.Chain, Description: words.what(r),
		Subject: r.Subject, Issuer: r.Issuer, SANs: r.SANs, IsCA: r.IsCA,
		NotBefore: instant(r.NotBefore), NotAfter: instant(r.NotAfter), DaysLeft: r.DaysLeft(now), Expired: r.Ended(now),
		SHA256: r.SHA256, UsedBy: make([]jsonCertUse, len(r.UsedBy)), RenewedBy: r.RenewedBy,
	}
	if j.SANs == nil {
		j.SANs = []string{}
	}
	if object := r.Object; object.Kind != "" {
		j.Resource = &jsonResource{object.APIVersion, object.Kind, object.Namespace, object.Name}
	}
	for i, u := range r.UsedBy {
		j.UsedBy[i] = jsonCertUse(u)
	}
	return j
}
