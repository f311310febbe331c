package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// helmVariable names a helm program; without one the test below is skipped. make e2e gives the one that test/deploy pins.
const helmVariable = "KSLINT_E2E_HELM"

// Helm itself installs, upgrades and removes the chart. What the webhook has written into objects of the chart stays.
func TestHelm_keepsWhatTheWebhookHasWritten(t *testing.T) {
	program := os.Getenv(helmVariable)
	if program == "" {
		t.Skip(helmVariable + " names no helm")
	}
	c := newChart(t)
	h := &helm{c, program}
	says(t, h.run("install", "kslint", h.path(), "--namespace="+system, "--set=webhook.replicas=1"), "STATUS: deployed", "nothing is denied", "不会拒绝任何请求")
	c.setProfile("observe")
	c.start()
	eventually(t, "the webhook is asked", func() bool { return asked(t) })
	secret, bundles := h.written()
	if len(secret) == 0 || len(bundles) != 8 || bundles[0] == "" {
		t.Fatalf("the webhook has written %d keys and %d bundles", len(secret), len(bundles))
	}

	// An entry that was wanted and is not wanted any more is where a caBundle of another owner could be in the way.
	for _, flags := range [][]string{{"--set=webhook.match.secrets=true"}, {"--set=profile=enforce,webhook.replicas=2,hooks.doctor=false"}} {
		h.run(append([]string{"upgrade", "kslint", h.path(), "--namespace=" + system, "--reset-then-reuse-values"}, flags...)...)
		if now, ca := h.written(); now["ca.crt"] != secret["ca.crt"] || ca[0] != bundles[0] {
			t.Errorf("%s: the Secret or the caBundle is not what it was", flags)
		}
	}
	// Replacing objects instead of changing them empties both, and the webhook writes them again.
	h.run("upgrade", "kslint", h.path(), "--namespace="+system, "--reuse-values", "--force-replace", "--server-side=false")
	eventually(t, "the webhook has written again what was emptied", func() bool {
		now, ca := h.written()
		return now["ca.crt"] != "" && ca[0] != ""
	})
	if now, ca := h.written(); now["ca.crt"] == secret["ca.crt"] || ca[0] == bundles[0] {
		t.Error("docs/install.md warns of --force-replace for nothing")
	}

	says(t, h.refused("install", "other", h.path(), "--namespace=shop"), "kslint is installed already, as release kslint in namespace "+system)
	says(t, h.refused("upgrade", "kslint", h.path(), "--namespace="+system, "--set=replicas=3"), "additional properties 'replicas' not allowed")

	for _, p := range c.running {
		p.Kill()
		conceal(t, p.Name)
	}
	ended := h.kubelet("kslint-uninstall")
	h.run("uninstall", "kslint", "--namespace="+system, "--timeout=3m")
	<-ended
	if left := c.left(); left != "" {
		eventually(t, "nothing of kslint is left", func() bool { left = c.left(); return left == "" })
	}
}

type helm struct {
	*chart
	program string
}

func (h *helm) path() string { return filepath.Join("..", "..", "deploy", "helm", "kslint") }

func (h *helm) command(args ...string) (string, error) {
	cmd := exec.Command(h.program, append(args, "--kubeconfig="+world.Admin.Kubeconfig)...)
	cmd.Env = append(os.Environ(), "HELM_CACHE_HOME="+h.folder, "HELM_CONFIG_HOME="+h.folder, "HELM_DATA_HOME="+h.folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (h *helm) run(args ...string) string {
	h.t.Helper()
	out, err := h.command(args...)
	if err != nil {
		h.t.Fatalf("helm %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

func (h *helm) refused(args ...string) string {
	h.t.Helper()
	out, err := h.command(args...)
	if err == nil {
		h.t.Errorf("helm %s was not refused: %s", strings.Join(args, " "), out)
	}
	return out
}

// written is what the webhook has put into the Secret, and the caBundle of each entry.
func (h *helm) written() (secret map[string]string, bundles []string) {
	h.t.Helper()
	var s struct{ Data map[string]string }
	must(h.t, json.Unmarshal([]byte(kubectl(h.t, "", "get", "secret", "kslint-webhook-ca", "--namespace="+system, "--output=json")), &s))
	var w struct {
		Webhooks []struct{ ClientConfig struct{ CABundle string } }
	}
	must(h.t, json.Unmarshal([]byte(kubectl(h.t, "", "get", "validatingwebhookconfiguration", "kslint-webhook", "--output=json")), &w))
	for _, e := range w.Webhooks {
		bundles = append(bundles, e.ClientConfig.CABundle)
	}
	return s.Data, bundles
}

// kubelet waits for the Pod of a Job, runs what it says, and reports how it ended.
func (h *helm) kubelet(job string) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		name := ""
		for end := time.Now().Add(patience); name == "" && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if out, err := world.Admin.Kubectl("", "get", "pods", "--namespace="+system, "--selector=job-name="+job, "--output=name"); err == nil {
				name = strings.TrimSpace(out)
			}
		}
		p := h.process(job, job, h.object("enforce", "Job", job).container())
		<-p.Done()
		phase := "Succeeded"
		if status, _ := p.Wait(time.Second); status != 0 {
			phase = "Failed"
			h.t.Errorf("%s: %s", job, p.Tail())
		}
		if out, err := world.Admin.Kubectl("", "patch", name, "--namespace="+system, "--subresource=status", "--patch={\"status\":{\"phase\":\""+phase+"\"}}"); err != nil {
			h.t.Errorf("%s: %v", out, err)
		}
	}()
	return done
}
