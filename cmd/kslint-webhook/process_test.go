package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/admission"
)

// process is the real thing.
type process struct {
	*exec.Cmd
	ports map[string]string // by the message that tells of them
	roots *x509.CertPool
	log   *bytes.Buffer
	ended chan error
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "kslint-webhook")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p := &process{ports: map[string]string{}, roots: selfSigned(t, dir), log: &bytes.Buffer{}, ended: make(chan error, 1)}
	p.Cmd = exec.Command(binary, append([]string{
		"--address", "127.0.0.1:0", "--health-address", "127.0.0.1:0", "--metrics-address", "127.0.0.1:0",
		"--tls-cert-file", filepath.Join(dir, "tls.crt"), "--tls-key-file", filepath.Join(dir, "tls.key"),
	}, args...)...)
	p.Env = []string{}
	log, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	serving := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			p.log.Write(append(lines.Bytes(), '\n'))
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Address != "" {
				p.ports[line.Msg] = line.Address
				if line.Msg == "serving" {
					close(serving)
				}
			}
		}
		p.ended <- p.Wait()
	}()
	select {
	case <-serving:
	case err := <-p.ended:
		t.Fatalf("%v: %s", err, p.log)
	}
	return p
}

// selfSigned writes a certificate for the loopback.
func selfSigned(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kslint-webhook"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, data := range map[string][]byte{"tls.crt": certificate, "tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	return roots
}

const review = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1","kind":{"group":"apps","version":"v1","kind":"Deployment"},
"resource":{"group":"apps","version":"v1","resource":"deployments"},"name":"web","namespace":"shop","operation":"CREATE","userInfo":{"username":"anna"},
"object":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":"web"}},
"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx:1.29"}]}}}},"dryRun":false}}`

// ask posts the review and gives what is wrong with the answer.
func ask(c *http.Client, url string) error {
	got, err := c.Post(url+"/workloads?timeout=3s", "application/json", strings.NewReader(review))
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }()
	var answer struct {
		Response struct {
			UID     string
			Allowed bool
		}
	}
	if err := json.NewDecoder(got.Body).Decode(&answer); err != nil || answer.Response.UID != "u-1" || !answer.Response.Allowed {
		return fmt.Errorf("%s %+v %w", got.Status, answer, err)
	}
	_, _ = io.Copy(io.Discard, got.Body)
	return nil
}

func status(t *testing.T, url string) (int, string) {
	t.Helper()
	got, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(body)
}

// T24: SIGTERM under load, through connections that are kept; what dials goes to another replica once the endpoints say so.
func TestProcess_endsOnSIGTERMWithoutLosingARequest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	p := start(t, "--drain", "4s")
	health := "http://" + p.ports["serving health"]
	for _, path := range []string{"/readyz", "/livez"} {
		if code, body := status(t, health+path); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	other := httptest.NewTLSServer(admission.NewHandler(open{}, admission.Options{}))
	defer other.Close()
	p.roots.AddCert(other.Certificate())
	var endpoint atomic.Value
	endpoint.Store(p.ports["serving"])
	c := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: p.roots, NextProtos: []string{"http/1.1"}}, MaxIdleConnsPerHost: 25,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, endpoint.Load().(string))
		},
	}}
	var served, failed atomic.Int64
	enough, done := make(chan struct{}), make(chan struct{})
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for {
				if err := ask(c, "https://127.0.0.1"); err != nil {
					failed.Add(1)
					t.Log(err)
				}
				if served.Add(1) == 200 {
					close(enough)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	<-enough
	if _, body := status(t, "http://"+p.ports["serving metrics"]+"/metrics"); !strings.Contains(body, `kslint_admission_requests_total{`) || !strings.Contains(body, `kslint_ready{check="policies"} 1`) {
		t.Error(body)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for code := 0; code != http.StatusServiceUnavailable; code, _ = status(t, health+"/readyz") {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond) // the lag of the endpoints
	endpoint.Store(other.Listener.Addr().String())
	if err := <-p.ended; err != nil {
		t.Errorf("%v: %s", err, p.log)
	}
	close(done)
	workers.Wait()
	if failed.Load() != 0 {
		t.Errorf("%d of %d failed", failed.Load(), served.Load())
	}
	if log := p.log.String(); strings.Contains(log, "nginx") || !strings.Contains(log, `"msg":"ended"`) {
		t.Error(log)
	}
}

// open lets everything through.
type open struct{}

func (open) Review(context.Context, *admission.Request) admission.Answer {
	return admission.Answer{Allowed: true}
}
