package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// program is one image: a single static binary, and who runs it.
type program struct {
	name, title, workdir string
	command              []string // arguments where nobody gives any
	ports                map[string]struct{}
}

// programs are what is shipped. Dockerfile.<name> says the same to those who build with an engine; a test compares them.
var programs = []program{
	{
		name: "kslint", title: "Lints KubeSphere, ks-installer and KubeKey configuration", workdir: "/work",
		command: []string{"--help"},
	},
	{
		name: "kslint-webhook", title: "Admission webhook with the policies of kslint", workdir: "/",
		ports: map[string]struct{}{"9443/tcp": {}, "8081/tcp": {}, "8080/tcp": {}},
	},
}

const (
	// user is distroless's nonroot: a number, so that runAsNonRoot can be checked by the kubelet.
	user = "65532:65532"
	// rootsFile is where Go's crypto/x509 looks on Linux.
	rootsFile = "etc/ssl/certs/ca-certificates.crt"
)

// labels are what differs between two releases of the same image.
type labels struct {
	version, commit string
	created         time.Time // UTC
}

// of gives the labels that the OCI image specification names.
func (l labels) of(p program) map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":       p.name,
		"org.opencontainers.image.description": p.title,
		"org.opencontainers.image.source":      "https://github.com/kslint/kslint",
		"org.opencontainers.image.licenses":    "Apache-2.0",
		"org.opencontainers.image.version":     l.version,
		"org.opencontainers.image.revision":    l.commit,
		"org.opencontainers.image.created":     l.created.Format(time.RFC3339),
	}
}

// imageIndex is one program for some architectures, by the names that Go has for them.
func imageIndex(binaries string, architectures []string, p program, roots []byte, l labels) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, architecture := range architectures {
		file := filepath.Join(binaries, "linux_"+architecture, p.name)
		binary, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		image, err := assemble(p, architecture, binary, roots, l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        image,
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: architecture}},
		})
	}
	return index, nil
}

// assemble gives two layers, so that a new release brings the binary only.
func assemble(p program, architecture string, binary, roots []byte, l labels) (v1.Image, error) {
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, files := range [][]file{
		append(folders("etc/ssl/certs/"), file{rootsFile, roots, 0o644}),
		append(folders(p.workdir[1:]+"/"), file{p.name, binary, 0o755}),
	} {
		layer, err := layerOf(files, l.created)
		if err != nil {
			return nil, err
		}
		image, err = mutate.Append(image, mutate.Addendum{
			Layer: layer, MediaType: types.OCILayer,
			History: v1.History{CreatedBy: "deploy/docker/oci", Created: v1.Time{Time: l.created}},
		})
		if err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", architecture, v1.Time{Time: l.created}
	config.Config = v1.Config{
		User: user, Entrypoint: []string{"/" + p.name}, Cmd: p.command, WorkingDir: p.workdir, ExposedPorts: p.ports, Labels: l.of(p),
	}
	return mutate.ConfigFile(image, config)
}

type file struct {
	name string // without a leading slash; ending in one for a folder
	data []byte
	mode int64
}

// folders gives a folder and those above it.
func folders(name string) []file {
	var all []file
	for i, c := range name {
		if c == '/' && i > 0 {
			all = append(all, file{name: name[:i+1], mode: 0o755})
		}
	}
	return all
}

func layerOf(files []file, created time.Time) (v1.Layer, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: created, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if f.name[len(f.name)-1] == '/' {
			header.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
}
