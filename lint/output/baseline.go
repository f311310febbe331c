package output

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/kslint/kslint/lint"
)

// jsonBaseline has what of a JSON report stays the same when lines move, so that little changes in it when little changes. A whole report is
// read as one, too.
type jsonBaseline struct {
	SchemaVersion int         `json:"schemaVersion"`
	Tool          jsonWriter  `json:"tool"`
	Findings      []jsonKnown `json:"findings"`
}

type jsonWriter struct {
	Name string `json:"name"`
}

type jsonKnown struct {
	Rule        string `json:"rule"`
	File        string `json:"file"`
	Path        string `json:"path"`
	Fingerprint string `json:"fingerprint"`
}

// WriteBaseline writes a baseline, a line for each field, as reviews of changes like it.
func WriteBaseline(w io.Writer, b *lint.Baseline) error {
	out := jsonBaseline{SchemaVersion: schemaVersion, Tool: jsonWriter{"kslint"}, Findings: []jsonKnown{}}
	for _, k := range b.Known {
		out.Findings = append(out.Findings, jsonKnown(k))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

// ReadBaseline reads what WriteBaseline has written, or a report of the JSON format. name stands in front of its errors.
func ReadBaseline(name string, data []byte) (*lint.Baseline, error) {
	var in jsonBaseline
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, misread(name, "no baseline", data, err)
	}
	if in.SchemaVersion != schemaVersion || in.Tool.Name != "kslint" {
		return nil, fmt.Errorf("%s: no baseline: expected what --write-baseline writes, with tool kslint and schemaVersion %d", name, schemaVersion)
	}
	b := &lint.Baseline{Name: name}
	for i, f := range in.Findings {
		if f.Rule == "" || f.File == "" || f.Fingerprint == "" {
			return nil, fmt.Errorf("%s: findings[%d]: rule, file or fingerprint is missing", name, i)
		}
		b.Known = append(b.Known, lint.Known(f))
	}
	return b, nil
}
