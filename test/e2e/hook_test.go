package e2e

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/test/e2e/cluster"
	"github.com/kslint/kslint/webhook/configuration"
)

const (
	system = "kslint-system"
	// hookName is that of the ValidatingWebhookConfiguration.
	hookName = "kslint-webhook"
	// entry is the name that the API server counts and records the webhook under when it asks about new workloads of tenants.
	entry   = configuration.NewWorkloads
	enforce = "enforcement: {profile: enforce}\n"
)

// The modes of --certificate-mode that are not files alone.
const (
	selfMade    = "self"
	certManager = "cert-manager"
)

// setup is how the webhook is deployed for a test.
type setup struct {
	profile      lint.Profile // of the ValidatingWebhookConfiguration: enforce where nothing is said, and observe is Ignore throughout
	config       string       // of kslint
	policies     files        // beside the built-in ones
	replicas     int          // 1 where nothing is said
	certificates string       // a mode; files where nothing is said
	proxied      bool         // a proxy stands between the API server and each replica
	timeout      int32        // seconds; that of the product where nothing is said
	flags        []string
}

// hook is the webhook deployed: its Service, replicas and ValidatingWebhookConfiguration.
type hook struct {
	setup
	t        *testing.T
	folder   string
	ca       *cluster.Authority // of the certificate in files
	replicas []*replica
	started  int
}

// deploy deploys the webhook, waits until the API server asks it, and takes all of it away when the test ends.
func deploy(t *testing.T, s setup) *hook {
	t.Helper()
	h := prepareHook(t, s)
	for range max(1, s.replicas) {
		h.publish(h.start(), true)
	}
	h.configure()
	return h
}

// prepareHook makes all but the replicas and the configuration.
func prepareHook(t *testing.T, s setup) *hook {
	t.Helper()
	h := &hook{setup: s, t: t, folder: t.TempDir()}
	h.pair()
	h.mount(s.config, s.policies)
	must(t, world.Admin.Apply(inSystem("v1", "services", "kslint-webhook"), `{apiVersion: v1, kind: Service, metadata: {name: kslint-webhook},
spec: {ports: [{name: https, port: 443, targetPort: https, protocol: TCP}]}}`))
	t.Cleanup(func() { must(t, world.Admin.Delete(inSystem("v1", "services", "kslint-webhook"))) })
	if s.certificates == selfMade {
		must(t, world.Admin.Apply(inSystem("v1", "secrets", "kslint-webhook-ca"), `{apiVersion: v1, kind: Secret, metadata: {name: kslint-webhook-ca}}`))
		t.Cleanup(func() {
			must(t, world.Admin.Delete(inSystem("v1", "secrets", "kslint-webhook-ca")))
			kubectl(t, "", "delete", "leases", "--all", "--namespace="+system)
		})
	}
	t.Cleanup(h.end)
	return h
}

// pair makes a CA and writes a certificate under it to the files of the replicas.
func (h *hook) pair() {
	h.t.Helper()
	var err error
	h.ca, err = cluster.NewAuthority("kslint")
	must(h.t, err)
	pair, err := h.ca.Server("kslint-webhook."+system+".svc", "kslint-webhook."+system+".svc.cluster.local")
	must(h.t, err)
	must(h.t, pair.Write(filepath.Join(h.folder, "tls.crt"), filepath.Join(h.folder, "tls.key")))
}

// configure applies the configuration as a user does and waits until it counts.
func (h *hook) configure() {
	h.t.Helper()
	var ca []byte
	if h.certificates != selfMade {
		ca = h.ca.PEM
	}
	h.install(ca)
	eventually(h.t, "the webhook is asked", func() bool { return asked(h.t) })
}

// install applies the configuration until the test ends.
func (h *hook) install(ca []byte) {
	h.t.Helper()
	h.apply(h.manifest(ca))
}

func (h *hook) apply(manifest string) {
	h.t.Helper()
	kubectl(h.t, manifest, "apply", "--server-side", "--field-manager=installer", "-f", "-")
	h.t.Cleanup(func() {
		kubectl(h.t, "", "delete", "validatingwebhookconfiguration", hookName)
		eventually(h.t, "the configuration no longer counts", func() bool { return !asked(h.t) })
	})
}

// manifest is the configuration as it is installed; without a caBundle where there is none.
func (h *hook) manifest(ca []byte) string {
	h.t.Helper()
	c := configuration.Build(configuration.Values{Profile: cmp.Or(h.profile, lint.Enforce), CABundle: ca})
	for i := range c.Webhooks {
		if h.timeout != 0 {
			c.Webhooks[i].TimeoutSeconds = &h.timeout
		}
	}
	text, err := yaml.Marshal(c)
	must(h.t, err)
	return string(text)
}

// asked tells whether the API server asks the webhook: whatever its profile, it has something to say about a faulty manifest.
func asked(t *testing.T) bool {
	a, err := world.Admin.Do(context.Background(), http.MethodPost, deployments+"?dryRun=All", []byte(faulty(t)))
	must(t, err)
	return strings.Contains(string(a.Body)+strings.Join(a.Warnings, "\n"), rule)
}

// end ends all replicas at once. It is for cleaning up.
func (h *hook) end() {
	for len(h.replicas) > 0 {
		r := h.replicas[0]
		r.Kill()
		if h.t.Failed() {
			h.t.Logf("%s: %s", r.Name, r.Tail())
		}
		h.forget(r)
	}
}

// files are the content of a folder, by name.
type files map[string]string

// mount gives the replicas a configuration and policies as the kubelet mounts a ConfigMap: the content goes into a new folder, and a
// link is renamed onto it.
func (h *hook) mount(config string, policies files) {
	h.t.Helper()
	dir := h.mounted()
	must(h.t, os.MkdirAll(dir, 0o755))
	fresh, err := os.MkdirTemp(dir, "..")
	must(h.t, err)
	must(h.t, os.MkdirAll(filepath.Join(fresh, "policies"), 0o755))
	write := func(name, text string) {
		file := filepath.Join(fresh, name)
		must(h.t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(h.t, os.WriteFile(file, []byte(text), 0o644))
	}
	write("kslint.yaml", config)
	for name, text := range policies {
		write(filepath.Join("policies", name), text)
	}
	must(h.t, os.Symlink(filepath.Base(fresh), filepath.Join(dir, "..data_tmp")))
	must(h.t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	for _, name := range []string{"kslint.yaml", "policies"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil && !os.IsExist(err) {
			h.t.Fatal(err)
		}
	}
}

func (h *hook) mounted() string { return filepath.Join(h.folder, "mount") }

func inSystem(version, kind, name string) string {
	group := "/apis/"
	if version == "v1" {
		group = "/api/"
	}
	return group + version + "/namespaces/" + system + "/" + kind + "/" + name
}
