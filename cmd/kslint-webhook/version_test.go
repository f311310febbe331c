package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/snapshot"
)

func TestVersion_namesThePoliciesAsMetricsDo(t *testing.T) {
	store, err := snapshot.New(t.Context(), snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := tellVersion(nil, &out, io.Discard); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	source := store.Current().Sources[0]
	if !strings.Contains(out.String(), "\npolicies "+source.Digest+"\ntables 20") || source.Digest == "" {
		t.Errorf("%q, but the policies are %q", out.String(), source.Digest)
	}
}
