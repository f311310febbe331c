package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Input says what to read.
type Input struct {
	// Dir is the working directory: names of sources are relative to it.
	Dir string
	// Paths are files, directories, or - for standard input.
	Paths     []string
	Stdin     io.Reader
	StdinName string
	// Exclude tells whether a file, or everything below a directory, is left out; nil for nothing.
	Exclude func(name string) bool
	// Own tells whether a file is this run's, by its name; nil for all. What is not is not opened, and says nothing.
	Own func(name string) bool
}

// Reading is what Read found. A Source whose Problem is set could not be read.
type Reading struct {
	Sources  []*Source
	Problems map[*Source]*Problem
	seen     map[string]bool
	// glance, when set, is shown every source that could be read; it is not kept.
	glance func(*Source)
}

// Read reads files and walks directories, in the order of their names. A path that cannot be read is a source with a problem:
// the others are read all the same.
func Read(in Input) *Reading {
	r := &Reading{Problems: map[*Source]*Problem{}, seen: map[string]bool{}}
	r.paths(in)
	return r
}

func (r *Reading) paths(in Input) {
	for _, path := range in.Paths {
		if path == "-" {
			r.standardInput(in)
			continue
		}
		full := path
		if !filepath.IsAbs(path) {
			full = filepath.Join(in.Dir, path)
		}
		info, err := os.Stat(full)
		switch {
		case err != nil:
			r.unreadable(in, &Source{Name: in.name(full), Named: true}, err)
		case info.IsDir():
			r.walk(in, full)
		case in.Exclude == nil || !in.Exclude(in.name(full)):
			r.file(in, full, info, true)
		}
	}
}

func (in Input) name(full string) string { return RelativeName(in.Dir, full) }

// RelativeName is a path as outputs show it: relative to the working directory where it lies below, with slashes.
func RelativeName(dir, full string) string {
	if relative, err := filepath.Rel(dir, full); err == nil && filepath.IsAbs(full) &&
		relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
		full = relative
	}
	return filepath.ToSlash(full)
}

func (r *Reading) add(s *Source, p *Problem) {
	r.Sources = append(r.Sources, s)
	if p != nil {
		r.Problems[s] = p
	}
}

func (r *Reading) unreadable(in Input, s *Source, err error) {
	if in.Own == nil || in.Own(s.Name) {
		r.add(s, &Problem{Kind: Unreadable, Reason: plainError(err)})
	}
}

func (r *Reading) standardInput(in Input) {
	s := &Source{Name: in.StdinName, Named: true}
	data, p := readLimited(in.Stdin)
	s.Data = data
	r.add(s, p)
}

// walk reads what a directory holds. Links to directories are not followed; the walk skips .git.
func (r *Reading) walk(in Input, root string) {
	_ = filepath.WalkDir(root+string(filepath.Separator), func(full string, entry fs.DirEntry, err error) error {
		full = filepath.Clean(full)
		name := in.name(full)
		if err != nil {
			r.unreadable(in, &Source{Name: name, Named: true}, err)
			return nil
		}
		if full != root && in.Exclude != nil && in.Exclude(name) || entry.Name() == ".git" && full != root {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() || !wanted(filepath.ToSlash(full)) {
			return nil
		}
		info, err := os.Stat(full)
		switch {
		case err != nil && entry.Type()&fs.ModeSymlink != 0:
			return nil // a dangling link holds nothing
		case err != nil:
			r.unreadable(in, &Source{Name: name, Named: true}, err)
		case info.Mode().IsRegular():
			r.file(in, full, info, false)
		}
		return nil
	})
}

func (r *Reading) file(in Input, full string, info fs.FileInfo, named bool) {
	s := &Source{Name: in.name(full), Absolute: filepath.ToSlash(full), Named: named}
	if r.seen[s.Name] || in.Own != nil && !in.Own(s.Name) {
		return
	}
	r.seen[s.Name] = true
	if info.Size() > MaxSize {
		r.add(s, tooLarge())
		return
	}
	f, err := os.Open(full)
	if err != nil {
		s.Named = true // what may not be read is a failure in a walk too
		r.add(s, &Problem{Kind: Unreadable, Reason: plainError(err)})
		return
	}
	defer func() { _ = f.Close() }() // nothing was written
	data, p := readLimited(f)
	if !named && strings.EqualFold(filepath.Ext(full), ".json") && !bytes.Contains(data, []byte(`"kind"`)) {
		return // somebody's package.json or tsconfig.json, with comments in it
	}
	s.Data = data
	if !named && p == nil && s.Format() == "" {
		return // one of the many files that end in .conf or .service, and none of ours
	}
	if r.glance != nil {
		r.glance(s)
		return
	}
	r.add(s, p)
}

func readLimited(from io.Reader) ([]byte, *Problem) {
	data, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return nil, &Problem{Kind: Unreadable, Reason: plainError(err)}
	}
	if len(data) > MaxSize {
		return nil, tooLarge()
	}
	return data, nil
}

func tooLarge() *Problem {
	return &Problem{Kind: TooLarge, Reason: fmt.Sprintf("larger than %d MiB", MaxSize>>20)}
}

// plainError says in plain words why a path cannot be read.
func plainError(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, syscall.ELOOP):
		return "a loop of symbolic links"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

const smallSize = 1 << 20 // bytes; no KubeKey configuration is larger

func exists(name string) bool {
	_, err := os.Stat(filepath.FromSlash(name))
	return err == nil
}

// yamlFiles lists the YAML files right in a folder.
func yamlFiles(dir string) []string {
	entries, err := os.ReadDir(filepath.FromSlash(dir))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && isYAMLName(e.Name()) {
			names = append(names, filepath.Join(filepath.FromSlash(dir), e.Name()))
		}
	}
	return names
}

func readSmall(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil || info.Size() > smallSize {
		return nil, errors.Join(err, errors.ErrUnsupported)
	}
	return os.ReadFile(name)
}

// countFiles counts what a walk would read, up to the limit of a context.
func countFiles(root string) int {
	n := 0
	_ = filepath.WalkDir(filepath.FromSlash(root), func(_ string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // what cannot be counted is not read either
		case entry.IsDir() && entry.Name() == ".git":
			return filepath.SkipDir
		case n > maxContextFiles:
			return filepath.SkipAll
		case !entry.IsDir():
			n++
		}
		return nil
	})
	return n
}
