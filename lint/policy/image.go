package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/version"
)

// Parsing and compiling is nine tenths of a short run, so a folder of policies may hold images of what the compiler made of each
// package: compiled/<package>.bin. An image holds for the very text that it was made of; where one is missing or old, the
// policies are parsed and compiled as if there were none.
//
// An image is a table of strings, then the rules of the package by name, each with the names that it asks for, so that only
// those rules are read that a run needs.
const (
	imageFolder = "compiled"
	imageMagic  = "kslint image 1\n"
)

// packageKey names a package in image files: lib.<noun>, rules.<area>.<id>.
func packageKey(ref ast.Ref) string {
	parts := make([]string, 0, len(ref))
	for _, t := range ref[len(policiesRef):] {
		parts = append(parts, string(t.Value.(ast.String)))
	}
	return strings.Join(parts, ".")
}

var policiesRef = ast.MustParseRef("data.policies")

// imageSum is what an image was made of: texts of a package, without their metadata, and the compiler.
func imageSum(texts []string) []byte {
	h := sha256.New()
	h.Write([]byte(imageMagic + version.Version))
	for _, text := range texts {
		h.Write(binary.AppendUvarint(nil, uint64(len(text))))
		h.Write([]byte(withoutHead(text)))
	}
	return h.Sum(nil)[:16]
}

// needed is a rule name of a package.
type needed struct{ key, name string }

// everyName stands for all names of a package.
const everyName = "*"

// images reads what rules need out of the images of a folder.
type images struct {
	folder   Folder
	packages map[string]*image
	tables   map[string]bool
	asked    map[needed]bool
	queue    []needed
}

var errNoImage = errors.New("there is no image of the text")

// load gathers the modules of rules from images. Its error says that there are none: nothing is wrong with the policies then.
func (p *program) load(rules []Loaded) error {
	if slices.ContainsFunc(rules, func(r Loaded) bool { return r.entry.folder != 0 }) {
		return errNoImage
	}
	s := images{
		folder: p.index.folders[0], packages: map[string]*image{}, tables: map[string]bool{}, asked: map[needed]bool{},
	}
	for _, r := range rules {
		key := "rules." + r.Area + "." + r.ID
		if err := s.open(key, []string{string(r.entry.text)}); err != nil {
			return err
		}
		s.ask(key, "deny")
		s.ask(key, "unchecked")
	}
	for len(s.queue) > 0 {
		next := s.queue[0]
		s.queue = s.queue[1:]
		if err := s.read(next); err != nil {
			return err
		}
	}
	for key, i := range s.packages {
		p.modules[key] = i.module
	}
	for name := range s.tables {
		if err := p.table(0, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *images) ask(key, name string) {
	if n := (needed{key, name}); !s.asked[n] {
		s.asked[n] = true
		s.queue = append(s.queue, n)
	}
}

// open reads the head of an image and holds it against the texts of its package.
func (s *images) open(key string, texts []string) error {
	data, err := fs.ReadFile(s.folder.Files, path.Join(imageFolder, key+".bin"))
	if err != nil {
		return errNoImage
	}
	i, err := newImage(key, string(data), imageSum(texts))
	if err != nil {
		return err
	}
	s.packages[key] = i
	return nil
}

// texts are the files of a library.
func (s *images) texts(key string) ([]string, error) {
	noun, _ := strings.CutPrefix(key, "lib.")
	files, err := fs.Glob(s.folder.Files, path.Join("lib", noun, "*.rego"))
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.rego") {
			continue
		}
		text, err := fs.ReadFile(s.folder.Files, file)
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

func (s *images) read(n needed) error {
	if s.packages[n.key] == nil {
		texts, err := s.texts(n.key)
		if err != nil {
			return err
		}
		if err := s.open(n.key, texts); err != nil {
			return err
		}
	}
	i := s.packages[n.key]
	if n.name != everyName {
		i.take(n.name, s)
		return nil
	}
	for name := range i.rules {
		i.take(name, s)
	}
	return nil
}
