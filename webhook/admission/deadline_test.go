package admission

import (
	"bytes"
	"context"
	"net/http/httptest"
	"testing"
	"time"
)

// The server's WriteTimeout counts from the headers on. An answer after it is lost, and over TLS the client reads "bad record MAC" in
// its place: the answer's record was counted and never sent before the alert that ends the connection.
func TestHandler_answersBehindTheServersWriteTimeout(t *testing.T) {
	const timeout = 500 * time.Millisecond // the handshake has to end within it too
	s := httptest.NewUnstartedServer(NewHandler(reviewer(func(context.Context, *Request) Answer {
		time.Sleep(timeout * 3 / 2) // the fault itself
		return Answer{Allowed: true}
	}), quiet(Options{})))
	s.Config.WriteTimeout = timeout
	s.StartTLS()
	t.Cleanup(s.Close)
	got, err := postTo(t.Context(), s.Client(), s.URL+"/workloads?timeout=10s", bytes.NewReader(body(t, `{}`, nil))) //nolint:bodyclose // response does
	if err != nil {
		t.Fatal(err)
	}
	if a := response(t, got); a == nil || !a.Allowed {
		t.Errorf("answer %+v", a)
	}
}
