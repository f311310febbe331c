package output

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"unicode"
)

// encodeXML writes a document. Characters that XML does not have at all become U+FFFD; those that a terminal would obey, or not
// show, are written by their number.
func encodeXML(w io.Writer, value any) error {
	text, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	for _, r := range string(text) {
		if unicode.IsGraphic(r) || r == '\n' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#x%X;", r)
		}
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}
