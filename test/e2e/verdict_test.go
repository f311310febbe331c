package e2e

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// What a user sees: kubectl apply of manifests.
func TestApply_underEnforce(t *testing.T) {
	h := deploy(t, setup{config: enforce})

	t.Run("a faulty manifest is refused with rule, path and fix", func(t *testing.T) {
		removed(t)
		out := refused(t, faulty(t), "apply", "-f", "-")
		says(t, out, entry, "denied the request", rule+" "+at+": ", `memory "100m" is less than 1Mi`, "fix: Write it in Mi or Gi, such as 512Mi.")
		t.Log(strings.TrimSpace(out))
		says(t, refused(t, "", "get", "deployment", "web", "--namespace=shop"), "NotFound")
	})
	t.Run("server-side apply and create are refused too", func(t *testing.T) {
		removed(t)
		says(t, refused(t, faulty(t), "apply", "--server-side", "-f", "-"), rule)
		says(t, refused(t, faulty(t), "create", "-f", "-"), rule)
		says(t, refused(t, faulty(t), "apply", "--dry-run=server", "-f", "-"), rule)
	})
	t.Run("a sound manifest is admitted without a word", func(t *testing.T) {
		removed(t)
		if out := kubectl(t, sound(t), "apply", "-f", "-"); strings.TrimSpace(out) != "deployment.apps/web created" {
			t.Error(out)
		}
	})
	t.Run("its Pods are made by controllers, and reviewed only by the entry that refuses nothing", func(t *testing.T) {
		removed(t)
		kubectl(t, sound(t), "apply", "-f", "-")
		eventually(t, "two Pods", func() bool { return pods(t) == 2 })
		if n := h.waitedFor(t); n != 0 {
			t.Errorf("asked %d times about what controllers made", n)
		}
		if h.replicas[0].reviews(t, `entry="workloads",kind="Deployment"`) == 0 || h.replicas[0].reviews(t, `entry="pods-audit",kind="Pod"`) == 0 {
			t.Error("nothing is counted")
		}
	})
}

// waitedFor is how many reviews of Pods and ReplicaSets, which nobody but controllers makes here, replicas got that could refuse.
func (h *hook) waitedFor(t *testing.T) (n int) {
	t.Helper()
	for _, r := range h.replicas {
		n += r.reviews(t, `entry="workloads",kind="Pod"`) + r.reviews(t, `entry="workloads",kind="ReplicaSet"`)
	}
	return n
}

func TestApply_underObserveAdmitsWithWarnings(t *testing.T) {
	deploy(t, setup{profile: lint.Observe}) // what is installed where nothing is said
	removed(t)
	out := kubectl(t, faulty(t), "apply", "-f", "-")
	says(t, out, "Warning: "+rule+" "+at, "deployment.apps/web created")
	t.Log(strings.TrimSpace(out))
	kubectl(t, "", "get", "deployment", "web", "--namespace=shop")
}

// An update is refused only for what it makes worse.
func TestApply_ratchet(t *testing.T) {
	removed(t)
	kubectl(t, faulty(t), "apply", "-f", "-") // before there was a webhook
	deploy(t, setup{config: enforce})

	out := kubectl(t, replace(t, faulty(t), "web:v3.4.1", "web:v3.4.2"), "apply", "-f", "-")
	says(t, out, "deployment.apps/web configured", "Warning: "+rule)
	t.Log(strings.TrimSpace(out))

	worse := replace(t, faulty(t), "memory: 2Gi", "memory: 512m")
	_, denial, _ := strings.Cut(refused(t, worse, "apply", "-f", "-"), "denied the request")
	denied, _, _ := strings.Cut(denial, "Warning:")
	says(t, denial, rule+" spec.template.spec.containers[0].resources.limits.memory")
	if strings.Contains(denied, at) {
		t.Errorf("refused for what was there before: %s", denial)
	}

	kubectl(t, "", "label", "deployment", "web", "--namespace=shop", "checked=yes")
	kubectl(t, "", "scale", "deployment", "web", "--namespace=shop", "--replicas=3")
	kubectl(t, sound(t), "apply", "-f", "-")
	says(t, refused(t, faulty(t), "apply", "-f", "-"), rule)
}

// pods is how many Pods of the Deployment of tests there are.
func pods(t *testing.T) int { t.Helper(); return podsIn(t, tenant) }

func podsIn(t *testing.T, namespace string) int {
	t.Helper()
	return len(strings.Fields(kubectl(t, "", "get", "pods", "--namespace="+namespace, "--selector=app=web", "--output=name")))
}
