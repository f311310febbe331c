package e2e

import (
	"encoding/json"
	"io/fs"
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

// parity compares what objects say as a file, before and after the API server's defaulting, with what a client is warned of.
type parity struct {
	t      *testing.T
	engine *judge
	hook   *hook
	kinds  *resources

	compared int
	spoken   map[string]bool   // rules
	refused  map[string]string // objects that the API server does not take, and why
	dropped  map[string]bool   // those of which it drops something
}

func newParity(t *testing.T) *parity {
	t.Helper()
	p := &parity{t: t, engine: compile(t), spoken: map[string]bool{}, refused: map[string]string{}, dropped: map[string]bool{}}
	p.hook = prepareHook(t, setup{config: p.engine.everythingWarns()})
	p.hook.publish(p.hook.start(), true)
	p.hook.installForAll()
	p.kinds = served(t)
	return p
}

// compare holds the three against each other; it says whether the API server took the object and left it whole.
func (p *parity) compare(o object) bool {
	p.t.Helper()
	if cluster.KubernetesVersion() != "" && ownResources.Match(o.yaml) {
		p.dropped[o.name] = true
		return false
	}
	a := p.kinds.create(p.t, o)
	if a == nil || a.Code != http.StatusCreated {
		p.refused[o.name] = why(a)
		return false
	}
	p.compared++
	before, after := p.engine.findings(o.yaml, o, example.Instant()), p.engine.findings(a.Body, o, example.Instant())
	if _, known := changed[o.name]; known == slices.Equal(before, after) {
		p.t.Errorf("%s: before the API server's defaulting\n  %s\nand after it\n  %s", o.name, strings.Join(before, "\n  "), strings.Join(after, "\n  "))
	}
	for _, line := range after {
		p.spoken[strings.Fields(line)[0]] = true
	}
	want, got := p.engine.warnings(a.Body, o.without(), time.Now()), p.engine.said(a.Warnings)
	if len(want) <= admission.MaxWarnings && !slices.Equal(want, got) {
		p.t.Errorf("%s: as a file\n  %s\nthe client was warned\n  %s", o.name, strings.Join(want, "\n  "), strings.Join(got, "\n  "))
	}
	return true
}

// end checks that the replica has seen what was compared.
func (p *parity) end() {
	p.t.Helper()
	if n := p.hook.replicas[0].reviews(p.t, ""); n < p.compared {
		p.t.Errorf("%d objects were taken, and the replica saw %d", p.compared, n)
	}
	p.t.Logf("%d objects compared, which %d rules speak of; %d refused by the API server; %d have fields that it drops",
		p.compared, len(p.spoken), len(p.refused), len(p.dropped))
}

// Every object of every rule's example that the API server takes says the same before its defaulting, as a file; after it, as a file;
// and as the review that a replica gets of it, of which the client sees warnings.
func TestParity_afterDefaulting(t *testing.T) {
	p := newParity(t)
	expected := maps.Clone(changed)
	for _, o := range examples(t) {
		if p.compare(o) || p.dropped[o.name] {
			delete(expected, o.name)
		}
	}
	p.end()
	if len(expected) > 0 {
		t.Errorf("listed as changed, and not compared: %v", expected)
	}
	if cluster.KubernetesVersion() != "" {
		holdRefusedNames(t, p.refused, p.dropped)
		return
	}
	holdRefused(t, p.refused)
}

// T39: so does every object in the files of KubeKey, ks-installer and KubeSphere, none of which makes a rule fail.
func TestParity_ofUpstreamFiles(t *testing.T) {
	corpus := filepath.Join("..", "..", "..", "shared", "corpus")
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus of upstream files is not on this machine")
	}
	p := newParity(t)
	must(t, filepath.WalkDir(corpus, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, o := range objects(file, data) {
			p.compare(o)
		}
		return nil
	}))
	p.end()
	if n := p.hook.replicas[0].count(t, "kslint_admission_rule_errors_total", ""); n > 0 {
		t.Errorf("rules failed %d times", n)
	}
	if p.compared < 100 {
		t.Errorf("%d objects prove little", p.compared)
	}
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
