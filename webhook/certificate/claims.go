package certificate

import (
	"context"
	"fmt"
	"strings"
	"time"

	coordination "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// leaseName is that of a replica, or of the leader for "".
func (k *kube) leaseName(replica string) string {
	if replica == "" {
		return k.Service + "-certificate"
	}
	return k.Service + "-certificate-" + replica
}

func (k *kube) claims(ctx context.Context) ([]Claim, error) {
	// No resourceVersion and no limit: the newest, with a quorum.
	list, err := k.client.CoordinationV1().Leases(k.Namespace).List(ctx, meta.ListOptions{LabelSelector: serviceLabel + "=" + k.Service})
	if err != nil {
		return nil, err
	}
	var all []Claim
	for i := range list.Items {
		// One that cannot be read is as good as none: its replica, if it lives, publishes it anew.
		if c, err := readClaim(&list.Items[i]); err == nil {
			all = append(all, *c)
		}
	}
	return all, nil
}

func (k *kube) claim(ctx context.Context, replica string) (*Claim, error) {
	l, err := k.client.CoordinationV1().Leases(k.Namespace).Get(ctx, k.leaseName(replica), meta.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	c, err := readClaim(l)
	if err != nil {
		return nil, nil //nolint:nilerr // what cannot be read is published anew
	}
	return c, nil
}

func readClaim(l *coordination.Lease) (*Claim, error) {
	a := l.Annotations
	until, err := time.Parse(time.RFC3339, a[notAfterAnnotation])
	if err != nil {
		return nil, fmt.Errorf("the Lease %.100s: its annotation %s is no time", l.Name, notAfterAnnotation)
	}
	return &Claim{a[replicaAnnotation], strings.Split(a[authoritiesAnnotation], ","), a[serialAnnotation], until}, nil
}

func (k *kube) publish(ctx context.Context, c Claim) error {
	leases := k.client.CoordinationV1().Leases(k.Namespace)
	l, err := leases.Get(ctx, k.leaseName(c.Replica), meta.GetOptions{})
	absent := apierrors.IsNotFound(err)
	if absent {
		l = &coordination.Lease{ObjectMeta: meta.ObjectMeta{Name: k.leaseName(c.Replica), Namespace: k.Namespace}}
	} else if err != nil {
		return err
	}
	if l.Labels == nil {
		l.Labels = map[string]string{}
	}
	if l.Annotations == nil {
		l.Annotations = map[string]string{}
	}
	l.Labels[serviceLabel] = k.Service
	l.Annotations[replicaAnnotation] = c.Replica
	l.Annotations[authoritiesAnnotation] = strings.Join(c.Authorities, ",")
	l.Annotations[serialAnnotation] = c.Serial
	l.Annotations[notAfterAnnotation] = c.NotAfter.UTC().Format(time.RFC3339)
	l.Spec.HolderIdentity = &c.Replica
	if absent {
		_, err = leases.Create(ctx, l, meta.CreateOptions{FieldManager: manager})
	} else {
		_, err = leases.Update(ctx, l, meta.UpdateOptions{FieldManager: manager})
	}
	return err
}

func (k *kube) withdraw(ctx context.Context, replica string) error {
	err := k.client.CoordinationV1().Leases(k.Namespace).Delete(ctx, k.leaseName(replica), meta.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
