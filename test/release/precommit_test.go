package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

type hook struct {
	ID, Name, Description, Language, Entry, Files string
	Types                                         []string
	RequireSerial                                 bool   `json:"require_serial"`
	Minimum                                       string `json:"minimum_pre_commit_version"`
}

func hooks(t *testing.T) []hook {
	t.Helper()
	var all []hook
	decode(t, ".pre-commit-hooks.yaml", text(t, ".pre-commit-hooks.yaml"), &all)
	return all
}

// TestPreCommit_hooksAreGivenWhatAWalkReads goes through names that kslint's walk reads, and some that it would fail on.
func TestPreCommit_hooksAreGivenWhatAWalkReads(t *testing.T) {
	read := []string{
		"config-sample.yaml", "a/b.yml", "etcd.env", "node1/etc/etcd.env", "k3s.service.env", "var/lib/kubelet/kubeadm-flags.env",
		"node1/etc/default/kubelet", "etcd.service", "etc/systemd/system/backup-etcd.timer", "etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
		"etc/kubernetes/admin.conf", "etc/kubernetes/manifests/etcd.yaml", "etc/kubernetes/manifests/kube-vip", "etc/resolv.conf",
		"opt/etcd-backup.sh", "usr/local/bin/kube-scripts/backup_etcd.sh", "k8s-certs-renew.sh", "renew_script.sh",
		"ca.pem", "tls.crt", "tls.key", "a.cert", "a.cer",
	}
	left := []string{"tsconfig.json", "package.json", "nginx.conf", "README.md", "install.sh", "main.go", "etc/default/docker", "yaml"}
	for _, h := range hooks(t) {
		pattern, err := regexp.Compile(strings.NewReplacer("(?x)", "", " ", "", "\n", "").Replace(h.Files)) // Go knows no (?x)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range read {
			if !pattern.MatchString(name) {
				t.Errorf("%s is not given %s", h.ID, name)
			}
		}
		for _, name := range left {
			if pattern.MatchString(name) {
				t.Errorf("%s is given %s", h.ID, name)
			}
		}
	}
}

// snapshot makes a git repository of the files of this one, as they are now.
func snapshot(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "kslint")
	for _, name := range []string{"cmd", "lint", "policies", "webhook"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join(repository, name))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, folder, map[string]string{
		"go.mod": text(t, "go.mod"), "go.sum": text(t, "go.sum"), ".pre-commit-hooks.yaml": text(t, ".pre-commit-hooks.yaml"),
	})
	commitAll(t, folder)
	return folder
}

func git(t *testing.T, folder string, args ...string) (string, int) {
	t.Helper()
	args = append([]string{"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"}, args...)
	return run(t, command(t, folder, nil, "git", args...))
}

func commitAll(t *testing.T, folder string) {
	t.Helper()
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all"}, {"commit", "--quiet", "--message=all"}} {
		if out, status := git(t, folder, args...); status != 0 {
			t.Fatalf("git %v: %s", args, out)
		}
	}
}

// preCommitEnv keeps pre-commit's files in the test, and lets its build use the modules and the packages that are here already.
func preCommitEnv(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not installed: apt-get install pre-commit")
	}
	env := []string{"PRE_COMMIT_HOME=" + t.TempDir(), "GOFLAGS=-trimpath -buildvcs=false", "GIT_CONFIG_GLOBAL=/dev/null"}
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := strings.Fields(string(out))
	return append(env, "GOMODCACHE="+folders[0], "GOCACHE="+folders[1])
}

// TestPreCommit_tryRepo tries each hook in a scratch repository: pre-commit builds kslint, or finds the one that is installed.
func TestPreCommit_tryRepo(t *testing.T) {
	env := preCommitEnv(t)
	ours := snapshot(t)
	for _, h := range hooks(t) {
		t.Run(h.ID, func(t *testing.T) {
			theirs := t.TempDir()
			write(t, theirs, map[string]string{"clusters/prod/config.yaml": sound, "tsconfig.json": "{\n  // none of ours\n}\n"})
			commitAll(t, theirs)
			try := func(want int, phrase string) {
				t.Helper()
				out, status := run(t, command(t, theirs, env, "pre-commit", "try-repo", ours, h.ID, "--all-files", "--color=never"))
				if status != want || !strings.Contains(out, phrase) {
					t.Errorf("status %d, expected %d and %q in\n%s", status, want, phrase, out)
				}
			}
			try(0, "Passed")
			write(t, theirs, map[string]string{"clusters/prod/config.yaml": broken})
			try(1, "clusters/prod/config.yaml:12:")
		})
	}
}

// TestPreCommit_commits installs a hook as users do: git refuses to commit a broken file, and commits a sound one.
func TestPreCommit_commits(t *testing.T) {
	env := preCommitEnv(t)
	ours, theirs := snapshot(t), t.TempDir()
	head, status := git(t, ours, "rev-parse", "HEAD")
	if status != 0 {
		t.Fatal(head)
	}
	write(t, theirs, map[string]string{
		".pre-commit-config.yaml": "repos:\n- repo: " + ours + "\n  rev: " + strings.TrimSpace(head) + "\n  hooks: [{id: kslint-system}]\n",
		"clusters/a/config.yaml":  sound,
	})
	commitAll(t, theirs)
	if out, status := run(t, command(t, theirs, env, "pre-commit", "install")); status != 0 {
		t.Fatal(out)
	}
	commit := func(want int, phrase string) {
		t.Helper()
		git(t, theirs, "add", "--all")
		c := command(t, theirs, env, "git", "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--message=change")
		if out, status := run(t, c); status != want || !strings.Contains(out, phrase) {
			t.Errorf("git commit: status %d, expected %d and %q in\n%s", status, want, phrase, out)
		}
	}
	write(t, theirs, map[string]string{"clusters/b/config.yaml": broken})
	commit(1, "clusters/b/config.yaml:12:")
	write(t, theirs, map[string]string{"clusters/b/config.yaml": sound})
	commit(0, "Passed")
}
