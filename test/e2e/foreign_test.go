package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// Three webhooks of others take connections and answer nothing, for as long as each may. kslint's verdict stands beside them, nothing of
// its own is let in, and a request is over when the longest of them is: the API server asks all of them at once.
func TestForeign_webhooksThatHang(t *testing.T) {
	h := deploy(t, setup{config: enforce})
	const others = 3
	hang(t, h.ca.PEM, others)
	before := failOpen(t)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second) // two requests; one after the other the others alone would take 30 s
	defer stop()
	a, err := world.Admin.Do(ctx, http.MethodPost, deployments+"?dryRun=All", []byte(faulty(t)))
	must(t, err)
	if !accuses(a) {
		t.Errorf("the faulty one got %d: %s", a.Code, a.Body)
	}
	a, err = world.Admin.Do(ctx, http.MethodPost, deployments+"?dryRun=All", []byte(sound(t)))
	must(t, err)
	if a.Code != http.StatusCreated {
		t.Errorf("the sound one got %d: %s", a.Code, a.Body)
	}
	if n := failOpen(t) - before; n != 2*others {
		t.Errorf("%d times a webhook was passed over, want %d: each of the others, and never kslint", n, 2*others)
	}
}

// hang installs webhooks of others for Deployments, whose address takes connections and never says a word. It waits until they count.
func hang(t *testing.T, ca []byte, n int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") // whose backlog takes what nobody accepts
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	for i := range n {
		name := fmt.Sprintf("foreign-%d", i)
		kubectl(t, fmt.Sprintf(`{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: %s}, webhooks: [{
name: %s.example.com, sideEffects: None, admissionReviewVersions: [v1], failurePolicy: Ignore, timeoutSeconds: 5,
clientConfig: {url: "https://%s/", caBundle: %s},
rules: [{apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE]}]}]}`,
			name, name, l.Addr(), base64.StdEncoding.EncodeToString(ca)), "apply", "-f", "-")
		t.Cleanup(func() { kubectl(t, "", "delete", "validatingwebhookconfiguration", name) })
	}
	eventually(t, "the others are asked", func() bool {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, err := world.Admin.Do(ctx, http.MethodPost, deployments+"?dryRun=All", []byte(sound(t)))
		return err != nil // it waits for them
	})
}
