package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

// running is a Source whose end is waited for.
func running(t *testing.T, c *fake.Clientset, name string) (*Source, func()) {
	t.Helper()
	s, err := New(Options{Target: target, Replica: name, Client: c, Times: Times{Wait: time.Second}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { s.Run(ctx) })
	end := sync.OnceFunc(func() { stop(); ended.Wait() })
	t.Cleanup(end)
	return s, end
}

func await(t *testing.T, what string, within time.Duration, f func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for !f() {
		if time.Since(begun) > within {
			t.Fatalf("%s: not within %s", what, within)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(begun)
}

// handshake is a real one, as the API server makes it with the caBundle of this moment.
func handshake(t *testing.T, c *fake.Clientset, s *Source) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(configurationOf(t, c).Webhooks[0].ClientConfig.CABundle)
	client, server := net.Pipe()
	defer func() { _ = client.Close() }()
	defer func() { _ = server.Close() }()
	served := make(chan error, 1)
	go func() {
		served <- tls.Server(server, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if c := s.Current(); c != nil {
				return c, nil
			}
			return nil, errors.New("none")
		}, MinVersion: tls.VersionTLS13}).Handshake()
	}()
	err := tls.Client(client, &tls.Config{RootCAs: roots, ServerName: target.name(), MinVersion: tls.VersionTLS13}).Handshake()
	_ = client.Close()
	<-served //nolint:errcheck // the client says what failed
	return err
}

// Three replicas start with an empty Secret, elect a leader, are Ready, rotate when asked to, survive the end of the leader, repair
// the caBundle and take their Leases back: with the clock of the wall, real handshakes all the while.
func TestSource_startsRotatesRepairsAndEnds(t *testing.T) {
	c := newClient()
	var all []*Source
	var ends []func()
	for _, name := range []string{"one", "two", "three"} {
		s, end := running(t, c, name)
		all, ends = append(all, s), append(ends, end)
	}
	ready := func() bool {
		for _, s := range all {
			if s.Trusted() != nil {
				return false
			}
		}
		return true
	}
	t.Log("ready after", await(t, "ready", 10*time.Second, ready))
	load, stop := context.WithCancel(t.Context())
	var dialling sync.WaitGroup
	count := 0
	dialling.Go(func() {
		for ; load.Err() == nil; count++ {
			if err := handshake(t, c, all[count%len(all)]); err != nil {
				t.Error("a handshake failed:", err)
				return
			}
		}
	})
	k := &kube{target, c}
	state := func() *Content {
		content, err := k.content(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	first := state().Signer.id()
	time.Sleep(1100 * time.Millisecond) // the annotation speaks of whole seconds
	write(t, c, func(_ *admission.ValidatingWebhookConfiguration, s *core.Secret) {
		s.Annotations = map[string]string{RotateBefore: time.Now().UTC().Format(time.RFC3339)}
	})
	t.Log("rotated after", await(t, "rotation", 60*time.Second, func() bool {
		s := state()
		return s.Signer.id() != first && s.Phase() == "steady"
	}))
	stop()
	dialling.Wait()
	t.Log(count, "handshakes")
	write(t, c, func(v *admission.ValidatingWebhookConfiguration, _ *core.Secret) {
		v.Webhooks[0].ClientConfig.CABundle = nil
	})
	t.Log("repaired after", await(t, "repair", time.Second, func() bool {
		return len(configurationOf(t, c).Webhooks[0].ClientConfig.CABundle) > 0
	}))
	for _, end := range ends {
		end()
	}
	if claims, err := k.claims(t.Context()); err != nil || len(claims) != 0 {
		t.Error("Leases stay behind:", claims, err)
	}
	got, err := c.CoordinationV1().Leases(target.Namespace).Get(t.Context(), target.Service+"-certificate", metav1.GetOptions{})
	if err != nil || got.Spec.HolderIdentity == nil {
		t.Error(got, err)
	}
}

func TestNew_saysWhatIsMissing(t *testing.T) {
	for says, change := range map[string]func(*Options){
		"--namespace":             func(o *Options) { o.Namespace = "" },
		"--service":               func(o *Options) { o.Service = "a.b" },
		"--secret":                func(o *Options) { o.Secret = "" },
		"--webhook-configuration": func(o *Options) { o.Configuration = "A" },
		"--replica":               func(o *Options) { o.Replica = "" },
		"--leaf-lifetime":         func(o *Options) { o.Times.Leaf = 20 * time.Minute },
		"--ca-lifetime":           func(o *Options) { o.Times = Times{Leaf: 2 * time.Hour, Authority: time.Hour} },
	} {
		o := Options{Target: target, Replica: "one", Client: newClient()}
		if _, err := New(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

type answer string

func (a answer) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{Header: http.Header{"Date": {string(a)}}}, nil
}

func TestSkew_isMeasuredByTheDateOfAnswers(t *testing.T) {
	s := &Skew{}
	for date, want := range map[string]time.Duration{
		time.Now().UTC().Add(-time.Hour).Format(http.TimeFormat): time.Hour, time.Now().UTC().Add(48 * time.Hour).Format(http.TimeFormat): -48 * time.Hour,
	} {
		if _, err := s.Wrap(answer(date)).RoundTrip(nil); err != nil { //nolint:bodyclose // there is none
			t.Fatal(err)
		}
		if got := s.Ahead(); (got - want).Abs() > 5*time.Second {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if _, err := s.Wrap(answer("yesterday")).RoundTrip(nil); err != nil || s.Ahead() == 0 { //nolint:bodyclose // there is none
		t.Error("what is no date says nothing")
	}
}

// The mode in which cert-manager's cainjector writes the caBundle: it is looked at, and nothing is written.
func TestFollower_watchesAndWritesNothing(t *testing.T) {
	c := newClient()
	a := must(t)(NewAuthority(time.Now(), day))
	pair := &held{}
	pair.c, _ = a.Issue(target.name(), time.Now(), day)
	f, err := NewFollower(pair, Target{Namespace: target.Namespace, Service: target.Service, Configuration: target.Configuration}, c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if f.Trusted() == nil {
		t.Error("nothing has been read yet")
	}
	go f.Run(t.Context())
	await(t, "an empty caBundle is seen", 5*time.Second, func() bool { return f.trust.Load() != nil && f.Trusted() != nil })
	inject := func(bundle []byte) {
		write(t, c, func(v *admission.ValidatingWebhookConfiguration, _ *core.Secret) {
			for i := range v.Webhooks {
				v.Webhooks[i].ClientConfig.CABundle = bundle
			}
		})
	}
	inject(encode(a.Certificate))
	await(t, "the right one is seen", 5*time.Second, func() bool { return f.Trusted() == nil })
	inject(encode(must(t)(NewAuthority(time.Now(), day)).Certificate))
	await(t, "another one is seen", 5*time.Second, func() bool { return f.Trusted() != nil })
	for _, action := range c.Actions() {
		if v := action.GetVerb(); v != "get" && v != "watch" && v != "update" || action.GetResource().Resource == "secrets" && v == "list" {
			t.Error(v, action.GetResource())
		}
	}
}

type held struct{ c *tls.Certificate }

func (h *held) Current() *tls.Certificate { return h.c }
func (h *held) Problem() error            { return nil }
