package audit_test

import (
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	rbac "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// role is one of the documentation's.
type role struct {
	Kind     string
	Metadata struct{ Namespace string }
	Rules    []rbac.PolicyRule
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

func documented(t *testing.T, file string) (roles []*role) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
		for part := range strings.SplitSeq(block[1], "---\n") {
			r := &role{}
			if err := yaml.Unmarshal([]byte(part), r); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(r.Kind, "Role") {
				roles = append(roles, r)
			}
		}
	}
	return roles
}

// request is what RBAC sees of one.
type request struct{ verb, group, resource, namespace, name, url string }

func seen(r *http.Request) request {
	if in := strings.Count(r.URL.Path, "/"); !strings.HasPrefix(r.URL.Path, "/api/v1/") && (!strings.HasPrefix(r.URL.Path, "/apis/") || in < 4) {
		return request{verb: strings.ToLower(r.Method), url: r.URL.Path}
	}
	path, namespace, name := split(r.URL.Path)
	q := r.URL.Query()
	one := request{verb: verbOf(r.Method, name, q), namespace: namespace, name: name}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	one.resource = parts[len(parts)-1]
	if parts[0] == "apis" {
		one.group = parts[1]
	}
	if selector := q.Get("fieldSelector"); strings.HasPrefix(selector, "metadata.name=") {
		one.name = strings.TrimPrefix(selector, "metadata.name=")
	}
	return one
}

func (r *role) allows(q request) (rules []*rbac.PolicyRule) {
	if r.Kind == "Role" && q.namespace != map[bool]string{true: "kslint-system", false: r.Metadata.Namespace}[r.Metadata.Namespace == ""] {
		return nil
	}
	for i := range r.Rules {
		one := &r.Rules[i]
		if !slices.Contains(one.Verbs, q.verb) {
			continue
		}
		if q.url != "" && slices.Contains(one.NonResourceURLs, q.url) || q.url == "" && slices.Contains(one.APIGroups, q.group) &&
			slices.Contains(one.Resources, q.resource) && (len(one.ResourceNames) == 0 || slices.Contains(one.ResourceNames, q.name)) {
			rules = append(rules, one)
		}
	}
	return rules
}

// everything serves and holds all kinds that the audit knows of.
func everything(t *testing.T) *server {
	s := world()
	secrets(t, s)
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"} {
		s.served = append(s.served, fmt.Sprintf("types.kubefed.io/v1beta1/federated%ss/Federated%s", strings.ToLower(kind), kind))
	}
	s.served = append(s.served, "policy/v1/poddisruptionbudgets/PodDisruptionBudget", "-storage.k8s.io/v1/storageclasses/StorageClass",
		"autoscaling/v2/horizontalpodautoscalers/HorizontalPodAutoscaler", "-/v1/nodes/Node")
	s.scraped = scraped(1.6e9, 0, 0)
	s.add(deployments, deployment("shop", "web", faulty))
	return s
}

// judge is the authorizer of the documented roles, and keeps which rules were needed.
type judge struct {
	t     *testing.T
	roles []*role
	group string // of the reports
	mu    sync.Mutex
	used  map[string]bool
}

func grant(rule *rbac.PolicyRule, resource, verb string) string {
	return fmt.Sprintf("%v %v %s %s", rule.ResourceNames, rule.NonResourceURLs, resource, verb)
}

func (j *judge) hears(r *http.Request) {
	q := seen(r)
	if q.verb == "get" && strings.HasPrefix(q.url, "/api") {
		return // discovery, which everybody may ask for
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.decide(q)
	if q.verb == "patch" {
		q.verb = "create" // of what is not there
		j.decide(q)
	}
}

func (j *judge) decide(q request) {
	allowed := false
	for _, role := range j.roles {
		for _, rule := range role.allows(q) {
			allowed = true
			j.used[grant(rule, q.resource, q.verb)] = true
		}
	}
	if !allowed {
		j.t.Errorf("%+v is not granted", q)
	}
	reads := slices.Contains([]string{"get", "list", "watch"}, q.verb)
	if own := q.resource == "leases" && q.namespace == "kslint-system"; !reads && !own && q.group != j.group {
		j.t.Errorf("%+v writes", q)
	}
}

func (j *judge) over(group string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.group = group
}

func (j *judge) needed(key string) func() bool {
	return func() bool { j.mu.Lock(); defer j.mu.Unlock(); return j.used[key] }
}

// unused says which of the grants nobody has needed.
func (j *judge) unused() {
	for _, role := range j.roles {
		for i := range role.Rules {
			rule := &role.Rules[i]
			resources := rule.Resources
			if len(rule.NonResourceURLs) > 0 {
				resources = []string{""}
			}
			for _, resource := range resources {
				for _, verb := range rule.Verbs {
					if key := grant(rule, resource, verb); !j.used[key] {
						j.t.Errorf("%s is granted and not used", key)
					}
				}
			}
		}
	}
}

// T20: the roles of the documentation suffice, each of their verbs and resources is needed, and nothing but reports, and Leases in the
// audit's namespace, is written.
func TestRoles_T20_areThoseThatAreDocumented(t *testing.T) {
	j := &judge{t: t, roles: documented(t, "../../docs/audit.md"), used: map[string]bool{}}
	if others := documented(t, "../../docs/zh/audit.md"); !reflect.DeepEqual(j.roles, others) {
		t.Error("the two languages grant different things")
	}
	store, _ := configured(t, enforce+"rules: {workload-readiness-missing: on}\n")
	for _, group := range []string{"openreports.io", "wgpolicyk8s.io"} {
		j.over(group)
		s := everything(t)
		if group == "wgpolicyk8s.io" {
			s.old = true
			s.served = slices.DeleteFunc(s.served, func(one string) bool { return strings.Contains(one, "openreports") })
			s.served = append(s.served, "wgpolicyk8s.io/v1alpha2/policyreports/PolicyReport", "-wgpolicyk8s.io/v1alpha2/clusterpolicyreports/ClusterPolicyReport")
		}
		s.answered = j.hears
		o := often(options(t, s, store))
		o.FailOpen, o.SecretCertificates = true, true
		r := run(t, o, quick)
		r.await(t, 1)
		s.remove(deployments, func(object) bool { return false })
		s.do(func() { s.refused["/apis/apps/v1/daemonsets"] = http.StatusForbidden }) // the cluster's report says so
		r.await(t, r.passes()+2)
		s.do(func() { delete(s.refused, "/apis/apps/v1/daemonsets") })
		r.await(t, r.passes()+2)
		soon(t, "the Lease is renewed", r.log.String, j.needed("[kslint-audit kslint-audit-enforcement] [] leases update"))
		r.end()
	}
	j.unused()
}
