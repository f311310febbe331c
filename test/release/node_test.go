package release

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
)

// certificate is a PEM file with a certificate that ends within a year.
func certificate(t *testing.T) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kube-apiserver"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(300 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// TestSystemd_acceptsUnits asks systemd itself, with the folders that it asks for in place of the node's.
func TestSystemd_acceptsUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	folder := t.TempDir()
	service := strings.ReplaceAll(text(t, "deploy/node/kslint-certs.service"), "/usr/bin/kslint", filepath.Join(bin, "kslint"))
	write(t, folder, map[string]string{"kslint-certs.service": service, "kslint-certs.timer": text(t, "deploy/node/kslint-certs.timer")})
	verify := func() (string, int) {
		return run(t, command(t, folder, nil, "systemd-analyze", "verify", "--man=no", "./kslint-certs.service", "./kslint-certs.timer"))
	}
	if out, status := verify(); status != 0 || strings.TrimSpace(out) != "" {
		t.Errorf("status %d: %s", status, out)
	}
	write(t, folder, map[string]string{"kslint-certs.service": strings.Replace(service, "NoNewPrivileges", "NoNewPrivilege", 1)})
	if out, _ := verify(); !strings.Contains(out, "NoNewPrivilege") {
		t.Errorf("an unknown setting is accepted: the check proves nothing: %s", out)
	}
}

// TestSystemd_serviceWritesMetrics runs the unit's command line, with variables put in as systemd does.
func TestSystemd_serviceWritesMetrics(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"etc/kubernetes/pki/apiserver.crt": certificate(t)})
	file := filepath.Join(folder, "kslint.prom")
	var args []string
	for line := range strings.SplitSeq(text(t, "deploy/node/kslint-certs.service"), "\n") {
		if rest, ok := strings.CutPrefix(line, "ExecStart="); ok {
			for word := range strings.FieldsSeq(rest) {
				word = strings.ReplaceAll(word, "${KSLINT_CERTS_FILE}", file)
				if word == "$KSLINT_CERTS_PATHS" { // without braces: split at blanks
					args = append(args, filepath.Join(folder, "etc/kubernetes"), filepath.Join(folder, "missing"))
					continue
				}
				args = append(args, word)
			}
		}
	}
	out, status := run(t, command(t, folder, nil, args[0], args[1:]...))
	if status != 2 {
		t.Errorf("status %d, expected 2 for the folder that is missing: %s", status, out)
	}
	hasMetrics(t, file, "kslint_certs_failures 1")
}

// TestCronJob_writesMetrics runs the container's command line, with the node's folders below one of the test's.
func TestCronJob_writesMetrics(t *testing.T) {
	spec := manifests(t, "deploy/node/cronjob.yaml")["CronJob"].(*batchv1.CronJob).Spec.JobTemplate.Spec.Template.Spec
	node, c := t.TempDir(), spec.Containers[0]
	write(t, node, map[string]string{
		"etc/kubernetes/pki/apiserver.crt": certificate(t), "etc/ssl/etcd/ssl/ca.pem": certificate(t),
		"var/lib/kubelet/pki/kubelet-client-current.pem": certificate(t), "var/lib/node_exporter/textfile/other.prom": "",
	})
	mounted := func(name string) bool {
		for _, m := range c.VolumeMounts {
			if name == m.MountPath || strings.HasPrefix(name, m.MountPath+"/") {
				return true
			}
		}
		return false
	}
	var args []string
	for _, arg := range c.Args {
		at := strings.Index(arg, "/")
		if at >= 0 && !mounted(arg[at:]) {
			t.Errorf("%s lies in no volume", arg)
		}
		if at >= 0 {
			arg = arg[:at] + node + arg[at:]
		}
		args = append(args, arg)
	}
	if out, status := run(t, command(t, node, nil, "kslint", args...)); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	hasMetrics(t, filepath.Join(node, "var/lib/node_exporter/textfile/kslint.prom"), "kslint_certs_failures 0")
	for _, v := range spec.Volumes {
		if v.HostPath == nil || !mounted(v.HostPath.Path) {
			t.Errorf("volume %s is not where the node has it", v.Name)
		}
	}
}

func hasMetrics(t *testing.T, file, line string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{line, "kslint_certificate_not_after_timestamp_seconds{", "kube-apiserver"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s: no %q in\n%s", file, want, data)
		}
	}
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*"))
	if err != nil || len(beside) > 0 {
		t.Errorf("left beside it: %v %v", beside, err)
	}
}
