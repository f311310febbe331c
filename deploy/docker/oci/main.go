// Command oci assembles kslint's container images from cross-built binaries, without a container engine: the same binaries
// give the same bytes, on every machine and on every day.
//
//	oci -binaries DIR -out DIR [-version V] [-commit HASH] [-created TIME] [-push REGISTRY/NAMESPACE]
//	oci -roots FILE
//
// DIR holds linux_amd64/kslint, linux_amd64/kslint-webhook, and the same for linux_arm64. What -out names becomes one OCI
// layout for each image, an index over both architectures; each line of standard output is a digest and the image's name.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oci:", err)
		os.Exit(1)
	}
}

type flags struct {
	binaries, out, created, push, roots string
	architectures                       string
	labels                              labels
}

func parse(args []string, out io.Writer) (*flags, error) {
	f := &flags{}
	s := flag.NewFlagSet("oci", flag.ContinueOnError)
	s.SetOutput(out)
	s.StringVar(&f.binaries, "binaries", "", "`DIR` with linux_amd64/ and linux_arm64/")
	s.StringVar(&f.out, "out", "", "`DIR` to write the OCI layouts to, one folder an image")
	s.StringVar(&f.labels.version, "version", "devel", "`VERSION` for the labels, and the tag that is pushed")
	s.StringVar(&f.labels.commit, "commit", "unknown", "`HASH` of the commit, for the labels")
	s.StringVar(&f.created, "created", "1970-01-01T00:00:00Z", "`TIME` of the images and of all files in them, RFC 3339: that of the commit")
	s.StringVar(&f.architectures, "architectures", "amd64,arm64", "what the images are for, by Go's `NAMES`")
	s.StringVar(&f.push, "push", "", "`REGISTRY/NAMESPACE` to push the images to; empty for none")
	s.StringVar(&f.roots, "roots", "", "write the CA bundle to `FILE` and do nothing else")
	if err := s.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case s.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", s.Arg(0))
	case f.roots == "" && (f.binaries == "" || f.out == ""):
		return nil, errors.New("-binaries and -out are needed, or -roots")
	}
	created, err := time.Parse(time.RFC3339, f.created)
	if err != nil {
		return nil, fmt.Errorf("-created %q: expected a time such as 2027-06-01T00:00:00Z", f.created)
	}
	f.labels.created = created.UTC()
	return f, nil
}

func run(args []string, out io.Writer) error {
	f, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	roots, err := bundleOfRoots()
	if err != nil {
		return err
	}
	if f.roots != "" {
		return os.WriteFile(f.roots, roots, 0o644)
	}
	for _, program := range programs {
		index, err := imageIndex(f.binaries, strings.Split(f.architectures, ","), program, roots, f.labels)
		if err != nil {
			return err
		}
		digest, err := index.Digest()
		if err != nil {
			return err
		}
		folder := filepath.Join(f.out, program.name)
		if err := writeLayout(folder, index); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		fmt.Fprintf(out, "%s %s\n", digest, program.name)
		if f.push == "" {
			continue
		}
		if err := push(f.push+"/"+program.name+":"+f.labels.version, index); err != nil {
			return err
		}
	}
	return nil
}

// writeLayout writes an OCI layout anew: what an earlier run left there would otherwise stay in its index.
func writeLayout(folder string, index v1.ImageIndex) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	path, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	return path.AppendIndex(index)
}

// push pushes with the credentials that docker login or crane auth left.
func push(reference string, index v1.ImageIndex) error {
	tag, err := name.ParseReference(reference)
	if err != nil {
		return err
	}
	return remote.WriteIndex(tag, index, remote.WithAuthFromKeychain(authn.DefaultKeychain))
}
