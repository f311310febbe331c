package policies_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/policy/example"
)

const (
	hookName   = "ks-controller-manager"
	hookSpace  = "kubesphere-system"
	hookSecret = "ks-controller-manager-webhook-cert"
	hookFile   = "webhooks.yaml"
	secretFile = "webhook-secret.yaml"
)

// hooked adds a webhook and its Secret to a cluster; the CA of the bundle and the server's certificate are given.
func hooked(l *facttest.Layout, bundle, server *facttest.Pair) {
	l.Files[hookFile] = facttest.Webhook("users.iam.kubesphere.io", hookName, hookSpace, bundle.PEM())
	l.Files[secretFile] = facttest.Secret(hookSpace, hookSecret, map[string][]byte{"tls.crt": server.PEM(), "tls.key": server.KeyPEM()})
}

func hookServer(ca *facttest.Pair, names ...string) *facttest.Pair {
	return facttest.Make(facttest.Spec{CN: hookName, DNS: names, Usages: facttest.Server, Issuer: ca})
}

const hookHost = hookName + "." + hookSpace + ".svc"

// registry puts KubeKey's own registry into a cluster: its name into the KubeKey file, its certificate onto the first host.
func registry(l *facttest.Layout, to time.Time) {
	l.Replace("config.yaml", "  network:\n", "  registry: {privateRegistry: dockerhub.kubekey.local}\n  network:\n")
	ca := facttest.NewCA("registry-ca")
	server := facttest.Make(facttest.Spec{CN: "dockerhub.kubekey.local", DNS: []string{"dockerhub.kubekey.local"}, To: to, Issuer: ca})
	l.Files["node1/etc/ssl/registry/ssl/ca.pem"] = ca.PEM()
	l.Files["node1/etc/ssl/registry/ssl/dockerhub.kubekey.local.pem"] = server.PEM()
}

var faultsWebhookCerts = []injected{
	{
		rule: "webhook-ca-expired", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			ca := facttest.Make(facttest.Spec{CN: hookName, IsCA: true, To: facttest.Now.Add(-time.Hour)})
			hooked(l, ca, hookServer(ca, hookHost))
		},
		file: hookFile, line: 11,
	},
	{
		rule: "webhook-cert-no-san", kind: facttest.Stacked, masters: 1,
		change: func(l *facttest.Layout) {
			ca := facttest.NewCA(hookName)
			hooked(l, ca, hookServer(ca))
		},
		file: secretFile, line: 7,
	},
	{
		rule: "webhook-cabundle-mismatch", kind: facttest.KubeKey4, masters: 3,
		change: func(l *facttest.Layout) {
			hooked(l, facttest.NewCA(hookName), hookServer(facttest.NewCA(hookName), hookHost))
		},
		file: hookFile, line: 11,
	},
	{
		rule: "webhook-stale-3x-on-4x", kind: facttest.External, masters: 1,
		change: func(l *facttest.Layout) {
			ca := facttest.NewCA(hookName)
			hooked(l, ca, hookServer(facttest.NewCA(hookName), hookHost)) // and not webhook-cabundle-mismatch
			l.Replace(hookFile, "[v1]", "[v1beta1]")
			l.Files["plan.yaml"] = []byte("apiVersion: kubesphere.io/v1alpha1\nkind: InstallPlan\nmetadata: {name: x}\n")
		},
		file: hookFile, line: 8,
	},
	{
		rule: "apiserver-cert-missing-san", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("config.yaml", "    autoRenewCerts: true\n", "    autoRenewCerts: true\n    apiserverCertExtraSans: [203.0.113.7]\n")
		},
		file: "config.yaml", line: 22,
	},
	{
		rule: "apiserver-cert-missing-san", kind: facttest.Stacked, masters: 3,
		change: func(l *facttest.Layout) {
			l.Replace("node2/etc/kubernetes/admin.conf", "lb.kubesphere.local", "k8s.example.com")
		},
		file: "node2/etc/kubernetes/admin.conf", line: 7,
	},
	{
		rule: "registry-cert-expired", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) { registry(l, facttest.Now.Add(-time.Hour)) },
		file:   "node1/etc/ssl/registry/ssl/dockerhub.kubekey.local.pem", line: 1,
	},
}

// TestLayouts_sharedStaticKey puts the bundle of the rule's example into a whole cluster, with the table that goes with it.
func TestLayouts_sharedStaticKey(t *testing.T) {
	cases := readExample(t, "rules/certificates/shared-static-webhook-key/example.txtar")
	bundle := slices.IndexFunc(cases, func(c example.Case) bool { return c.Name == "bad/bundle" })
	files, _, tables := cooked(t, cases[bundle].Files)
	l := facttest.Write(facttest.KubeKey, 1)
	l.Files[hookFile] = example.Plain(files[0].Data)
	engine, _ := everyRule(t, tables)
	got := spoken(t, engine, l)
	if want := hookFile + ":9 [shared-static-webhook-key]"; len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Errorf("got %q, want %s", got, want)
	}
}

func TestLayouts_webhookCerts(t *testing.T) {
	inject(t, faultsWebhookCerts)
	engine := wholeEngine(t)
	for _, kind := range facttest.Kinds() {
		l := facttest.Write(kind, 3)
		ca := facttest.NewCA(hookName)
		hooked(l, ca, hookServer(ca, hookHost))
		if kind == facttest.KubeKey {
			registry(l, time.Time{})
		}
		if got := spoken(t, engine, l); len(got) > 0 {
			t.Errorf("%s: a sound cluster with a webhook:\n  %s", kind, strings.Join(got, "\n  "))
		}
	}
}
