package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/test/e2e/cluster"
)

// What a fail-open let in stands in the report of its namespace after the next pass, and when the caBundle ends in a metric. The audit
// has the permissions of its documentation and no others.
func TestAudit_tellsWhatSlippedIn(t *testing.T) {
	crds := openReports(t)
	kubectl(t, crds, "apply", "--server-side", "-f", "-")
	t.Cleanup(func() { kubectl(t, crds, "delete", "-f", "-", "--wait=false") })
	kubectl(t, crds, "wait", "--for=condition=Established", "--timeout=60s", "-f", "-")
	roles := auditRoles(t)
	kubectl(t, roles, "apply", "-f", "-")
	t.Cleanup(func() { kubectl(t, roles, "delete", "-f", "-") })
	h := deploy(t, setup{profile: lint.Observe, config: enforce})
	removed(t)
	if *full {
		a := h.audit(t) // it has to have read the count before, or what comes is not known to be new
		eventually(t, "a pass", func() bool { return a.count(t, "kslint_audit_last_pass_timestamp_seconds", "") > 0 })
		h.letIn(t)
		for end := time.Now().Add(5 * time.Minute); a.count(t, "kslint_failopen_detected_total", "") == 0; time.Sleep(time.Second) {
			if time.Now().After(end) {
				t.Fatal("the fail-open was not detected")
			}
		}
		reported(t)
		return
	}
	h.letIn(t)
	a := h.audit(t)
	reported(t)
	data, err := get(a.metrics + "/metrics")
	must(t, err)
	says(t, string(data), `kslint_certificate_not_after_timestamp_seconds{kind="webhook-ca",name="kslint-webhook",namespace=""}`,
		`kslint_audit_findings{rule="`+rule+`",severity="error"} 1`)
	if n := a.count(t, "kslint_audit_kinds", `state="forbidden"`); n != 0 {
		t.Errorf("%d kinds may not be read", n)
	}
}

// openReports are the CRDs of openreports.io, with its schema.
func openReports(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "webhook", "audit", "testdata", "openreports.yaml"))
	must(t, err)
	schema, err := yaml.YAMLToJSON(text)
	must(t, err)
	crd := func(scope, kind string) string {
		plural := strings.ToLower(kind) + "s"
		return fmt.Sprintf(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"%[1]s.openreports.io"},
"spec":{"group":"openreports.io","scope":%[2]q,"names":{"kind":%[3]q,"plural":%[1]q,"singular":%[4]q},
"versions":[{"name":"v1alpha1","served":true,"storage":true,"schema":{"openAPIV3Schema":%[5]s}}]}}`, plural, scope, kind, strings.ToLower(kind), schema)
	}
	return crd("Namespaced", "Report") + "\n---\n" + crd("Cluster", "ClusterReport")
}

// letIn kills the replica, so that a faulty manifest gets in.
func (h *hook) letIn(t *testing.T) {
	t.Helper()
	before := failOpen(t)
	h.kill(h.replicas[0])
	kubectl(t, faulty(t), "apply", "-f", "-")
	if n := failOpen(t) - before; n == 0 {
		t.Fatal("nothing was let in")
	}
}

// audit starts the audit.
func (h *hook) audit(t *testing.T) *replica {
	t.Helper()
	client, err := world.Client("system:serviceaccount:" + system + ":kslint-audit")
	must(t, err)
	ports := make([]string, 2)
	for i := range ports {
		port, err := cluster.FreePort(world.Address)
		must(t, err)
		ports[i] = fmt.Sprintf("%s:%d", world.Address, port)
	}
	a := &replica{health: "http://" + ports[0], metrics: "http://" + ports[1]}
	a.Process, err = cluster.Run(h.folder, "audit", made.Webhook, "audit", "--namespace="+system, "--kubeconfig="+client.Kubeconfig,
		"--health-address="+ports[0], "--metrics-address="+ports[1], "--config="+filepath.Join(h.mounted(), "kslint.yaml"), "--fail-open")
	must(t, err)
	t.Cleanup(func() {
		if status, err := a.Terminate(30 * time.Second); err != nil || status != 0 {
			t.Errorf("the audit ended with %d: %v: %s", status, err, a.Tail())
		}
		kubectl(t, "", "delete", "leases", "--all", "--namespace="+system)
	})
	must(t, a.WaitFor(a.isReady, patience))
	return a
}

// reported waits until the report of the tenant's namespace names the Deployment.
func reported(t *testing.T) {
	t.Helper()
	eventually(t, "the report", func() bool {
		data, err := world.Admin.Get("/apis/openreports.io/v1alpha1/namespaces/" + tenant + "/reports/kslint")
		if err != nil {
			return false
		}
		var report struct {
			Results []struct {
				Policy, Result string
				Properties     map[string]string
			}
		}
		must(t, json.Unmarshal(data, &report))
		for _, r := range report.Results {
			if r.Policy == rule && r.Result == "fail" && r.Properties["path"] == at && strings.Contains(string(data), `"name":"web"`) {
				return true
			}
		}
		return false
	})
}

// auditRoles are those of the documentation, and who has them.
func auditRoles(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	must(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	i := slices.IndexFunc(blocks, func(b []string) bool { return strings.Contains(b[1], "kind: ClusterRole") })
	if i < 0 {
		t.Fatal("docs/audit.md has no roles")
	}
	roles := replace(t, blocks[i][1], "metadata: {name: kslint-audit} # in the audit's namespace", "metadata: {name: kslint-audit, namespace: "+system+"}")
	subjects := `subjects: [{kind: ServiceAccount, name: kslint-audit, namespace: ` + system + `}]`
	head := "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: "
	roles += head + "ClusterRoleBinding\nmetadata: {name: kslint-audit}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kslint-audit}\n" + subjects
	for _, namespace := range []string{system, "kubesphere-system"} {
		roles += head + "RoleBinding\nmetadata: {name: kslint-audit, namespace: " + namespace +
			"}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: kslint-audit}\n" + subjects
	}
	return roles
}
