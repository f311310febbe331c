package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// The chart, as test/deploy renders it, is installed, upgraded to enforce under load, asked what its hooks ask, and removed with all
// replicas dead. Its processes run with its flags, with tokens of its ServiceAccounts and with its roles.
func TestChart_isInstalledUpgradedAndRemoved(t *testing.T) {
	c := newChart(t)
	c.apply("observe")
	for range 3 {
		c.start()
	}
	eventually(t, "the webhook is asked", func() bool { return asked(t) })
	c.audit()

	done, stopped := make(chan struct{}), make(chan map[string]int)
	go func() { stopped <- soundLoad(done) }()
	c.apply("enforce")
	for _, old := range slices.Clone(c.running) {
		c.replace(old)
	}
	close(done)
	answers := <-stopped
	if t.Logf("upgrade of 3 replicas from observe to enforce, under load: %v", answers); len(answers) != 1 || answers["201"] < 100 {
		t.Errorf("not all were created: %v", answers)
	}

	says(t, c.hook("kslint-test", "--trial-namespace="+tenant), "denial: ", rule)
	// There is no DNS here to call the Service by its name.
	says(t, c.hook("kslint-doctor", "--trial-namespace="+tenant, "--no-call"), "replicas: 3 ready on 3 nodes", "ok     configuration:")
	c.audit()
	for _, account := range []string{"kslint-webhook", "kslint-audit", "kslint-doctor", "kslint-test"} {
		c.usesEveryPermission(account)
	}

	for _, r := range c.running {
		r.Kill()
	}
	c.hook("kslint-uninstall")
	if a, err := world.Admin.Do(t.Context(), http.MethodPost, deployments+"?dryRun=All", []byte(sound(t))); err != nil || a.Code != http.StatusCreated {
		t.Errorf("after the hook requests wait for dead replicas: %v %v", a, err)
	}
	c.usesEveryPermission("kslint-uninstall")
	kubectl(t, c.manifest("enforce", func(o *chartObject) bool { return !o.isHook() }), "delete", "--ignore-not-found", "-f", "-")
	for _, r := range c.running {
		conceal(t, r.Name) // the endpoint controller's, in a cluster
	}
	left := ""
	for end := time.Now().Add(patience); ; time.Sleep(time.Second) { // controllers take away what they have made
		if left = c.left(); left == "" || time.Now().After(end) {
			break
		}
	}
	if left != "" {
		t.Errorf("left: %s", left)
	}
}

// chart is the release in the cluster, and the processes that its Pods would be.
type chart struct {
	t       *testing.T
	folder  string
	running []*chartPod
	started int
	profile string

	mu    sync.Mutex
	calls map[string]map[call]bool // by ServiceAccount
}

type chartPod struct {
	*cluster.Process
	health, metrics string
	port            int
}

// object is what is looked at of one of the chart.
type chartObject struct {
	metav1.TypeMeta
	Metadata metav1.ObjectMeta `json:"metadata"`
	Rules    []rbac.PolicyRule `json:"rules"`
	Data     map[string]string `json:"data"`
	Spec     struct {
		core.PodSpec
		Template core.PodTemplateSpec `json:"template"`
	} `json:"spec"`
	text string
}

func (o *chartObject) isHook() bool { return o.Metadata.Annotations["helm.sh/hook"] != "" }

func (o *chartObject) container() core.Container {
	return append(o.Spec.Template.Spec.Containers, o.Spec.Containers...)[0]
}

// newChart makes room: what the other tests use of the same names goes and comes back.
func newChart(t *testing.T) *chart {
	t.Helper()
	c := &chart{t: t, folder: t.TempDir(), calls: map[string]map[call]bool{}}
	kubectl(t, "", "delete", "-f", filepath.Join("testdata", "roles.yaml"))
	level := []string{"pod-security.kubernetes.io/warn", "pod-security.kubernetes.io/enforce"}
	kubectl(t, "", "label", "--overwrite", "namespace", system, level[0]+"=restricted", level[1]+"=restricted")
	t.Cleanup(func() {
		kubectl(t, "", "label", "namespace", system, level[0]+"-", level[1]+"-")
		kubectl(t, "", "apply", "-f", filepath.Join("testdata", "roles.yaml"))
	})
	t.Cleanup(func() {
		for _, p := range c.running {
			p.Kill()
			if t.Failed() {
				t.Logf("%s: %s", p.Name, p.Tail())
			}
			conceal(t, p.Name)
		}
		all := c.manifest("enforce", func(*chartObject) bool { return true })
		kubectl(t, strings.ReplaceAll(all, "namespace: default", "namespace: "+tenant), "delete", "--ignore-not-found", "--wait=false", "-f", "-")
	})
	return c
}

// objects are those of a rendered release, with the dry runs of hooks in the namespace of our tenant.
func (c *chart) objects(profile string) []*chartObject {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "deploy", "testdata", profile+".yaml"))
	must(c.t, err)
	var all []*chartObject
	for text := range strings.SplitSeq(strings.ReplaceAll(string(data), "namespace: default", "namespace: "+tenant), "\n---\n") {
		o := &chartObject{text: text}
		must(c.t, yaml.Unmarshal([]byte(text), o))
		if o.Kind != "" {
			all = append(all, o)
		}
	}
	return all
}

func (c *chart) object(profile, kind, name string) *chartObject {
	c.t.Helper()
	for _, o := range c.objects(profile) {
		if o.Kind == kind && o.Metadata.Name == name {
			return o
		}
	}
	c.t.Fatalf("the chart has no %s %s", kind, name)
	return nil
}

func (c *chart) manifest(profile string, wanted func(*chartObject) bool) string {
	c.t.Helper()
	var parts []string
	for _, o := range c.objects(profile) {
		if wanted(o) {
			parts = append(parts, o.text)
		}
	}
	return strings.Join(parts, "\n---\n")
}

// apply applies what stays, as Helm does: every object is accepted, and the API server warns about none.
func (c *chart) apply(profile string) {
	c.t.Helper()
	out := kubectl(c.t, c.manifest(profile, func(o *chartObject) bool { return !o.isHook() }), "apply", "--server-side", "--field-manager=helm", "-f", "-")
	for line := range strings.Lines(out) {
		if !strings.HasSuffix(line, " serverside-applied\n") {
			c.t.Errorf("kubectl apply: %s", line)
		}
	}
	c.setProfile(profile)
}

// setProfile mounts the configuration of a profile, and makes its Deployments those whose Pods run.
func (c *chart) setProfile(profile string) {
	c.t.Helper()
	c.profile = profile
	folder := filepath.Join(c.folder, "config")
	must(c.t, os.MkdirAll(folder, 0o755))
	text := c.object(profile, "ConfigMap", "kslint-config").Data["kslint.yaml"]
	must(c.t, os.WriteFile(filepath.Join(folder, "next"), []byte(text), 0o644))
	must(c.t, os.Rename(filepath.Join(folder, "next"), filepath.Join(folder, "kslint.yaml"))) // as kubelet does: at once
}

// left is what the API server still has of kslint, in every resource that it can list.
func (c *chart) left() string {
	c.t.Helper()
	resources := slices.DeleteFunc(strings.Fields(kubectl(c.t, "", "api-resources", "--verbs=list", "--output=name")), func(name string) bool {
		return strings.HasPrefix(name, "events")
	})
	var found []string
	for name := range strings.FieldsSeq(kubectl(c.t, "", "get", strings.Join(resources, ","), "--all-namespaces", "--ignore-not-found", "--output=name")) {
		if strings.Contains(name, "kslint") && name != "namespace/"+system {
			found = append(found, name)
		}
	}
	return strings.Join(found, " ")
}

// soundLoad creates a sound Deployment again and again, as a dry run, until done is closed, and counts the answers.
func soundLoad(done chan struct{}) map[string]int {
	data, _ := os.ReadFile(filepath.Join("testdata", "web.yaml"))
	var mu sync.Mutex
	answers := map[string]int{}
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				a, err := world.Admin.Do(context.Background(), http.MethodPost, deployments+"?dryRun=All", data)
				key := fmt.Sprint(err)
				if err == nil {
					key = fmt.Sprint(a.Code)
				}
				if err == nil && a.Code != http.StatusCreated {
					key += fmt.Sprintf(" %.300s", a.Body)
				}
				mu.Lock()
				answers[key]++
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return answers
}
