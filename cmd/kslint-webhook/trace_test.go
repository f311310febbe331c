package main

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
)

// TestProcess_sendsItsTracesBeforeItEnds: what is queued when the process is told to end gets to the collector.
func TestProcess_sendsItsTracesBeforeItEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	sent := make(chan []byte, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := gzip.NewReader(r.Body)
		if err != nil || r.URL.Path != "/v1/traces" {
			http.Error(w, "no traces", http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(body)
		sent <- data
	}))
	defer collector.Close()
	p := start(t, "--otlp-endpoint", collector.URL, "--drain", "1ms")
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.roots}}}
	if err := ask(c, "https://"+p.ports["serving"]); err != nil {
		t.Fatal(err)
	}
	c.CloseIdleConnections()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil {
		t.Errorf("%v: %s", err, p.log)
	}
	spans := <-sent
	for _, want := range []string{"review", "decode", "check", "answer", "kslint-webhook", "sha256:"} {
		if !bytes.Contains(spans, []byte(want)) {
			t.Errorf("no %s in what was sent", want)
		}
	}
	if bytes.Contains(spans, []byte("nginx")) || bytes.Contains(spans, []byte("anna")) {
		t.Error("spans tell of the object or its author")
	}
}
