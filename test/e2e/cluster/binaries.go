package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// CacheVariable names the folder that built programs are kept in; by default kslint-e2e in the user's cache folder.
const CacheVariable = "KSLINT_E2E_CACHE"

// KubernetesVariable names the version of Kubernetes, as 1.30, whose API server and controllers are run in place of the newest: one
// that has a folder below tools. kubectl stays the newest.
const KubernetesVariable = "KSLINT_E2E_KUBERNETES"

// KubernetesVersion is what KubernetesVariable says, "" for the newest.
func KubernetesVersion() string { return os.Getenv(KubernetesVariable) }

// program is one of those that a control plane consists of.
type program struct {
	name, pkg string
	// module folder below tools, and the module whose version keys the cache.
	folder, module string
	// versioned programs are those that KubernetesVariable chooses.
	versioned bool
}

const kubernetes = "k8s.io/kubernetes"

var programs = []program{
	{"etcd", "go.etcd.io/etcd/server/v3", "etcd", "go.etcd.io/etcd/server/v3", false},
	{"kube-apiserver", kubernetes + "/cmd/kube-apiserver", "kubernetes", kubernetes, true},
	{"kubectl", kubernetes + "/cmd/kubectl", "kubernetes", kubernetes, false},
	{"kube-controller-manager", kubernetes + "/cmd/kube-controller-manager", "kubernetes", kubernetes, true},
}

// Programs are the paths of built programs by name.
type Programs map[string]string

// Build gives the programs, building those that the cache does not hold: about ten minutes of two cores the first time, nothing
// afterwards. tools is the folder of the modules that pin their versions; what is going on is written to progress. Two that build
// at once wait for each other.
func Build(tools string, progress io.Writer) (Programs, error) {
	cache := os.Getenv(CacheVariable)
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("%s is not set: %w", CacheVariable, err)
		}
		cache = filepath.Join(user, "kslint-e2e")
	}
	unlock, err := lock(cache)
	if err != nil {
		return nil, err
	}
	defer unlock()
	built := Programs{}
	for _, p := range programs {
		source, err := p.source(tools)
		if err != nil {
			return nil, err
		}
		if built[p.name], err = p.build(source, cache, progress); err != nil {
			return nil, fmt.Errorf("build %s: %w", p.name, err)
		}
	}
	return built, nil
}

// source is the folder of the module that pins the program's version.
func (p program) source(tools string) (string, error) {
	folder, version := filepath.Join(tools, p.folder), KubernetesVersion()
	if !p.versioned || version == "" {
		return folder, nil
	}
	older := folder + "-" + version
	if _, err := os.Stat(older); err != nil {
		there, _ := filepath.Glob(folder + "-*")
		return "", fmt.Errorf("%s is %q, and there is no folder for that, only %s", KubernetesVariable, version, strings.Join(there, ", "))
	}
	return older, nil
}

// lock waits until no other process builds into the cache.
func lock(cache string) (unlock func(), err error) {
	if err := os.MkdirAll(cache, 0o750); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

func (p program) build(module, cache string, progress io.Writer) (string, error) {
	version, err := output(module, "go", "list", "-m", "-f", "{{.Version}}", p.module)
	if err != nil {
		return "", err
	}
	// The builder's version and the stamp below are part of the key: another one makes another program.
	folder := fmt.Sprintf("%s-%s-%s-%s-%s", p.folder, version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	path := filepath.Join(cache, folder, p.name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintf(progress, "building %s %s, once\n", p.name, version)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", err
	}
	args := []string{"build", "-trimpath", "-ldflags", "-s -w" + p.stamp(version), "-o", path + ".part", p.pkg}
	if _, err := output(module, "go", args...); err != nil {
		return "", err
	}
	return path, os.Rename(path+".part", path) // what is half built is never found
}

// stamp makes Kubernetes say its version; unstamped programs say v0.0.0-master.
func (p program) stamp(version string) string {
	if p.module != kubernetes {
		return ""
	}
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	var b strings.Builder
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, set := range []string{
			"gitVersion=" + version, "gitMajor=" + parts[0], "gitMinor=" + parts[1], "gitTreeState=clean",
		} {
			fmt.Fprintf(&b, " -X %s.%s", pkg, set)
		}
	}
	return b.String()
}

// output runs a command in a folder and gives what it printed, trimmed; an error holds the end of what it complained about.
func output(folder, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		said := errs.String()
		return "", fmt.Errorf("%s %s: %w: %s", name, args[0], err, strings.TrimSpace(said[max(0, len(said)-4096):]))
	}
	return strings.TrimSpace(string(out)), nil
}

// BuildCommand builds a command of the product anew from the folder of its module.
func BuildCommand(module, pkg, path string) error {
	_, err := output(module, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, pkg)
	return err
}
