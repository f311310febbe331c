package cluster

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// FailOpen is how many requests the API server has let through because a webhook failed, over all webhooks, by its own counting.
func (c *Client) FailOpen() (int, error) {
	data, err := c.Get("/metrics")
	if err != nil {
		return 0, err
	}
	return Sum(data, "apiserver_admission_webhook_fail_open_count", "")
}

// Sum adds up the samples of a metric in the text format whose labels hold a piece of text.
func Sum(metrics []byte, name, label string) (int, error) {
	total := 0.0
	for line := range bytes.Lines(metrics) {
		rest, ok := strings.CutPrefix(string(line), name)
		if !ok || rest[0] != '{' && rest[0] != ' ' || !strings.Contains(rest, label) {
			continue
		}
		fields := strings.Fields(rest)
		v, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		if err != nil {
			return 0, err
		}
		total += v
	}
	return int(total), nil
}

// Event is a line of the audit log.
type Event struct {
	Verb        string
	User        struct{ Username string }
	ObjectRef   struct{ Resource, Namespace, Name, Subresource string }
	Annotations map[string]string
}

// Audit gives the events of the audit log that a test asks for.
func (c *Cluster) Audit(want func(*Event) bool) ([]Event, error) {
	f, err := os.Open(c.file("audit.log"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var events []Event
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			continue // the line that is being written
		}
		if want(&e) {
			events = append(events, e)
		}
	}
	return events, lines.Err()
}

// FailedOpen tells whether a request was let through because a webhook failed.
func (e *Event) FailedOpen() bool {
	for key := range e.Annotations {
		if strings.HasPrefix(key, "failed-open.validating.webhook.admission.k8s.io/") {
			return true
		}
	}
	return false
}
