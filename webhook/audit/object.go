package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kslint/kslint/webhook/admission"
)

// object is one that exists: what the audit needs to know of it beside what rules see.
type object struct {
	admission.Request
	uid     string
	created time.Time
	// owner is the UID of the controller that made it, "" for none; ownerKind is that one's kind.
	owner, ownerKind string
	writes           []write
	labels           map[string]string
}

// write is when one manager of fields last changed an object, or one of its subresources.
type write struct {
	Manager     string
	Subresource string
	Time        time.Time
}

// metadata is what is read of an object's.
type metadata struct {
	APIVersion string
	Kind       string
	Metadata   struct {
		Namespace, Name, UID string
		CreationTimestamp    time.Time
		Labels               map[string]string
		OwnerReferences      []struct {
			Kind, UID  string
			Controller bool
		}
		ManagedFields []write
	}
}

// readObject makes an object of an item of a list, whose items need not say their kind.
func readObject(item json.RawMessage, group, resource string, r servedResource) (*object, error) {
	var m metadata
	if err := json.Unmarshal(item, &m); err != nil {
		return nil, errors.New("its metadata cannot be read") // the error may quote the object
	}
	o := &object{
		Request: admission.Request{
			Kind:      admission.GroupVersionKind{Group: group, Version: r.version, Kind: r.kind},
			Resource:  admission.GroupVersionResource{Group: group, Version: r.version, Resource: resource},
			Namespace: m.Metadata.Namespace, Name: m.Metadata.Name, Operation: "CREATE", Object: item, Entry: "workloads",
		},
		uid: m.Metadata.UID, created: m.Metadata.CreationTimestamp, writes: m.Metadata.ManagedFields, labels: m.Metadata.Labels,
	}
	if m.Kind == "" && m.APIVersion == "" {
		o.Object = withKind(item, o.apiVersion(), r.kind)
	}
	for _, owner := range m.Metadata.OwnerReferences {
		if owner.Controller {
			o.owner, o.ownerKind = owner.UID, owner.Kind
		}
	}
	return o, nil
}

func (o *object) apiVersion() string {
	if o.Kind.Group == "" {
		return o.Kind.Version
	}
	return o.Kind.Group + "/" + o.Kind.Version
}

// withKind puts apiVersion and kind before the other fields, which is cheaper than to have the object completed when it is decoded.
func withKind(item json.RawMessage, apiVersion, kind string) json.RawMessage {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(item, " \t\r\n"), []byte("{"))
	if !ok {
		return item
	}
	comma := ","
	if bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("}")) {
		comma = ""
	}
	return append(fmt.Appendf(make([]byte, 0, len(item)+64), `{"apiVersion":%q,"kind":%q%s`, apiVersion, kind, comma), rest...)
}

// lastWrite is the latest instant at which the object itself was changed, not its status or scale.
func (o *object) lastWrite() time.Time {
	last := o.created
	for _, w := range o.writes {
		switch w.Subresource {
		case "", "resize", "ephemeralcontainers":
			if w.Time.After(last) {
				last = w.Time
			}
		}
	}
	return last
}
