package e2e

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// Policies and configuration are exchanged under load, broken ones among them: each verdict is by one generation of both, and a broken
// one changes nothing.
func TestSwap_isWholeOrRefused(t *testing.T) {
	generations, atLeast := 3, 200
	if *full {
		generations, atLeast = 20, 20_000
	}
	h := deploy(t, setup{config: generationConfig(1), policies: generation(1), replicas: 2})
	l := newLoad(t)
	l.right = rightInGeneration
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, 3) })
	n := 1
	for sent := 0; n < generations || sent < atLeast; sent, _, _ = l.sofar() {
		broken := generation(n + 1)
		broken["rules/own/e2e-generation/rule.rego"] += "broken"
		h.mount("enforcement: {profile: none}\n", broken)
		eventually(t, "both are refused", func() bool { return h.rejected(t) == 2*len(h.replicas) })
		if g := seen(t); g != n {
			t.Errorf("generation %d speaks, the last good one is %d", g, n)
		}
		n++
		h.mount(generationConfig(n), generation(n))
		eventually(t, "the next is in force", func() bool { return h.rejected(t) == 0 && seen(t) == n })
	}
	sum := end()
	t.Logf("%d generations of policies and configuration, a broken one before each: %v", n, sum)
	sum.faultless(t)
}

// generation is a rule that says of everything which generation it is of.
func generation(n int) files {
	message := fmt.Sprintf("generation %d", n)
	return files{
		"rules/own/e2e-generation/rule.rego": fmt.Sprintf(`# METADATA
# title: Generation
# description: It says which generation is in force.
# custom:
#   severity: info
#   targets: [workload]
#   message: %q
#   remediation: None.
#   zh: {title: 代, description: 说明哪一代生效。, message: %[1]q, remediation: 无。}
package policies.rules.own["e2e-generation"]

deny contains {"path": ["metadata"], "args": {}} if {
	input.document.value.metadata.name == "web"
}
`, message),
		"rules/own/e2e-generation/example.txtar": fmt.Sprintf(`-- bad/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: # want: %s
  name: web
spec: {template: {spec: {containers: [{name: web, image: "web:1"}]}}}
-- good/other.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: other
spec: {template: {spec: {containers: [{name: web, image: "web:1"}]}}}
`, message),
	}
}

// generationConfig has odd generations warn and even ones deny.
func generationConfig(n int) string {
	action := "warn"
	if n%2 == 0 {
		action = "deny"
	}
	return enforce[:len(enforce)-2] + ", rules: {e2e-generation: " + action + "}}\n"
}

var generationIn = regexp.MustCompile(`generation (\d+)`)

// generationsOf are those that an answer speaks of.
func generationsOf(a *cluster.Answer) (all []int) {
	for _, m := range generationIn.FindAllStringSubmatch(string(a.Body)+strings.Join(a.Warnings, " "), -1) {
		n, _ := strconv.Atoi(m[1])
		all = append(all, n)
	}
	return all
}

// rightInGeneration holds when the policies' generation and the configuration's are one.
func rightInGeneration(a *cluster.Answer, faulty bool) bool {
	all := generationsOf(a)
	if len(all) != 1 || faulty && !accuses(a) {
		return false
	}
	return faulty || all[0]%2 == 1 == (a.Code == http.StatusCreated)
}

// seen is the generation that speaks at the moment.
func seen(t *testing.T) int {
	t.Helper()
	a, err := world.Admin.Do(t.Context(), http.MethodPost, deployments+"?dryRun=All", []byte(sound(t)))
	must(t, err)
	if all := generationsOf(a); len(all) == 1 {
		return all[0]
	}
	return 0
}

// rejected is how many sources the replicas refuse, by their metrics.
func (h *hook) rejected(t *testing.T) (n int) {
	t.Helper()
	for _, r := range h.replicas {
		n += r.count(t, "kslint_policy_info", `state="rejected"`)
	}
	return n
}
