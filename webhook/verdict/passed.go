package verdict

import (
	"bytes"
	"encoding/json"
	"maps"

	"github.com/kslint/kslint/webhook/admission"
)

const (
	create = "CREATE"
	update = "UPDATE"
)

// decision says whether requests for a resource or subresource are looked at.
type decision int

const (
	check decision = iota
	ignore
)

// subresources is the one table of what is written beside an object itself: for "pods/resize" first, for "*/status" else. What it
// does not name is checked, so that a subresource that is new to us is no way around.
var subresources = map[string]decision{
	// They carry the whole Pod, and change what runs in it.
	"pods/ephemeralcontainers": check,
	"pods/resize":              check,

	// Written by controllers about what is; the spec in them is not stored.
	"*/status": ignore,
	// A number of replicas, no template: autoscalers must never wait.
	"*/scale": ignore,
	// Removing finalizers ends a deletion.
	"*/finalize": ignore,

	// They carry another kind than the object's, and change no template.
	"*/binding":  ignore,
	"*/eviction": ignore,
	"*/token":    ignore,
	"*/approval": ignore,

	// Streams; they are connected to.
	"*/attach":      ignore,
	"*/exec":        ignore,
	"*/log":         ignore,
	"*/portforward": ignore,
	"*/proxy":       ignore,
}

func decide(resource, subresource string) decision {
	if d, ok := subresources[resource+"/"+subresource]; ok {
		return d
	}
	if d, ok := subresources["*/"+subresource]; ok {
		return d
	}
	return check
}

// Judged tells whether requests for a resource, or for a subresource where that is not "", are looked at: what the rules of a
// ValidatingWebhookConfiguration have to list.
func Judged(resource, subresource string) bool { return decide(resource, subresource) == check }

// passedOver says why a request is allowed without being looked at, "" when it is not.
func passedOver(q *admission.Request) string {
	switch {
	case q.Operation != create && q.Operation != update:
		return "operation"
	case decide(q.Resource.Resource, q.SubResource) == ignore:
		return "subresource"
	case len(q.Object) == 0:
		return "no object"
	case q.Operation == update && unchanged(q.OldObject, q.Object):
		return "unchanged"
	}
	return ""
}

// unchanged tells whether an update leaves alone what rules judge: everything but metadata and status. Of an object without a
// spec (ConfigMap, StorageClass) labels and annotations count too, but for one that is being deleted: its finalizers, and what
// else is said about it, must come off. Texts are compared as the API server wrote them; where it wrote equal objects in two
// ways, they are judged like others.
func unchanged(before, after []byte) bool {
	var a, b fields
	if len(before) == 0 || json.Unmarshal(before, &a) != nil || json.Unmarshal(after, &b) != nil {
		return false
	}
	_, hasSpec := b["spec"]
	was, is := a.metadata(), b.metadata()
	if !hasSpec && is.DeletionTimestamp == nil && !was.sameWords(is) {
		return false
	}
	for _, bookkeeping := range []string{"metadata", "status"} {
		delete(a, bookkeeping)
		delete(b, bookkeeping)
	}
	return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
}

// fields are an object's at its first level.
type fields map[string]json.RawMessage

// metadata is what matters of an object's.
type metadata struct {
	DeletionTimestamp   *string
	Labels, Annotations map[string]string
}

func (f fields) metadata() (m metadata) {
	if json.Unmarshal(f["metadata"], &m) != nil {
		return metadata{} // of an odd type; the engine says so
	}
	return m
}

func (m metadata) sameWords(other metadata) bool {
	return maps.Equal(m.Labels, other.Labels) && maps.Equal(m.Annotations, other.Annotations)
}
