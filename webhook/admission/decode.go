package admission

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// headSize is how many bytes of a body are looked through for the uid. The API server writes it as the first field of the
// request, before anything that a user can make long.
const headSize = 16 << 10

// envelope is what an answer has to repeat.
type envelope struct {
	apiVersion, kind, uid string
}

const (
	reviewKind    = "AdmissionReview"
	reviewGroup   = "admission.k8s.io/"
	reviewVersion = reviewGroup + "v1"
)

// scanHead gives as much of the envelope as the beginning of a body holds.
func scanHead(head []byte) envelope {
	var e envelope
	s := &scanner{text: head}
	_ = s.members(func(key string) error {
		if key == "request" && s.next() == '{' {
			return s.members(func(key string) error {
				if key == "uid" {
					return s.into(&e.uid)
				}
				_, err := s.value()
				return err
			})
		}
		return e.field(s, key)
	})
	return e
}

func (e *envelope) field(s *scanner, key string) error {
	switch key {
	case "apiVersion":
		return s.into(&e.apiVersion)
	case "kind":
		return s.into(&e.kind)
	}
	_, err := s.value()
	return err
}

// into reads a string; another value leaves it as it is.
func (s *scanner) into(to *string) error {
	text, err := s.value()
	if err == nil && text[0] == '"' {
		*to = unquote(text)
	}
	return err
}

// decode reads a whole body. Object and OldObject are slices of it.
func decode(body []byte) (*Request, error) {
	if !json.Valid(body) {
		return nil, errors.New("the review is no valid JSON")
	}
	var e envelope
	var r *Request
	s := &scanner{text: body}
	err := s.members(func(key string) error {
		if key != "request" || s.next() != '{' {
			return e.field(s, key)
		}
		r = &Request{}
		return r.read(s)
	})
	switch {
	case err != nil:
		return nil, err
	case e.kind != reviewKind:
		return nil, fmt.Errorf("kind is %.64q, and not %s", e.kind, reviewKind)
	case e.apiVersion != reviewVersion:
		return nil, fmt.Errorf("apiVersion %.64q is not served: admissionReviewVersions has to be [v1]", e.apiVersion)
	case r == nil || r.UID == "":
		return nil, errors.New("the review has no request with a uid")
	}
	return r, nil
}

// read reads the members of a request; names are exact, as the API server writes them, and others are passed over.
func (r *Request) read(s *scanner) error {
	var user struct {
		Username string   `json:"username"`
		Groups   []string `json:"groups"`
	}
	fields := map[string]any{
		"kind": &r.Kind, "resource": &r.Resource, "userInfo": &user, "dryRun": &r.DryRun,
		"uid": &r.UID, "subResource": &r.SubResource, "namespace": &r.Namespace, "name": &r.Name, "operation": &r.Operation,
	}
	var wrong error
	err := s.members(func(key string) error {
		text, err := s.value()
		if err != nil {
			return err
		}
		switch key {
		case "object":
			r.Object = orNil(text)
			return nil
		case "oldObject":
			r.OldObject = orNil(text)
			return nil
		}
		if to, ok := fields[key]; ok && json.Unmarshal(text, to) != nil && wrong == nil {
			wrong = fmt.Errorf("request.%s is not of its type", key) // the uid may still come
		}
		return nil
	})
	r.User, r.Groups = user.Username, user.Groups
	return errors.Join(err, wrong)
}

func orNil(text []byte) []byte {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	return text
}
