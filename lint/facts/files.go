package facts

import (
	"path"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// files knows the documents of a set by the paths that settings name.
type files struct {
	documents []*lint.Document
	numbers   map[*lint.Document]int
	holders   []*Holder
	// texts holds the PEM of each string, and of each PEM file as its path [], by document; order is that of the blocks.
	texts map[int]map[string]*pemText
	order []*pemText
	// PEM files by host folder and path, by host folder and base name, and those of the whole set by base name.
	exact map[[2]string]*pemText
	in    map[[2]string][]pemFile
	base  map[string][]pemFile
	// folders are the names of files, PEM or not, by host folder and folder on the host; listed is what rules get of them.
	folders map[[2]string][]string
	listed  map[[2]string]ast.Value
}

// pemText is a file or string with PEM blocks; holder is nil where none of them is a certificate.
type pemText struct {
	place
	blocks []*lint.Block
	holder *Holder
}

// pemFile is a PEM file; name is its path on its host, or within the set where it is in no host folder.
type pemFile struct {
	name string
	text *pemText
}

func newFiles(documents []*lint.Document) *files {
	f := &files{
		documents: documents, numbers: make(map[*lint.Document]int, len(documents)), texts: map[int]map[string]*pemText{},
		exact: map[[2]string]*pemText{}, in: map[[2]string][]pemFile{}, base: map[string][]pemFile{},
		folders: map[[2]string][]string{}, listed: map[[2]string]ast.Value{},
	}
	for i, d := range documents {
		f.numbers[d] = i
		f.gather(i, d)
		f.enter(i, d)
		f.shelve(d)
	}
	f.hold()
	return f
}

// gather sorts the blocks of a document by the string that they stand in.
func (f *files) gather(number int, d *lint.Document) {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		p := b.Path
		if d.Format == lint.PEM {
			p = nil
		}
		key := p.String()
		if f.texts[number] == nil {
			f.texts[number] = map[string]*pemText{}
		}
		t := f.texts[number][key]
		if t == nil {
			t = &pemText{place: place{number, p}}
			f.texts[number][key] = t
			f.order = append(f.order, t)
		}
		t.blocks = append(t.blocks, b)
	}
}

// enter makes a PEM file known by its names.
func (f *files) enter(number int, d *lint.Document) {
	t := f.text(number)
	if d.Format != lint.PEM || t == nil {
		return
	}
	folder, name, ok := onHost(d)
	base := path.Base(name)
	f.exact[[2]string{folder, name}] = t
	f.base[base] = append(f.base[base], pemFile{name, t})
	if ok {
		key := [2]string{folder, base}
		f.in[key] = append(f.in[key], pemFile{name, t})
	}
}

// shelve notes the name of a file in its folder on its host, once, even of a file that cannot be read.
func (f *files) shelve(d *lint.Document) {
	if folder, name, ok := onHost(d); ok && d.Index == 0 && d.Parent == nil {
		key := [2]string{folder, path.Dir(name)}
		f.folders[key] = append(f.folders[key], path.Base(name))
	}
}

// folder lists the files beside one that a document of some host names, nil where the set has none of them.
func (f *files) folder(from *lint.Document, name string) ast.Value {
	host, _, ok := onHost(from)
	key := [2]string{host, path.Dir(name)}
	if names := f.folders[key]; ok && len(names) > 0 && f.listed[key] == nil {
		f.listed[key] = texts(names)
	}
	if !ok {
		return nil
	}
	return f.listed[key]
}

// text is the PEM of a string, nil where there is none.
func (f *files) text(number int, p ...any) *pemText { return f.texts[number][lint.Path(p).String()] }

// holder is what holds the certificates of a string, nil where there are none.
func (f *files) holder(number int, p ...any) *Holder {
	if t := f.text(number, p...); t != nil {
		return t.holder
	}
	return nil
}

// onHost splits the name of a file into its host folder and the path that the host has for it. Where ok is false the file is
// in no host folder, and name is that within the set.
func onHost(d *lint.Document) (folder, name string, ok bool) {
	rest := strings.TrimPrefix(d.File, d.Host)
	if d.Host == "" && !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	for _, top := range []string{"/etc/", "/var/", "/usr/", "/opt/"} {
		if strings.HasPrefix(rest, top) {
			return d.Host, rest, true
		}
	}
	return "", d.File, false
}

// sameHost tells whether two documents are of one host folder, or one.
func sameHost(a, b *lint.Document) bool {
	if a == b {
		return true
	}
	folder, _, ok := onHost(a)
	other, _, both := onHost(b)
	return ok && both && folder == other
}

// carriesHost matches names of files that belong to one host wherever they stand.
var carriesHost = regexp.MustCompile(`^(?:member|admin|node)-.+\.pem$`)

// resolve finds the file that a document of some host means by a path; nil where nobody can tell.
func (f *files) resolve(from *lint.Document, name string) *pemText {
	if name == "" || isTemplate(name) {
		return nil
	}
	name = path.Clean(name)
	base := path.Base(name)
	if folder, _, ok := onHost(from); ok {
		if t := f.exact[[2]string{folder, name}]; t != nil {
			return t
		}
		if t := onlyOne(f.in[[2]string{folder, base}], name); t != nil {
			return t
		}
	}
	if all := f.base[base]; carriesHost.MatchString(base) && len(all) == 1 {
		return all[0].text
	}
	return nil
}

// maxAlike is how many files of one name are compared by their folders.
const maxAlike = 1000

// onlyOne is the only file whose path ends in another.
func onlyOne(candidates []pemFile, name string) *pemText {
	if len(candidates) > maxAlike {
		return nil
	}
	var found *pemText
	for _, c := range candidates {
		if strings.HasSuffix("/"+c.name, "/"+strings.TrimPrefix(name, "/")) {
			if found != nil {
				return nil
			}
			found = c.text
		}
	}
	return found
}
