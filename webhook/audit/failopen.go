package audit

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// The metrics of the API server that are read: how often it let a request through without a webhook, and when its process began,
// by which one API server is told from another, and from itself after a restart.
const (
	failOpenCount = "apiserver_admission_webhook_fail_open_count"
	processStart  = "process_start_time_seconds"
)

// failOpens are what the API servers have counted. Each is read as connections happen to lead to it.
type failOpens struct {
	counts map[string]float64 // by the start of the process
	begun  time.Time
}

// watchFailOpen reads the API server's metrics again and again until ctx ends.
func (l *leader) watchFailOpen(ctx context.Context) {
	client, err := l.afresh()
	if err != nil {
		l.log.Error("the API server's metrics cannot be read", "error", err)
		return
	}
	seen := &failOpens{counts: map[string]float64{}, begun: time.Now()}
	said := ""
	for ctx.Err() == nil {
		n, err := l.countFailOpen(ctx, client, seen)
		now := ""
		if err != nil {
			l.metrics.failed("fail-open")
			now = err.Error()
		}
		if now != said && ctx.Err() == nil {
			if said = now; err != nil {
				l.log.Warn("what the API server lets through is not seen", "error", now)
			} else {
				l.log.Info("what the API server lets through is seen again")
			}
		}
		if n > 0 {
			l.metrics.failOpen.Add(n)
			l.log.Warn("the API server let requests through because the webhook did not answer", "requests", n)
			select {
			case l.kicks <- struct{}{}:
			default:
			}
		}
		_ = sleep(ctx, l.options.times.failOpen)
	}
}

// afresh makes a client that dials anew for each request: of several API servers it is not always the same that answers.
func (l *leader) afresh() (rest.Interface, error) {
	c := rest.CopyConfig(l.api.config)
	c.Wrap(func(t http.RoundTripper) http.RoundTripper { return closing{t} })
	c.GroupVersion, c.NegotiatedSerializer = &meta.Unversioned, scheme.Codecs.WithoutConversion()
	return rest.UnversionedRESTClientFor(c)
}

type closing struct{ http.RoundTripper }

func (c closing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Close = true
	return c.RoundTripper.RoundTrip(r)
}

// countFailOpen gives how many requests were let through since the same API server was read last.
func (l *leader) countFailOpen(ctx context.Context, client rest.Interface, seen *failOpens) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c, err := l.api.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(ctx, l.options.Configuration, meta.GetOptions{})
	if err != nil {
		return 0, fmt.Errorf("the webhook configuration cannot be read: %w", err)
	}
	names := map[string]bool{}
	for _, w := range c.Webhooks {
		names[w.Name] = true
	}
	body, err := client.Get().AbsPath("/metrics").SetHeader("Accept", "text/plain").Stream(ctx)
	if err != nil {
		return 0, fmt.Errorf("the API server's metrics cannot be read: %w", err)
	}
	defer func() { _ = body.Close() }()
	start, count, err := readFailOpen(body, names)
	if err != nil {
		return 0, err
	}
	return seen.rise(start, count), nil
}

// rise gives by how much the count of an API server has risen. One that is read for the first time has counted since it began: that
// is news only if it began after us.
func (f *failOpens) rise(start string, count float64) float64 {
	before, known := f.counts[start]
	f.counts[start] = count
	if !known {
		if at, err := strconv.ParseFloat(start, 64); err != nil || time.UnixMilli(int64(at*1000)).Before(f.begun) {
			return 0
		}
	}
	return math.Max(0, count-before)
}

// readFailOpen looks for two metrics in the text format. All others, some megabytes, go by.
func readFailOpen(body io.Reader, names map[string]bool) (start string, count float64, err error) {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for lines.Scan() {
		if text, ok := bytes.CutPrefix(lines.Bytes(), []byte(processStart+" ")); ok {
			start = string(text)
			continue
		}
		text, ok := bytes.CutPrefix(lines.Bytes(), []byte(failOpenCount+"{"))
		if !ok {
			continue
		}
		labels, value, _ := strings.Cut(string(text), "} ")
		_, name, _ := strings.Cut(labels, `name="`)
		name, _, _ = strings.Cut(name, `"`)
		if n, err := strconv.ParseFloat(value, 64); err == nil && names[name] {
			count += n
		}
	}
	if err := lines.Err(); err != nil {
		return "", 0, fmt.Errorf("the API server's metrics cannot be read: %w", err)
	}
	if start == "" {
		return "", 0, fmt.Errorf("the API server's metrics lack %s", processStart)
	}
	return start, count, nil
}
