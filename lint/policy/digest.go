package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
)

// About tells two sets of policies apart.
type About struct {
	// Digest is a hash over the names and texts of all policies, as kslint-webhook names its sources of policies with.
	Digest string
	// Tables is the newest day, 2026-08-21, that a table says it was true on; "" where none does.
	Tables string
}

// Describe reads all policies of a folder and compiles none.
func Describe(folder fs.FS) (About, error) {
	files, err := Files(folder)
	if err != nil {
		return About{}, err
	}
	about, h := About{}, sha256.New()
	for _, name := range files {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return About{}, fmt.Errorf("%s: %w", name, err)
		}
		for _, part := range [][]byte{[]byte(name), text} {
			h.Write(binary.AppendUvarint(nil, uint64(len(part))))
			h.Write(part)
		}
		if strings.HasPrefix(name, "tables/") {
			about.Tables = max(about.Tables, asOf(text))
		}
	}
	about.Digest = "sha256:" + hex.EncodeToString(h.Sum(nil)[:16])
	return about, nil
}

// asOf is the day of a table: the value of its first key as_of.
func asOf(table []byte) string {
	for line := range bytes.Lines(table) {
		if day, ok := bytes.CutPrefix(line, []byte("as_of:")); ok {
			return string(bytes.Trim(day, " \t\r\n\"'"))
		}
	}
	return ""
}
