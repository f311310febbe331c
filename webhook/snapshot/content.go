package snapshot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"golang.org/x/tools/txtar"

	"github.com/kslint/kslint/lint/policy"
)

// What a source may hold at most: a ConfigMap has room for 1 MiB, and a folder that was named by mistake is not read to its end.
const (
	maxFiles = 10_000
	maxBytes = 16 << 20
)

// content is what a source held when it was looked at, read into memory: what is compiled is what was compared and proved.
// The zero content is nothing.
type content struct {
	files []txtar.File
	// digest is "" where there is nothing and where it could not be read.
	digest string
	err    error
}

// same tells whether two looks saw the same.
func (c content) same(other content) bool {
	return c.digest == other.digest && fmt.Sprint(c.err) == fmt.Sprint(other.err)
}

func sameAll(a, b []content) bool { return slices.EqualFunc(a, b, content.same) }

// open gives the content as a folder.
func (c content) open() (fs.FS, error) {
	if c.err != nil {
		return nil, c.err
	}
	return txtar.FS(&txtar.Archive{Files: c.files})
}

// rules lists the ids of the rules in it.
func (c content) rules() []string {
	var ids []string
	for _, f := range c.files {
		if path.Base(f.Name) == "rule.rego" {
			ids = append(ids, path.Base(path.Dir(f.Name)))
		}
	}
	return ids
}

// readFolder reads the policies of a directory.
func readFolder(dir string) content {
	at, err := resolved(dir)
	if err != nil {
		return content{err: plain(err, "no such folder")}
	}
	if info, err := os.Stat(at); err != nil || !info.IsDir() {
		return content{err: errors.New("is no folder")}
	}
	return read(os.DirFS(at))
}

func read(folder fs.FS) content {
	names, err := policy.Files(folder)
	if err != nil {
		return content{err: err}
	}
	if len(names) > maxFiles {
		return content{err: fmt.Errorf("holds %d files of policies, expected at most %d", len(names), maxFiles)}
	}
	c, size := content{}, int64(0)
	for _, name := range names {
		info, err := fs.Stat(folder, name)
		if err != nil || !info.Mode().IsRegular() {
			return content{err: fmt.Errorf("%s: cannot be read", name)}
		}
		if size += info.Size(); size > maxBytes {
			return content{err: fmt.Errorf("%s: the policies are larger than %d MiB", name, maxBytes>>20)}
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return content{err: fmt.Errorf("%s: %w", name, plain(err, "cannot be read"))}
		}
		c.files = append(c.files, txtar.File{Name: name, Data: data})
	}
	if len(c.files) > 0 {
		c.digest = digest(c.files)
	}
	return c
}

// readFile reads the configuration.
func readFile(name string) content {
	at, err := resolved(name)
	if err != nil {
		return content{err: plain(err, "no such file")}
	}
	if info, err := os.Stat(at); err != nil || !info.Mode().IsRegular() || info.Size() > maxBytes {
		return content{err: errors.New("is no file of a configuration")}
	}
	data, err := os.ReadFile(at)
	if err != nil {
		return content{err: plain(err, "no such file")}
	}
	files := []txtar.File{{Name: "configuration", Data: data}}
	return content{files: files, digest: digest(files)}
}

// resolved follows the links of a path once, so that all files are read from one version of a mounted ConfigMap: a mount changes
// by its link ..data, which from one moment to the next leads to another folder.
func resolved(name string) (string, error) {
	at, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	if data, err := filepath.EvalSymlinks(filepath.Join(at, "..data")); err == nil {
		return data, nil
	}
	return at, nil
}

// plain leaves the path out of an error: it changes with every version of a mount.
func plain(err error, missing string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New(missing)
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// digest is the same for the same names and texts.
func digest(files []txtar.File) string {
	h := sha256.New()
	for _, f := range files {
		for _, part := range [][]byte{[]byte(f.Name), f.Data} {
			h.Write(binary.AppendUvarint(nil, uint64(len(part))))
			h.Write(part)
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)[:16])
}
