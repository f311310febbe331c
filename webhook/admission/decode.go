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
	_ = s.members(func(key []byte) error {
		if string(key) == "request" && s.next() == '{' {
			return s.members(func(key []byte) error {
				if string(key) == "uid" {
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

func (e *envelope) field(s *scanner, key []byte) error {
	switch string(key) {
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
		*to = string(unquoted(text))
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
	err := s.members(func(key []byte) error {
		if string(key) != "request" || s.next() != '{' {
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
	var wrong error
	err := s.members(func(key []byte) error {
		text, err := s.value()
		if err != nil {
			return err
		}
		ok := true
		switch string(key) {
		case "object":
			r.Object = orNil(text)
		case "oldObject":
			r.OldObject = orNil(text)
		case "uid":
			ok = word(text, &r.UID)
		case "subResource":
			ok = word(text, &r.SubResource)
		case "namespace":
			ok = word(text, &r.Namespace)
		case "name":
			ok = word(text, &r.Name)
		case "operation":
			ok = word(text, &r.Operation)
		case "kind":
			ok = json.Unmarshal(text, &r.Kind) == nil
		case "resource":
			ok = json.Unmarshal(text, &r.Resource) == nil
		case "userInfo":
			ok = json.Unmarshal(text, &user) == nil
		case "dryRun":
			ok = json.Unmarshal(text, &r.DryRun) == nil
		}
		if !ok && wrong == nil {
			wrong = fmt.Errorf("request.%s is not of its type", key) // the uid may still come
		}
		return nil
	})
	r.User, r.Groups = user.Username, user.Groups
	return errors.Join(err, wrong)
}

// word reads a string, as json.Unmarshal does and without its reflection: null leaves it as it is.
func word(text []byte, to *string) bool {
	if text[0] == '"' {
		*to = string(unquoted(text))
		return true
	}
	return string(text) == "null"
}

func orNil(text []byte) []byte {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	return text
}
