package admission

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Limits of an answer. The API server cuts warnings to 256 runes each and 4096 in all; messages it does not cut.
const (
	MaxWarnings     = 10
	MaxWarningRunes = 200
	MaxMessage      = 8 << 10 // bytes
	maxAudit        = 16      // annotations
	maxAuditValue   = 1 << 10 // bytes
	maxResponse     = 16 << 10
)

// writing is how long a client may take to read an answer.
const writing = 5 * time.Second

// answer writes a well-formed response, or plain HTTP where no uid is known: then there is nothing that the API server would
// take for an answer.
func (c *call) answer(a Answer, d Decision, reason string) {
	if !a.Allowed && a.Code < http.StatusBadRequest {
		a.Code = http.StatusForbidden
	}
	c.answered = true
	_, end := c.step(c.r.Context(), spanAnswer)
	c.write(a)
	end()
	e := Event{Entry: c.name, Decision: d, Reason: reason, Duration: time.Since(c.begun)}
	if r := c.request; r != nil {
		e.Kind, e.Operation, e.DryRun = r.Kind.Kind, r.Operation, r.DryRun
	}
	c.Observer.Answered(e)
	c.tell(e, a)
}

func (c *call) write(a Answer) {
	var e envelope
	if c.request != nil {
		e = envelope{reviewVersion, reviewKind, c.request.UID}
	} else {
		e = scanHead(c.head)
	}
	if e.uid == "" || e.kind != "" && e.kind != reviewKind || e.apiVersion != "" && !strings.HasPrefix(e.apiVersion, reviewGroup) {
		code := int(a.Code)
		if code < http.StatusBadRequest {
			code = http.StatusBadRequest
		}
		http.Error(c.w, line(a.Message), code)
		return
	}
	data := encode(e, a)
	c.w.Header().Set("Content-Type", "application/json")
	c.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	// The server's own deadline counts from the headers on. An answer behind it is lost, and the client is told "bad record MAC" instead.
	_ = http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(writing))
	_, _ = c.w.Write(data) // a client that is gone has its timeout
}

// encode makes the response, within the limits.
func encode(e envelope, a Answer) []byte {
	version := e.apiVersion
	if version == "" {
		version = reviewVersion
	}
	r := &admissionv1.AdmissionResponse{
		UID: types.UID(e.uid), Allowed: a.Allowed, Warnings: warnings(a.Warnings), AuditAnnotations: audit(a.Audit),
	}
	if !a.Allowed {
		r.Result = status(a)
	}
	review := admissionv1.AdmissionReview{TypeMeta: metav1.TypeMeta{APIVersion: version, Kind: reviewKind}, Response: r}
	for {
		data, err := json.Marshal(review)
		if err != nil { // not with these types
			data = fmt.Appendf(nil, `{"apiVersion":%q,"kind":%q,"response":{"uid":%q,"allowed":false}}`, version, reviewKind, e.uid)
		}
		if len(data) <= maxResponse || !shorten(r) {
			return data
		}
	}
}

// shorten makes room where characters that JSON escapes have made an answer too long: a long message first, then what the audit
// log is told, then the least important warnings.
func shorten(r *admissionv1.AdmissionResponse) bool {
	switch {
	case r.Result != nil && len(r.Result.Message) > 1<<10:
		r.Result.Message = cut(r.Result.Message, len(r.Result.Message)*3/4)
	case len(r.AuditAnnotations) > 1:
		decision, ok := r.AuditAnnotations["decision"]
		r.AuditAnnotations = nil
		if ok {
			r.AuditAnnotations = map[string]string{"decision": decision}
		}
	case len(r.Warnings) > 0:
		r.Warnings = r.Warnings[:len(r.Warnings)-1]
	default:
		return false
	}
	return true
}

func status(a Answer) *metav1.Status {
	s := &metav1.Status{Status: metav1.StatusFailure, Code: a.Code, Message: cut(text(a.Message), MaxMessage)}
	switch a.Code {
	case http.StatusForbidden:
		s.Reason = metav1.StatusReasonForbidden
	case http.StatusBadRequest:
		s.Reason = metav1.StatusReasonBadRequest
	case http.StatusRequestEntityTooLarge:
		s.Reason = metav1.StatusReasonRequestEntityTooLarge
	case http.StatusTooManyRequests:
		// With this the API server sends Retry-After, and clients of client-go try again by themselves.
		s.Reason, s.Details = metav1.StatusReasonTooManyRequests, &metav1.StatusDetails{RetryAfterSeconds: 1}
	case http.StatusInternalServerError:
		s.Reason = metav1.StatusReasonInternalError
	case http.StatusGatewayTimeout:
		s.Reason = metav1.StatusReasonTimeout
	}
	return s
}

func warnings(all []string) []string {
	var out []string
	for i, w := range all {
		if i == MaxWarnings {
			return append(out, fmt.Sprintf("and %d more", len(all)-i))
		}
		out = append(out, cutRunes(line(w), MaxWarningRunes))
	}
	return out
}

// audit keeps annotations that the API server takes: it makes <webhook>/<key> of a key, and a second slash would lose it.
func audit(all map[string]string) map[string]string {
	if len(all) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if name := cut(strings.ReplaceAll(line(key), "/", "."), 63); name != "" && len(out) < maxAudit {
			out[name] = cut(line(all[key]), maxAuditValue)
		}
	}
	return out
}

// text makes valid UTF-8 without control characters of what may come from an object: terminals print it. Lines stay.
func text(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// line is text on one line.
func line(s string) string { return strings.ReplaceAll(text(s), "\n", " ") }

// cut cuts to n bytes at most, at the border of a rune, and says that it did.
func cut(s string, n int) string {
	const more = "…"
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-len(more)], "") + more
}

func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n-1 {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
