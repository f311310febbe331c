package admission

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A Deployment of ordinary size; what kubectl adds makes the half of it.
var deployment = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"` +
	strings.Repeat(`{\"name\":\"web\"},`, 40) + `"}},"spec":{"template":{"spec":{"containers":[` + strings.Repeat(`{"name":"web","image":"nginx:1.29","ports":[{"containerPort":80}]},`, 9) +
	`{"name":"last","image":"nginx:1.29"}]}}}}`

func BenchmarkHandler(b *testing.B) {
	for _, c := range []struct{ name, object string }{
		{"2kB", deployment},
		{"200kB", `{"data":"` + strings.Repeat("x", 200<<10) + `"}`},
		{"18MB", `{"data":"` + strings.Repeat(`\u003c`, 3<<20) + `"}`},
	} {
		review := body(b, c.object, nil)
		b.Run(c.name, func(b *testing.B) {
			h := NewHandler(allow, quiet(Options{}))
			b.SetBytes(int64(len(review)))
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := httptest.NewRequest(http.MethodPost, "/workloads?timeout=3s", bytes.NewReader(review))
					r.Header.Set("Content-Type", "application/json")
					h.ServeHTTP(httptest.NewRecorder(), r)
				}
			})
		})
	}
}

// BenchmarkTLS is what a review costs with its connection: HTTP/1.1 with keep-alive over TLS 1.3, client and server together.
func BenchmarkTLS(b *testing.B) {
	review := body(b, deployment, nil)
	s := httptest.NewTLSServer(NewHandler(allow, quiet(Options{})))
	defer s.Close()
	client := s.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 25
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			got, err := postTo(b.Context(), client, s.URL+"/workloads?timeout=3s", bytes.NewReader(review)) //nolint:bodyclose // response does
			if err != nil {
				b.Fatal(err)
			}
			if a := response(b, got); a == nil || !a.Allowed {
				b.Fatal(a)
			}
		}
	})
}
