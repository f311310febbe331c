package bench

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// BenchmarkCerts_10000 lists ten thousand certificates of one CA that lie in one directory.
func BenchmarkCerts_10000(b *testing.B) {
	dir := certificates(b, 10_000)
	for _, format := range []string{"text", "json", "prometheus"} {
		b.Run(format, func(b *testing.B) { command(b, "certs", "--fail-within", "30d", "-o", format, dir) })
	}
}

// certificates writes leaves with a handful of keys: it is reading them that is timed.
func certificates(b *testing.B, n int) string {
	b.Helper()
	dir, ca := b.TempDir(), facttest.NewCA("etcd-ca")
	keys := []*facttest.Pair{ca, facttest.NewCA("b"), facttest.NewCA("c"), facttest.NewCA("d")}
	for i := range n {
		host := fmt.Sprintf("node%d", i)
		leaf := facttest.Make(facttest.Spec{
			CN: "etcd-member-" + host, DNS: []string{host, "localhost", "etcd.kube-system.svc"}, IPs: []string{"10.0.0.1", "127.0.0.1"},
			Usages: facttest.Both, Issuer: ca, Key: keys[i%len(keys)].Key,
		})
		put(b, filepath.Join(dir, "member-"+host+".pem"), string(leaf.PEM()))
	}
	return dir
}
