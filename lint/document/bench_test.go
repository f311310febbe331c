package document

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// manifest writes a Deployment of at least so many bytes.
func manifest(size int) []byte {
	var b strings.Builder
	b.WriteString("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  labels:\n    app: web\n" +
		"spec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app: web\n  template:\n    spec:\n      containers:\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `      - name: c%d # container
        image: "registry.example.com/shop/web:1.%d.0"
        ports:
        - containerPort: %d
          protocol: TCP
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits:
            cpu: 500m
            memory: 512Mi
        securityContext:
          runAsNonRoot: true
`, i, i, 8000+i)
	}
	return []byte(b.String())
}

func BenchmarkDecode(b *testing.B) {
	src := &lint.Source{Name: "web.yaml", Data: manifest(10 << 10)}
	b.SetBytes(int64(len(src.Data)))
	b.ReportAllocs()
	for b.Loop() {
		Decode(src)
	}
}

// BenchmarkParser is what the parser alone takes for the same text.
func BenchmarkParser(b *testing.B) {
	data := manifest(10 << 10)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var n yaml.Node
		if err := yaml.Unmarshal(data, &n); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkConsumer is what the consumer takes, which reads ordinary documents not at all.
func BenchmarkConsumer(b *testing.B) {
	data := manifest(10 << 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := consult(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	d := Decode(&lint.Source{Name: "web.yaml", Data: manifest(10 << 10)})[0]
	path := lint.Path{"spec", "template", "spec", "containers", 20, "resources", "limits", "memory"}
	b.ReportAllocs()
	for b.Loop() {
		d.Where.Locate(path)
	}
}

func BenchmarkWritten(b *testing.B) {
	d := Decode(&lint.Source{Name: "web.yaml", Data: manifest(10 << 10)})[0]
	b.ReportAllocs()
	for b.Loop() {
		d.Written()
	}
}
