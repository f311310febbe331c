package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// straight asks replicas themselves, as the API server does, in its place: what they answer while it is away.
type straight struct {
	client        *http.Client
	timeout       time.Duration
	sound, faulty []byte // bodies of reviews
}

// lateError is a denial for want of time or room.
type lateError struct{ code int }

func (e *lateError) Error() string { return fmt.Sprintf("denied with %d", e.code) }

// newStraight has the API server make the objects of the reviews, with all of their defaults.
func newStraight(t *testing.T) *straight {
	t.Helper()
	a := send(t, http.MethodPost, deployments, sound(t), "dryRun=All")
	if a.Code != http.StatusCreated {
		t.Fatalf("%d: %s", a.Code, message(a.Body))
	}
	object := string(a.Body)
	return &straight{
		timeout: 3 * time.Second,
		sound:   reviewOf(object), faulty: reviewOf(replace(t, object, `"memory":"100Mi"`, `"memory":"100m"`)),
		client: &http.Client{Timeout: patience, Transport: &http.Transport{
			MaxIdleConnsPerHost: 64,
			// Which certificate is the right one is asked by the API server, in every other test.
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}},
		}},
	}
}

func reviewOf(deployment string) []byte {
	return fmt.Appendf(nil, `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"2d8c1f0e-0001-4c53-9b39-1f6b2d1a7c11",`+
		`"kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},`+
		`"name":"web","namespace":%q,"operation":"CREATE","userInfo":{"username":"maria"},"object":%s,"oldObject":null,"dryRun":true,"options":null}}`,
		tenant, deployment)
}

// ask posts a review to a replica and tells whether the verdict is the right one.
func (s *straight) ask(ctx context.Context, r *replica, faulty bool) error {
	body := s.sound
	if faulty {
		body = s.faulty
	}
	url := fmt.Sprintf("https://%s:%d/workloads?timeout=%v", world.Address, r.serving, s.timeout)
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	a, err := s.client.Do(q)
	if err != nil {
		return err
	}
	defer func() { _ = a.Body.Close() }()
	var review struct {
		Response struct {
			UID     string
			Allowed bool
			Status  struct {
				Message string
				Code    int
			}
		}
	}
	if err := json.NewDecoder(a.Body).Decode(&review); err != nil {
		return err
	}
	switch code := review.Response.Status.Code; {
	case !bytes.Contains(body[:200], []byte(`"uid":"`+review.Response.UID+`"`)):
		return fmt.Errorf("the answer has the uid %q", review.Response.UID)
	case code == http.StatusGatewayTimeout || code == http.StatusTooManyRequests:
		return &lateError{code}
	}
	if said := review.Response; said.Allowed == faulty || faulty && !strings.Contains(said.Status.Message, rule) {
		return fmt.Errorf("faulty %t, allowed %t: %.200s", faulty, said.Allowed, said.Status.Message)
	}
	return nil
}

// answers checks that replicas judge rightly at the moment; one that has no time is asked again.
func (s *straight) answers(t *testing.T, h *hook) {
	t.Helper()
	for _, r := range h.replicas {
		for _, faulty := range []bool{false, true} {
			eventually(t, "a verdict", func() bool {
				err := s.ask(t.Context(), r, faulty)
				if _, late := errors.AsType[*lateError](err); err != nil && !late {
					t.Errorf("%s: %v", r.Name, err)
				}
				return err == nil
			})
		}
		must(t, r.isReady())
	}
}
