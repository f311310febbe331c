package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/policy/example"
	"github.com/kslint/kslint/test/e2e/cluster"
	"github.com/kslint/kslint/webhook/admission"
)

// changed are the objects that say something else after the API server's defaulting, and why. Whoever makes this list shorter has mended a
// rule.
var changed = map[string]string{
	// The API server drops null, so the path leads to where something is missing, and not to the null.
	"workload-liveness-missing/bad/null/web.yaml#0":  null,
	"workload-readiness-missing/bad/null/web.yaml#0": null,
}

const null = "null is dropped"

// ownResources are those of a pod itself, which API servers before 1.34 drop: an object with them says something else there.
var ownResources = regexp.MustCompile(`(?m)^(    spec:\n      |spec:\n  )resources:`)

// Every object of every rule's example that the API server takes says the same before its defaulting, as a file; after it, as a file;
// and as the review that a replica gets of it, of which the client sees warnings.
func TestParity_afterDefaulting(t *testing.T) {
	engine := compile(t)
	h := prepareHook(t, setup{config: engine.everythingWarns()})
	h.publish(h.start(), true)
	h.installForAll()
	kinds := served(t)
	refused := map[string]string{}
	old, dropped := cluster.KubernetesVersion() != "", map[string]bool{}
	compared, spoken, expected := 0, map[string]bool{}, maps.Clone(changed)
	for _, o := range examples(t) {
		if old && ownResources.Match(o.yaml) {
			dropped[o.name] = true
			delete(expected, o.name)
			continue
		}
		a := kinds.create(t, o)
		if a == nil || a.Code != http.StatusCreated {
			refused[o.name] = why(a)
			continue
		}
		compared++
		delete(expected, o.name)
		before, after := engine.findings(o.yaml, o, example.Instant()), engine.findings(a.Body, o, example.Instant())
		if _, known := changed[o.name]; known == slices.Equal(before, after) {
			t.Errorf("%s: before the API server's defaulting\n  %s\nand after it\n  %s", o.name, strings.Join(before, "\n  "), strings.Join(after, "\n  "))
		}
		for _, line := range after {
			spoken[strings.Fields(line)[0]] = true
		}
		want, got := engine.warnings(a.Body, o.without(), time.Now()), engine.said(a.Warnings)
		if len(want) <= admission.MaxWarnings && !slices.Equal(want, got) {
			t.Errorf("%s: as a file\n  %s\nthe client was warned\n  %s", o.name, strings.Join(want, "\n  "), strings.Join(got, "\n  "))
		}
	}
	if n := h.replicas[0].reviews(t, ""); n < compared {
		t.Errorf("%d objects were taken, and the replica saw %d", compared, n)
	}
	if len(expected) > 0 {
		t.Errorf("listed as changed, and not compared: %v", expected)
	}
	t.Logf("%d objects compared, which %d rules speak of; %d refused by the API server; %d have fields that it drops", compared, len(spoken), len(refused), len(dropped))
	if old {
		holdRefusedNames(t, refused, dropped)
		return
	}
	holdRefused(t, refused)
}

// holdRefused compares what the API server refused with the list of it, and says where that is out of date.
func holdRefused(t *testing.T, refused map[string]string) {
	t.Helper()
	var lines []string
	for name, why := range refused {
		lines = append(lines, name+": "+why)
	}
	slices.Sort(lines)
	text := "# Objects of examples that the API server does not take, and why: what parity after defaulting cannot be asked of.\n" +
		strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", "refused.txt")
	if *update {
		must(t, os.WriteFile(file, []byte(text), 0o644))
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != text {
		t.Errorf("%s is out of date (%v): run with -update and read what changed", file, err)
	}
}

// holdRefusedNames checks that an older API server refuses the objects that the newest does, whatever it says of them, but for those of
// which it drops something.
func holdRefusedNames(t *testing.T, refused map[string]string, dropped map[string]bool) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "refused.txt"))
	must(t, err)
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if name, _, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") && !dropped[name] {
			listed[name] = true
		}
	}
	for name := range listed {
		if refused[name] == "" {
			t.Errorf("%s is taken, and the newest API server refuses it", name)
		}
	}
	for name, why := range refused {
		if !listed[name] {
			t.Errorf("%s is refused, and the newest API server takes it: %s", name, why)
		}
	}
}

// why is the reason of a refusal: the fields that are wrong, or what keeps an object from being read.
func why(a *cluster.Answer) string {
	if a == nil {
		return "the API server has no such kind"
	}
	var status struct {
		Message string
		Details struct{ Causes []struct{ Field string } }
	}
	if json.Unmarshal(a.Body, &status) != nil || len(status.Details.Causes) == 0 {
		return status.Message
	}
	var fields []string
	for _, c := range status.Details.Causes {
		fields = append(fields, c.Field)
	}
	slices.Sort(fields)
	return "invalid: " + strings.Join(slices.Compact(fields), ", ")
}
