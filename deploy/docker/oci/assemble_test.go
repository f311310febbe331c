package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// TestImages_sayWhatTheDockerfilesSay compares the last stage of each Dockerfile with the image that is assembled.
func TestImages_sayWhatTheDockerfilesSay(t *testing.T) {
	l := labels{version: "$VERSION", commit: "$COMMIT"}
	for _, p := range programs {
		text, err := os.ReadFile("../Dockerfile." + p.name)
		if err != nil {
			t.Fatal(err)
		}
		_, stage, found := strings.Cut(string(text), "\nFROM scratch\n")
		if !found {
			t.Fatalf("Dockerfile.%s: no stage from scratch", p.name)
		}
		image, err := assemble(p, "amd64", []byte("binary"), []byte("roots"), l)
		if err != nil {
			t.Fatal(err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		want := instructions(t, config.Config, p)
		got := strings.Split(strings.TrimSpace(stage), "\n")[1:] // ARG
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("Dockerfile.%s says\n%s\nthe image is\n%s", p.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// instructions writes a configuration as a Dockerfile does.
func instructions(t *testing.T, c v1.Config, p program) []string {
	t.Helper()
	list := func(of []string) string {
		text, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	all := []string{
		"COPY --from=build --chmod=644 /ca-certificates.crt /" + rootsFile,
		"COPY --from=build --chmod=755 /" + p.name + " /" + p.name,
		"WORKDIR " + c.WorkingDir, "USER " + c.User, "ENTRYPOINT " + list(c.Entrypoint),
	}
	if len(c.Cmd) > 0 {
		all = append(all, "CMD "+list(c.Cmd))
	}
	for port := range c.ExposedPorts {
		all = append(all, "EXPOSE "+port)
	}
	c.Labels["org.opencontainers.image.created"] = "$CREATED"
	for key, value := range c.Labels {
		all = append(all, "LABEL "+key+`="`+value+`"`)
	}
	return all
}

// TestDockerfiles_buildAsTheMakefileDoes keeps the flags of go build in step: they decide the bytes.
func TestDockerfiles_buildAsTheMakefileDoes(t *testing.T) {
	flags := regexp.MustCompile(`(?s)CGO_ENABLED=0 .*?-trimpath -buildvcs=false .*?-s -w -X main\.release=.*?-X main\.revision=`)
	for _, name := range []string{"../Dockerfile.kslint", "../Dockerfile.kslint-webhook", repository + "/Makefile"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !flags.Match(text) {
			t.Errorf("%s does not build with %s", name, flags)
		}
	}
}

// TestRoots_areCertificateAuthorities reads the bundle as Go does.
func TestRoots_areCertificateAuthorities(t *testing.T) {
	file := filepath.Join(t.TempDir(), "roots.pem")
	if err := run([]string{"-roots", file}, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if !c.IsCA {
			t.Errorf("%s is no CA", c.Subject)
		}
		count++
	}
	if again, err := bundleOfRoots(); err != nil || !bytes.Equal(again, text) || count < 80 {
		t.Errorf("%d roots, %v; expected some hundred, the same each time", count, err)
	}
}

// TestPush_bringsTheIndexToARegistry pushes to a registry in this process.
func TestPush_bringsTheIndexToARegistry(t *testing.T) {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	binaries := t.TempDir()
	for _, architecture := range []string{"amd64", "arm64"} {
		for _, p := range programs {
			file := filepath.Join(binaries, "linux_"+architecture, p.name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(p.name+architecture), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	host := strings.TrimPrefix(server.URL, "http://")
	var out bytes.Buffer
	if err := run([]string{"-binaries", binaries, "-out", t.TempDir(), "-version", "v1.2.3", "-push", host + "/kslint"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		tag, err := name.ParseReference(host + "/kslint/" + p.name + ":v1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		index, err := remote.Index(tag)
		if err != nil {
			t.Fatal(err)
		}
		digest, err := index.Digest()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), digest.String()) {
			t.Errorf("%s is %s, expected it among %s", p.name, digest, out.String())
		}
	}
}

// TestFlags_sayWhatIsWrong asks for one clear line each.
func TestFlags_sayWhatIsWrong(t *testing.T) {
	for want, args := range map[string][]string{
		"-binaries and -out are needed, or -roots":                       {"-out", "x"},
		`unexpected argument "x"`:                                        {"-roots", "y", "x"},
		`-created "today": expected a time such as 2027-06-01T00:00:00Z`: {"-roots", "y", "-created", "today"},
	} {
		if err := run(args, io.Discard); err == nil || err.Error() != want {
			t.Errorf("%v: %v, expected %s", args, err, want)
		}
	}
}
