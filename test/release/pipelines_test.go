package release

import (
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// releases lays releases out as GitHub does, with the kslint under test: v0.0.1 is the latest, v0.0.2 has wrong checksums.
var releases = sync.OnceValues(func() (string, error) {
	folder, archive := filepath.Join(bin, "releases"), "kslint_linux_"+runtime.GOARCH+".tar.gz"
	if out, err := exec.Command("tar", "-C", bin, "-czf", filepath.Join(bin, archive), "kslint").CombinedOutput(); err != nil {
		return "", fmt.Errorf("tar: %w: %s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(bin, archive))
	if err != nil {
		return "", err
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	for at, sum := range map[string]string{"latest/download": sum, "download/v0.0.1": sum, "download/v0.0.2": strings.Repeat("0", 64)} {
		at = filepath.Join(folder, at)
		sums := strings.Repeat("f", 64) + "  kslint_linux_other.tar.gz\n" + sum + "  " + archive + "\n"
		err := errors.Join(os.MkdirAll(at, 0o755), os.WriteFile(filepath.Join(at, archive), data, 0o644),
			os.WriteFile(filepath.Join(at, "checksums.txt"), []byte(sums), 0o644))
		if err != nil {
			return "", err
		}
	}
	return folder, nil
})

func releaseFolder(t *testing.T) string {
	t.Helper()
	folder, err := releases()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// served gives the address of the releases' folder download.
func served(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(releaseFolder(t))))
	t.Cleanup(server.Close)
	return server.URL + "/download"
}

type gitlabJob struct {
	Image     string
	Variables map[string]string
	Before    []string `json:"before_script"`
	Script    []string
	Artifacts struct {
		When    string
		Expire  string `json:"expire_in"`
		Reports map[string]string
	}
}

// TestGitLab_templateRuns runs the job's lines with sh, as GitLab's runner does, and reads both reports.
func TestGitLab_templateRuns(t *testing.T) {
	var jobs map[string]gitlabJob
	decode(t, "gitlab.yml", text(t, "deploy/ci/gitlab.yml"), &jobs)
	job := jobs["kslint"]
	for version, want := range map[string]int{"v0.0.1": 1, "v0.0.2": 1, "v9.9.9": 8} { // 8: wget
		folder := t.TempDir()
		write(t, folder, map[string]string{"clusters/broken.yaml": broken, "clusters/sound.yaml": sound})
		env := []string{"CI_PROJECT_DIR=" + folder}
		for name, value := range job.Variables {
			env = append(env, name+"="+value)
		}
		env = append(env, "KSLINT_VERSION="+version, "KSLINT_RELEASES="+served(t), "KSLINT_PATHS=clusters")
		lines := strings.Join(append(job.Before, job.Script...), "\n")
		lines = strings.ReplaceAll(lines, "/tmp/kslint", t.TempDir()) // the job has a container of its own
		out, status := run(t, command(t, folder, env, "sh", "-e", "-c", lines))
		_, linted := os.Stat(filepath.Join(folder, job.Artifacts.Reports["codequality"]))
		if status != want || (linted == nil) != (version == "v0.0.1") {
			t.Fatalf("%s: status %d, expected %d: %s", version, status, want, out)
		}
		if linted == nil {
			codeQuality(t, filepath.Join(folder, job.Artifacts.Reports["codequality"]))
			jUnit(t, filepath.Join(folder, job.Artifacts.Reports["junit"]))
		}
	}
}

func codeQuality(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var findings []struct {
		Fingerprint string
		Location    struct{ Path string }
	}
	if err := json.Unmarshal(data, &findings); err != nil || len(findings) == 0 || findings[0].Fingerprint == "" ||
		findings[0].Location.Path != "clusters/broken.yaml" {
		t.Errorf("code quality: %v: %s", err, data)
	}
}

func jUnit(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var suites struct {
		XMLName xml.Name `xml:"testsuites"`
	}
	if err := xml.Unmarshal(data, &suites); err != nil || !strings.Contains(string(data), "<failure") {
		t.Errorf("JUnit: %v: %s", err, data)
	}
}

// TestJenkins_scriptRuns runs the script of the stage with sh, as Jenkins does.
func TestJenkins_scriptRuns(t *testing.T) {
	file := text(t, "deploy/ci/Jenkinsfile")
	if strings.Count(file, "{") != strings.Count(file, "}") {
		t.Error("braces do not match")
	}
	_, script, _ := strings.Cut(file, "sh '''")
	script, _, found := strings.Cut(script, "'''")
	if !found || strings.Contains(script, `\`) {
		t.Fatal("no script between quotes, or one with an escape that Groovy would read")
	}
	env := []string{}
	for _, m := range regexp.MustCompile(`(KSLINT_\w+) = '(.*)'`).FindAllStringSubmatch(file, -1) {
		env = append(env, m[1]+"="+m[2])
	}
	for version, want := range map[string]int{"v0.0.1": 1, "v0.0.2": 1, "v9.9.9": 22} { // 22: curl
		folder := t.TempDir()
		write(t, folder, map[string]string{"broken.yaml": broken})
		c := command(t, folder, append(env, "KSLINT_VERSION="+version, "KSLINT_RELEASES="+served(t)), "sh", "-xe", "-c", script)
		out, status := run(t, c)
		_, linted := os.Stat(filepath.Join(folder, "kslint-junit.xml"))
		if status != want || (linted == nil) != (version == "v0.0.1") {
			t.Fatalf("%s: status %d, expected %d: %s", version, status, want, out)
		}
		if linted == nil {
			jUnit(t, filepath.Join(folder, "kslint-junit.xml"))
		}
	}
}
