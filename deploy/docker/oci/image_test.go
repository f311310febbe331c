package main

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"debug/elf"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// TestImages builds both programs twice: here, and from a copy in another folder, of other file times.
func TestImages(t *testing.T) {
	first := layouts(t, crossBuild(t, repository))
	t.Run("two builds give the same bytes", func(t *testing.T) {
		var env []string
		if *full {
			env = []string{"GOCACHE=" + t.TempDir()}
		}
		second := contents(t, layouts(t, crossBuild(t, copySource(t), env...)))
		for name, text := range contents(t, first) {
			if second[name] != text {
				t.Errorf("%s differs", name)
			}
			delete(second, name)
		}
		for name := range second {
			t.Errorf("%s is only in the second build", name)
		}
	})
	for _, p := range programs {
		for _, image := range read(t, filepath.Join(first, p.name)) {
			config, err := image.ConfigFile()
			if err != nil {
				t.Fatal(err)
			}
			t.Run(p.name+" for "+config.Architecture, func(t *testing.T) {
				files := unpack(t, image)
				holdsOnly(t, p, files)
				isStatic(t, files["/"+p.name].data, config.Architecture)
				if config.Architecture == "amd64" {
					runs(t, config.Config, files)
				}
			})
		}
	}
}

// read gives the images of a layout, and asks that its index names their platforms.
func read(t *testing.T, folder string) []v1.Image {
	t.Helper()
	path, err := layout.FromPath(folder)
	if err != nil {
		t.Fatal(err)
	}
	top, err := path.ImageIndex()
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := top.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		t.Fatalf("%v %v: expected one index", manifest, err)
	}
	index, err := top.ImageIndex(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err = index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	var images []v1.Image
	var platforms []string
	for _, m := range manifest.Manifests {
		image, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		images, platforms = append(images, image), append(platforms, m.Platform.Architecture)
	}
	if got := strings.Join(platforms, ","); got != tested() {
		t.Errorf("platforms %s, expected %s", got, tested())
	}
	return images
}

type unpacked struct {
	tar.Header
	data []byte
}

func unpack(t *testing.T, image v1.Image) map[string]unpacked {
	t.Helper()
	files := map[string]unpacked{}
	archive := tar.NewReader(mutate.Extract(image))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files["/"+strings.Trim(header.Name, "/")] = unpacked{*header, data}
	}
}

// holdsOnly asks for the files of an image, and that none of them belongs to, or may be written by, who runs it.
func holdsOnly(t *testing.T, p program, files map[string]unpacked) {
	t.Helper()
	want := []string{"/etc", "/etc/ssl", "/etc/ssl/certs", "/" + rootsFile, "/" + p.name}
	if p.workdir != "/" {
		want = append(want, p.workdir)
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("the image holds %v, expected %v", got, want)
	}
	for name, f := range files {
		if f.Uid != 0 || f.Gid != 0 || f.Mode&0o022 != 0 || f.ModTime.UTC().Format("2006-01-02T15:04:05Z") != created {
			t.Errorf("%s: owner %d:%d, mode %o, time %s", name, f.Uid, f.Gid, f.Mode, f.ModTime.UTC())
		}
	}
	if pool := x509.NewCertPool(); !pool.AppendCertsFromPEM(files["/"+rootsFile].data) {
		t.Error("the CA bundle holds no certificate")
	}
}

func isStatic(t *testing.T, binary []byte, architecture string) {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[architecture]; f.Machine != want {
		t.Errorf("the binary is for %s, expected %s", f.Machine, want)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary asks for a dynamic linker")
		}
	}
}

// runs starts the image as an engine would: its files as the root, its user, its entrypoint, no environment.
func runs(t *testing.T, config v1.Config, files map[string]unpacked) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Log("not root: the image is not run")
		return
	}
	if config.User != "65532:65532" {
		t.Fatalf("user %q", config.User)
	}
	root := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, at := files[name], filepath.Join(root, name)
		var err error
		if f.Typeflag == tar.TypeDir {
			err = os.Mkdir(at, 0o755)
		} else {
			err = os.WriteFile(at, f.data, os.FileMode(f.Mode))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), config.Entrypoint[0], "version")
	c.Dir, c.Env = config.WorkingDir, []string{}
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{version, commit} {
		if !strings.Contains(string(out), want) {
			t.Errorf("version says %q, expected %s in it", out, want)
		}
	}
}
