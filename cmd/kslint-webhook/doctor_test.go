package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubernetes "k8s.io/apimachinery/pkg/version"
	fakediscovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/certificate"
	"github.com/kslint/kslint/webhook/configuration"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// patient is a cluster for the doctor, all of it well until a test changes it.
type patient struct {
	version       string
	configuration *admissionv1.ValidatingWebhookConfiguration
	others        *admissionv1.MutatingWebhookConfiguration
	endpoints     []discovery.Endpoint
	handler       http.Handler
	refusal       error  // of the dry run
	warning       string // the API server's
	lang          string
}

// product is the handler as it is served, without a configuration.
var product = sync.OnceValues(func() (http.Handler, error) {
	store, err := snapshot.New(context.Background(), snapshot.Options{})
	if err != nil {
		return nil, err
	}
	return admission.NewHandler(verdict.New(store.Current, nil, time.Now, verdict.Options{}), admission.Options{
		Entry: func(name string) (admission.Entry, bool) { return entry(name, store.Current().Config) },
	}), nil
})

// healthy has the product itself behind the Service.
func healthy(t *testing.T) *patient {
	t.Helper()
	handler, err := product()
	if err != nil {
		t.Fatal(err)
	}
	endpoint := func(node string) discovery.Endpoint {
		return discovery.Endpoint{Addresses: []string{node}, NodeName: &node, TargetRef: &core.ObjectReference{Name: "of-" + node}}
	}
	return &patient{
		version: "v1.36.3", handler: handler, endpoints: []discovery.Endpoint{endpoint("n1"), endpoint("n2")}, warning: tell + " spec: warned",
		configuration: configuration.Build(configuration.Values{Profile: lint.Enforce, GuardedLabels: []string{"tier"}}),
		others:        &admissionv1.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "sidecars"}, Webhooks: []admissionv1.MutatingWebhook{mutating("a.example.com", 10)}},
		lang:          "en",
	}
}

func mutating(name string, seconds int32) admissionv1.MutatingWebhook {
	return admissionv1.MutatingWebhook{Name: name, TimeoutSeconds: &seconds, Rules: []admissionv1.RuleWithOperations{{
		Operations: []admissionv1.OperationType{admissionv1.Create},
		Rule:       admissionv1.Rule{APIGroups: []string{"*"}, APIVersions: []string{"*"}, Resources: []string{"*"}},
	}}}
}

// examined is what the doctor says of it.
func (p *patient) examined(t *testing.T) (well bool, said string) {
	t.Helper()
	now := time.Now()
	authority, err := certificate.NewAuthority(now, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := authority.Issue("kslint-webhook.kslint-system.svc", now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewUnstartedServer(p.handler)
	served.TLS = &tls.Config{Certificates: []tls.Certificate{*leaf}, MinVersion: tls.VersionTLS13}
	served.Config.ErrorLog = log.New(io.Discard, "", 0)
	served.StartTLS()
	defer served.Close()
	client := fake.NewClientset(p.others, &discovery.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kslint-system", Name: "a", Labels: map[string]string{discovery.LabelServiceName: "kslint-webhook"}},
		Endpoints:  p.endpoints,
	})
	if c := p.configuration.DeepCopy(); c != nil {
		for i := range c.Webhooks {
			if c.Webhooks[i].ClientConfig.CABundle == nil {
				c.Webhooks[i].ClientConfig.CABundle = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Certificate.Raw})
			}
		}
		if err := client.Tracker().Add(c); err != nil {
			t.Fatal(err)
		}
	}
	client.Discovery().(*fakediscovery.FakeDiscovery).FakedServerVersion = &kubernetes.Info{GitVersion: p.version}
	var out bytes.Buffer
	d := &doctor{
		namespace: "kslint-system", service: "kslint-webhook", configuration: "kslint-webhook", trial: "default", lang: p.lang,
		timeout: time.Minute, client: client, warned: &warnings{}, out: &out,
		dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "kslint-webhook.kslint-system.svc:443" {
				t.Errorf("dialled %s", address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, served.Listener.Addr().String())
		},
	}
	client.PrependReactor("create", "deployments", func(a clienttesting.Action) (bool, runtime.Object, error) {
		o := a.(clienttesting.CreateActionImpl)
		if len(o.CreateOptions.DryRun) != 1 || o.CreateOptions.DryRun[0] != metav1.DryRunAll {
			t.Error("it is no dry run")
		}
		if p.warning != "" {
			d.warned.HandleWarningHeader(299, "", p.warning)
		}
		return true, o.GetObject(), p.refusal
	})
	return d.examine(context.Background()), out.String()
}

func TestDoctor_saysThatAllIsWell(t *testing.T) {
	p := healthy(t)
	well, said := p.examined(t)
	if lines := strings.Count(said, "\n"); !well || lines != 6 || strings.Count(said, "ok     ") != 6 {
		t.Errorf("%v: %s", well, said)
	}
	p.lang, p.refusal, p.warning = "zh", errors.New("denied: "+tell), ""
	if well, said := p.examined(t); !well || strings.Count(said, "正常 ") != 6 {
		t.Errorf("%v: %s", well, said)
	}
}

// TestDoctor_findsWhatIsWrong makes one thing wrong at a time: exactly its check fails, and says so.
func TestDoctor_findsWhatIsWrong(t *testing.T) {
	first := func(p *patient) *admissionv1.ValidatingWebhook { return &p.configuration.Webhooks[0] }
	not, here := false, "n1"
	long := int32(10)
	for _, test := range []struct {
		name    string
		change  func(*patient)
		failing string // check, or several
		says    string
	}{
		{"an old API server", func(p *patient) { p.version = "v1.29.4-gke.1" }, "api-server", "matchConditions need 1.30"},
		{"one replica", func(p *patient) { p.endpoints = p.endpoints[:1] }, "replicas", "1 ready on 1 nodes"},
		{"two on one node", func(p *patient) { p.endpoints[1].NodeName = &here }, "replicas", "2 ready on 1 nodes"},
		{"one that is not ready", func(p *patient) { p.endpoints[1].Conditions.Ready = &not }, "replicas", "1 ready on 1 nodes"},
		{"no configuration", func(p *patient) { p.configuration = nil }, "configuration call", "there is no ValidatingWebhookConfiguration"},
		{"another's Service", func(p *patient) {
			for i := range p.configuration.Webhooks {
				p.configuration.Webhooks[i].ClientConfig.Service.Name = "other"
			}
		}, "configuration call", "no entry of kslint-webhook calls"},
		{"kube-system is sent", func(p *patient) { first(p).NamespaceSelector.MatchExpressions[0].Values = []string{"kslint-system"} }, "configuration", "workloads.kslint.io: it is sent what is in kube-system"},
		{"its own namespace is sent", func(p *patient) {
			s := first(p).NamespaceSelector.MatchExpressions[0]
			first(p).NamespaceSelector.MatchExpressions[0].Values = s.Values[:3]
		}, "configuration", "what is in kslint-system"},
		{"no selector", func(p *patient) { first(p).NamespaceSelector = nil }, "configuration", "what is in kube-node-lease"},
		{"a long timeout", func(p *patient) { first(p).TimeoutSeconds = &long }, "configuration", "its timeout is above 3 s"},
		{"no conditions", func(p *patient) { first(p).MatchConditions = nil }, "configuration", "without matchConditions"},
		{"no conditions, and updates are sent", func(p *patient) {
			w := &p.configuration.Webhooks[1]
			w.Rules[0].Operations = append(w.Rules[0].Operations, admissionv1.Update)
		}, "configuration", "new-workloads.kslint.io: it fails closed without matchConditions"},
		{"everything is sent", func(p *patient) { first(p).Rules[0].Resources = []string{"*/*"} }, "configuration", "it is sent *"},
		{"leases are sent", func(p *patient) {
			first(p).Rules[0].APIGroups, first(p).Rules[0].Resources = []string{"coordination.k8s.io"}, []string{"leases"}
		}, "configuration", "it is sent leases"},
		{"namespaces are sent to another entry", func(p *patient) { first(p).Rules[0].Resources = []string{"namespaces/status"} }, "configuration", "it is sent namespaces/status"},
		{"an entry is missing", func(p *patient) { p.configuration.Webhooks = p.configuration.Webhooks[1:] }, "configuration", "there is no entry workloads.kslint.io"},
		{"an entry is switched off", func(p *patient) { first(p).Rules = nil }, "configuration", "there is no entry workloads.kslint.io"},
		{"an empty caBundle", func(p *patient) { first(p).ClientConfig.CABundle = []byte{} }, "configuration call", "its caBundle is empty"},
		{"another CA", func(p *patient) {
			a, err := certificate.NewAuthority(time.Now(), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			first(p).ClientConfig.CABundle = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw})
		}, "call", "does not lead to the caBundle"},
		{"another server", func(p *patient) { p.handler = http.NotFoundHandler() }, "call", "404 Not Found"},
		{"a webhook that finds nothing", func(p *patient) { p.handler = admission.NewHandler(open{}, admission.Options{}) }, "call", "does not name " + tell},
		{"nothing is said to a user", func(p *patient) { p.warning = "" }, "dry-run", "without a word about " + tell},
		{"somebody else refuses", func(p *patient) { p.refusal, p.warning = errors.New("quota exceeded"), "" }, "dry-run", "failed, and not by resource-quantity-suspicious: quota exceeded"},
		{"T27: timeouts that add up", func(p *patient) {
			p.others.Webhooks = append(p.others.Webhooks, mutating("b.example.com", 10), mutating("c.example.com", 12))
		}, "timeouts", "may wait for 35 s, and the API server gives up after 34 s: lower the timeouts of a.example.com 10 s, b.example.com"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := healthy(t)
			test.change(p)
			well, said := p.examined(t)
			var failing []string
			for line := range strings.Lines(said) {
				if rest, ok := strings.CutPrefix(line, "FAILED "); ok {
					name, _, _ := strings.Cut(rest, ":")
					failing = append(failing, name)
				}
			}
			if got := strings.Join(failing, " "); well || got != test.failing || !strings.Contains(said, test.says) {
				t.Errorf("well %v, failing %q, want %q: %s", well, got, test.failing, said)
			}
		})
	}
}

func TestDoctor_saysWhatIsWrongWithTheFlags(t *testing.T) {
	for args, want := range map[string]struct {
		code int
		says string
	}{
		"":                                       {2, "--namespace is needed"},
		"--namespace a b":                        {2, "takes no arguments"},
		"--namespace a --lang fr":                {2, "none of en, zh"},
		"--namespace a --timeout 0s":             {2, "more than 0"},
		"--namespace a --service=":               {2, "are not empty"},
		"--nonsense":                             {2, "-nonsense"},
		"--namespace a":                          {1, "--kubeconfig is needed"},
		"--namespace a --kubeconfig testdata/no": {1, "the kubeconfig cannot be used"},
		"--help":                                 {0, "-no-call"},
	} {
		var out, errs bytes.Buffer
		code := run(append([]string{"doctor"}, strings.Fields(args)...), &out, &errs)
		if text := out.String() + errs.String(); code != want.code || !strings.Contains(text, want.says) || (out.Len() > 0) != (code == 0) {
			t.Errorf("%s: exit status %d: %s", args, code, text)
		}
	}
}

func TestEmergencyOff_printsOneCommandAndRunsNothing(t *testing.T) {
	var out, errs bytes.Buffer
	code := run([]string{"emergency-off", "--webhook-configuration", "other"}, &out, &errs)
	if !strings.HasPrefix(out.String(), "kubectl delete validatingwebhookconfiguration other\n\n") || code != 0 || errs.Len() > 0 {
		t.Errorf("exit status %d: %s%s", code, out.String(), errs.String())
	}
	for _, args := range [][]string{{"now"}, {"--webhook-configuration", "a; rm"}, {"--webhook-configuration="}, {"--nonsense"}} {
		out.Reset()
		if code := run(append([]string{"emergency-off"}, args...), &out, &errs); code != 2 || out.Len() > 0 {
			t.Errorf("%q: exit status %d: %s", args, code, out.String())
		}
	}
}
