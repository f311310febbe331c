package certificate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Connect makes a client of the API server that a kubeconfig names, or else of the one whose Pod this is, and measures its clock.
// Its errors may go into a log. It connects to nothing yet.
func Connect(kubeconfig, agent string) (kubernetes.Interface, *Skew, error) {
	config, err := rest.InClusterConfig()
	if kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, nil, errors.New("--kubeconfig is needed outside of a cluster")
	} else if err != nil {
		return nil, nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	skew := &Skew{}
	config.Wrap(skew.Wrap)
	config.UserAgent, config.QPS, config.Burst = agent, 20, 40 // a look is some five requests, the leader's lock one each 2 s
	client, err := kubernetes.NewForConfig(config)
	return client, skew, err
}

// Pair is a certificate that somebody else makes, of serve.FilePair for example.
type Pair interface {
	Current() *tls.Certificate
	Problem() error
}

// Follower serves somebody else's certificate and watches whether the API server would trust it: the caBundle is cert-manager's,
// and nothing is written.
type Follower struct {
	Pair
	kube    *kube
	log     *slog.Logger
	trust   atomic.Pointer[trust]
	judged  atomic.Pointer[judgement]
	woken   chan struct{}
	said    string
	service string
}

// NewFollower needs the names of the Service and of the configuration in the target, and no Secret.
func NewFollower(p Pair, t Target, client kubernetes.Interface, log *slog.Logger) (*Follower, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	return &Follower{Pair: p, kube: &kube{t, client}, log: log, woken: make(chan struct{}, 1), service: t.name()}, nil
}

// Run looks again and again until ctx ends.
func (f *Follower) Run(ctx context.Context) {
	go f.kube.watch(ctx, func() {
		select {
		case f.woken <- struct{}{}:
		default:
		}
	})
	until(ctx, f.woken, func() time.Duration {
		err := within(ctx, func(ctx context.Context) error {
			c, err := f.kube.configuration(ctx)
			if err == nil {
				f.trust.Store(trustOf(c))
			}
			return err
		})
		told(ctx, f.log, "caBundle", &f.said, err)
		if f.Trusted() != nil {
			return often
		}
		return seldom
	})
}

// Trusted says why the API server would not trust the certificate, as far as the last look at the configuration goes.
func (f *Follower) Trusted() error {
	c := f.Current()
	if c == nil || c.Leaf == nil {
		return errors.New("there is no certificate")
	}
	return remember(&f.judged, c, f.trust.Load(), f.service, time.Now)
}
