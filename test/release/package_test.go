package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// content is one entry of nfpms[].contents.
type content struct {
	Src, Dst, Type, Packager string
	FileInfo                 struct {
		Mode  int
		Mtime string
	} `json:"file_info"`
}

// assets makes completions and man pages as the release does, in a folder of the test.
func assets(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "assets")
	if text, status := run(t, command(t, repository, nil, "bash", "deploy/release/assets.sh", out)); status != 0 {
		t.Fatalf("assets.sh: status %d: %s", status, text)
	}
	return out
}

// packageOf builds a package from .goreleaser.yaml with the library that GoReleaser builds it with.
func packageOf(t *testing.T, format string, packager nfpm.Packager, assets string) []byte {
	t.Helper()
	config := releaseConfig(t).Nfpms[0]
	at := time.Unix(0, 0).UTC()
	contents := files.Contents{{
		Source: filepath.Join(bin, "kslint"), Destination: path.Join(config.Bindir, "kslint"),
		FileInfo: &files.ContentFileInfo{Mode: 0o755, MTime: at},
	}}
	for _, c := range config.Contents {
		source := strings.Replace(c.Src, "bin/assets", assets, 1)
		if source == c.Src {
			source = filepath.Join(repository, c.Src)
		}
		contents = append(contents, &files.Content{
			Source: source, Destination: c.Dst, Type: c.Type, Packager: c.Packager,
			FileInfo: &files.ContentFileInfo{Mode: fs.FileMode(c.FileInfo.Mode), MTime: at},
		})
	}
	info := nfpm.WithDefaults(&nfpm.Info{
		Name: "kslint", Arch: "amd64", Platform: "linux", Version: "0.0.1", Maintainer: "The kslint authors", Description: "test",
		MTime: at, Overridables: nfpm.Overridables{Contents: contents},
	})
	if err := nfpm.PrepareForPackager(info, format); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := packager.Package(info, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPackages_holdBinaryPagesCompletionsAndTimer looks into a deb and an rpm.
func TestPackages_holdBinaryPagesCompletionsAndTimer(t *testing.T) {
	folder := assets(t)
	want := map[string]int64{
		"/usr/bin/kslint": 0o755, "/usr/share/bash-completion/completions/kslint": 0o644,
		"/usr/share/fish/vendor_completions.d/kslint.fish": 0o644, "/usr/share/zsh/vendor-completions/_kslint": 0o644,
		"/usr/share/man/man1/kslint.1.gz": 0o644, "/usr/share/man/man1/kslint-lint.1.gz": 0o644,
		"/usr/share/doc/kslint/copyright": 0o644, "/usr/lib/systemd/system/kslint-certs.service": 0o644,
		"/usr/lib/systemd/system/kslint-certs.timer": 0o644, "/etc/default/kslint-certs": 0o644,
	}
	debian := packageOf(t, "deb", deb.Default, folder)
	if !bytes.Equal(debian, packageOf(t, "deb", deb.Default, folder)) {
		t.Error("two debs of the same files differ")
	}
	data, control := unpackDeb(t, debian)
	for name, mode := range want {
		if f, ok := data[name]; !ok || f.Mode&0o777 != mode || f.Uid != 0 || f.Gid != 0 {
			t.Errorf("deb: %s is %v, expected mode %o of root", name, f, mode)
		}
	}
	if text := control["/conffiles"]; strings.TrimSpace(text) != "/etc/default/kslint-certs" {
		t.Errorf("deb: conffiles are %q", text)
	}
	if len(packageOf(t, "rpm", rpm.DefaultRPM, folder)) < 1<<20 {
		t.Error("rpm: hardly anything in it")
	}
}

// unpackDeb gives the files of a package, and the texts of its control archive.
func unpackDeb(t *testing.T, data []byte) (map[string]*tar.Header, map[string]string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "kslint.deb")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	members := members(t, data)
	headers, texts := map[string]*tar.Header{}, map[string]string{}
	untar(t, members["data.tar.gz"], func(h *tar.Header, _ string) { headers["/"+strings.Trim(path.Clean(h.Name), "/")] = h })
	untar(t, members["control.tar.gz"], func(h *tar.Header, text string) { texts["/"+strings.Trim(path.Clean(h.Name), "/")] = text })
	return headers, texts
}

// members reads an ar archive.
func members(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for rest := data[len("!<arch>\n"):]; len(rest) > 60; {
		size := 0
		for _, digit := range bytes.TrimSpace(rest[48:58]) {
			size = size*10 + int(digit-'0')
		}
		all[strings.TrimRight(string(rest[:16]), " /")] = rest[60 : 60+size]
		rest = rest[min(len(rest), 60+size+size%2):]
	}
	return all
}

func untar(t *testing.T, data []byte, each func(*tar.Header, string)) {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(unzipped); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		each(h, string(text))
	}
}

// TestAssets_completionsAndPagesAreWhatTheyAreCalled asks the shells that are there.
func TestAssets_completionsAndPagesAreWhatTheyAreCalled(t *testing.T) {
	folder := assets(t)
	if out, status := run(t, command(t, folder, nil, "bash", "-n", "completions/kslint.bash")); status != 0 {
		t.Errorf("bash: %s", out)
	}
	entries, err := os.ReadDir(filepath.Join(folder, "completions"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{"kslint.bash", "kslint.fish", "kslint.powershell", "kslint.zsh"}) {
		t.Errorf("completions are %v", names)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "man", "kslint*.1.gz"))
	if err != nil || len(pages) < 5 {
		t.Errorf("man pages are %v: %v", pages, err)
	}
}
