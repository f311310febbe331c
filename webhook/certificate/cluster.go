package certificate

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	admission "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	apply "k8s.io/client-go/applyconfigurations/admissionregistration/v1"
	"k8s.io/client-go/kubernetes"
)

// cluster is what is read from the API server and written to it. There is nothing else.
type cluster interface {
	// configuration gives nil when there is none.
	configuration(context.Context) (*configuration, error)
	content(context.Context) (*Content, error)
	store(context.Context, *Content, State) error
	apply(context.Context, *configuration, []*x509.Certificate) error
	claims(context.Context) ([]Claim, error)
	// claim gives nil when there is none.
	claim(ctx context.Context, replica string) (*Claim, error)
	publish(context.Context, Claim) error
	withdraw(ctx context.Context, replica string) error
}

// Target names the objects.
type Target struct {
	Namespace, Service string
	// Secret is there, made empty by whoever installs the webhook.
	Secret string
	// Configuration is a ValidatingWebhookConfiguration.
	Configuration string
}

// name is what the API server expects in a leaf.
func (t Target) name() string { return t.Service + "." + t.Namespace + ".svc" }

const (
	// manager owns the caBundle of each webhook of the configuration, and nothing else.
	manager = "kslint-webhook-certificate"

	serviceLabel          = "kslint.io/certificate-of"
	replicaAnnotation     = "kslint.io/replica"
	authoritiesAnnotation = "kslint.io/authorities"
	serialAnnotation      = "kslint.io/serial"
	notAfterAnnotation    = "kslint.io/not-after"
)

// kube is the cluster of a client.
type kube struct {
	Target
	client kubernetes.Interface
}

// content reads the Secret with a quorum: what a claim is confirmed by must not be old.
func (k *kube) content(ctx context.Context) (*Content, error) {
	s, err := k.client.CoreV1().Secrets(k.Namespace).Get(ctx, k.Secret, meta.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, fmt.Errorf("there is no Secret %s/%s: it has to be made empty, by the chart for example", k.Namespace, k.Secret)
	} else if err != nil {
		return nil, err
	}
	c := parseContent(string(s.Type), s.Data, s.Annotations[RotateBefore])
	c.version = s.ResourceVersion
	return c, nil
}

// store replaces what was read; it fails when the Secret has changed since.
func (k *kube) store(ctx context.Context, old *Content, s State) error {
	secret, err := k.client.CoreV1().Secrets(k.Namespace).Get(ctx, k.Secret, meta.GetOptions{})
	if err != nil {
		return err
	}
	if secret.Data, err = s.data(); err != nil {
		return err
	}
	secret.StringData, secret.ResourceVersion = nil, old.version
	_, err = k.client.CoreV1().Secrets(k.Namespace).Update(ctx, secret, meta.UpdateOptions{FieldManager: manager})
	return secretless(err)
}

// secretless keeps what an API server, or something before it, quotes of a Secret out of the error.
func secretless(err error) error {
	if err == nil || apierrors.IsConflict(err) {
		return err
	}
	return fmt.Errorf("the Secret cannot be written: %s", apierrors.ReasonForError(err))
}

// configuration is what the API server trusts in, for each webhook of a configuration that calls the service.
type configuration struct {
	uid, version string
	names        []string
	bundles      [][]*x509.Certificate
	garbled      bool // there is something in a bundle that is no certificate
}

func (k *kube) configuration(ctx context.Context) (*configuration, error) {
	c, err := k.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(ctx, k.Configuration, meta.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return k.read(c)
}

func (k *kube) read(c *admission.ValidatingWebhookConfiguration) (*configuration, error) {
	out := &configuration{uid: string(c.UID), version: c.ResourceVersion}
	for _, w := range c.Webhooks {
		if s := w.ClientConfig.Service; s == nil || s.Namespace != k.Namespace || s.Name != k.Service {
			continue
		}
		bundle, err := parseBundle(w.ClientConfig.CABundle)
		out.garbled = out.garbled || err != nil
		out.names, out.bundles = append(out.names, w.Name), append(out.bundles, bundle)
	}
	if len(out.names) == 0 {
		return nil, fmt.Errorf("no webhook of the configuration %s calls the Service %s/%s", k.Configuration, k.Namespace, k.Service)
	}
	return out, nil
}

// matches tells whether every bundle consists of these CAs.
func (c *configuration) matches(want []*x509.Certificate) bool {
	return !c.garbled && !slices.ContainsFunc(c.bundles, func(b []*x509.Certificate) bool { return !slices.Equal(ids(b), ids(want)) })
}

// live gives the CAs that any of the bundles holds.
func (c *configuration) live() []*x509.Certificate {
	if c == nil {
		return nil
	}
	return slices.Concat(c.bundles...)
}

// apply owns the one field. The resourceVersion keeps a leader that has been asleep from undoing what the next one has done.
func (k *kube) apply(ctx context.Context, c *configuration, bundle []*x509.Certificate) error {
	if len(bundle) == 0 {
		return errors.New("the caBundle is not emptied")
	}
	a := apply.ValidatingWebhookConfiguration(k.Configuration).WithResourceVersion(c.version)
	for _, name := range c.names {
		a.WithWebhooks(apply.ValidatingWebhook().WithName(name).
			WithClientConfig(apply.WebhookClientConfig().WithCABundle(encodeBundle(bundle)...)))
	}
	_, err := k.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Apply(ctx, a,
		meta.ApplyOptions{FieldManager: manager, Force: true})
	return err
}
