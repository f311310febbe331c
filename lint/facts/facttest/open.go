package facttest

import (
	"maps"
	"slices"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

// Open reads files as the command does, and puts them into sets.
func Open(files map[string][]byte) []*lint.Set {
	var all []*lint.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s := &lint.Source{Name: name, Data: files[name]}
		f := &lint.File{Source: s, Documents: document.Decode(s)}
		lint.Classify(f.Documents)
		all = append(all, f)
	}
	return lint.Sets(all)
}

// Documents are those of the only set that the files make; it panics where they make several.
func Documents(files map[string][]byte) []*lint.Document {
	sets := Open(files)
	if len(sets) != 1 {
		panic("the files are not one set")
	}
	return sets[0].Documents()
}
