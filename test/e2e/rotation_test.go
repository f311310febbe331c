package e2e

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
	"github.com/kslint/kslint/webhook/configuration"
)

const configurationPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/" + hookName

// The CA and with it every leaf is exchanged under load, by the webhook itself; and somebody's manifest with an empty caBundle is
// applied over it.
func TestRotation_losesNoRequest(t *testing.T) {
	rotations, atLeast := 1, 200
	if *full {
		rotations, atLeast = 3, 20_000
	}
	h := deploy(t, setup{config: enforce, replicas: 3, certificates: selfMade, flags: []string{"--ca-wait=1s"}})
	before := failOpen(t)
	l := newLoad(t)
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, 3) })
	done := 0
	for sent := 0; done < rotations || sent < atLeast; sent, _, _ = l.sofar() {
		h.rotate()
		done++
	}
	settle(t, h, 30)
	sum := end()
	t.Logf("%d rotation(s) of the CA and the leaves of 3 replicas: %v", done, sum)
	sum.faultless(t)
	if n := failOpen(t) - before; n != 0 {
		t.Errorf("%d were let in unseen", n)
	}

	t.Run("an emptied caBundle is written again", func(t *testing.T) {
		l := newLoad(t)
		end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, 3) })
		settle(t, h, 10)
		before := trusted(t)
		emptied := strings.ReplaceAll(h.manifest(nil), "  clientConfig:\n", "  clientConfig:\n    caBundle: \"\"\n")
		must(t, world.Admin.Apply(configurationPath, emptied))
		began := time.Now()
		eventually(t, "the caBundle is back", func() bool { return len(trusted(t)) > 0 })
		took := time.Since(began)
		settle(t, h, 10)
		sum := end()
		t.Logf("repaired after %v: %v", took.Round(time.Millisecond), sum)
		if after := trusted(t); len(after) != len(before) || !after[0].Equal(before[0]) {
			t.Error("it is not what it was")
		}
		if took > 5*time.Second { // as long as it would take without a watch
			t.Errorf("took %v; the bar is one second", took)
		}
		if sum.wrong > 0 {
			t.Errorf("%d verdicts were wrong", sum.wrong)
		}
		for _, why := range sum.reasons { // while it was empty the API server could trust nobody
			says(t, why, "failed calling webhook", "certificate")
		}
	})
}

// rotate asks for a new CA and waits until it alone is trusted.
func (h *hook) rotate() {
	h.t.Helper()
	h.beginRotation()()
}

// beginRotation asks for a new CA; ended waits until it alone is trusted.
func (h *hook) beginRotation() (ended func()) {
	h.t.Helper()
	old := trusted(h.t)
	kubectl(h.t, "", "annotate", "--overwrite", "secret", "kslint-webhook-ca", "--namespace="+system,
		"kslint.io/rotate-before="+time.Now().UTC().Format(time.RFC3339Nano))
	return func() {
		h.t.Helper()
		eventually(h.t, "a new CA alone is trusted", func() bool {
			now := trusted(h.t)
			return len(now) == 1 && !now[0].Equal(old[0])
		})
	}
}

// trusted are the CAs in the caBundle of the entry for workloads.
func trusted(t *testing.T) (all []*x509.Certificate) {
	t.Helper()
	data, err := world.Admin.Get(configurationPath)
	must(t, err)
	var c struct {
		Webhooks []struct {
			Name         string
			ClientConfig struct{ CABundle []byte }
		}
	}
	must(t, json.Unmarshal(data, &c))
	for _, w := range c.Webhooks {
		rest := w.ClientConfig.CABundle
		for block, _ := pem.Decode(rest); w.Name == configuration.Workloads && block != nil; block, _ = pem.Decode(rest) {
			certificate, err := x509.ParseCertificate(block.Bytes)
			must(t, err)
			all = append(all, certificate)
			_, rest = pem.Decode(rest)
		}
	}
	return all
}

// With cert-manager somebody else writes files and caBundle, here the test: a replica serves only what the API server trusts.
func TestCertManager_readyOnlyWhenTrusted(t *testing.T) {
	h := prepareHook(t, setup{config: enforce, certificates: certManager})
	another, err := cluster.NewAuthority("another")
	must(t, err)
	h.install(another.PEM)
	r := h.run()
	isTrusted := func(want bool) func() bool {
		return func() bool {
			err := r.isReady()
			return want && err == nil || !want && err != nil && strings.Contains(err.Error(), "the API server would not trust it")
		}
	}
	inject := func() {
		kubectl(t, h.manifest(h.ca.PEM), "apply", "--server-side", "--field-manager=cainjector", "--force-conflicts", "-f", "-")
	}
	eventually(t, "not ready under another CA", isTrusted(false))
	inject()
	eventually(t, "ready under its own", isTrusted(true))
	h.publish(r, true)
	eventually(t, "the webhook is asked", func() bool { return asked(t) })

	h.pair() // issued anew under a new CA, which is not injected yet
	eventually(t, "not ready under the CA of before", isTrusted(false))
	inject()
	eventually(t, "ready under the new one", isTrusted(true))
	eventually(t, "the webhook is asked", func() bool { return asked(t) })
	data, err := world.Admin.Get(configurationPath)
	must(t, err)
	if strings.Contains(string(data), "kslint-webhook-certificate") {
		t.Error("the webhook has written what is cainjector's")
	}
}
