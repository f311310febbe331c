package certificate

import (
	"context"
	"log/slog"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
)

// until does something again and again until ctx ends: when the time is over that it gives, or somebody wakes it.
func until(ctx context.Context, woken <-chan struct{}, do func() time.Duration) {
	for ctx.Err() == nil {
		wait := time.NewTimer(do())
		select {
		case <-ctx.Done():
		case <-woken:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// within ends what the API server does not answer.
func within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, renewDeadline)
	defer cancel()
	return do(ctx)
}

// told logs an error when it is another one than the last.
func told(ctx context.Context, log *slog.Logger, what string, last *string, err error) {
	now := ""
	if err != nil {
		now = err.Error()
	}
	if now == *last || ctx.Err() != nil {
		return
	}
	*last = now
	if err != nil {
		log.Error(what+": there is a problem", "error", now)
	} else {
		log.Info(what + ": the problem is gone")
	}
}

// watch calls f when the configuration changes. It only makes things faster: whoever is woken looks by himself from time to time.
func (k *kube) watch(ctx context.Context, f func()) {
	woken := make(chan struct{})
	until(ctx, woken, func() time.Duration {
		w, err := k.client.AdmissionregistrationV1().ValidatingWebhookConfigurations().Watch(ctx, meta.ListOptions{
			FieldSelector: fields.OneTermEqualSelector("metadata.name", k.Configuration).String(),
		})
		if err != nil {
			return seldom
		}
		defer w.Stop()
		for {
			select {
			case <-ctx.Done():
				return seldom
			case _, open := <-w.ResultChan():
				if !open {
					return often
				}
				f()
			}
		}
	})
}
