package admission

import (
	"bytes"
	"encoding/json"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

func seeds(f *testing.F) {
	f.Add(body(f, `{"kind":"Deployment","a":"\u003c\\\"}{"}`, nil))
	f.Add(body(f, `{}`, func(r *admissionv1.AdmissionReview) { r.Request.RequestKind = nil; r.Request.Object.Raw = nil }))
	for _, s := range []string{
		``, `{`, `{}`, `[]`, `null`, `{"request":null}`, `{"request":{"uid":"a\u0062\\"}}`, `{"request":{"uid":"a"},"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}`,
		`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","object":[1,-2.5e3,true,null,{"a":[]}],"oldObject":null,"userInfo":null,"kind":null}}`,
		`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","dryRun":7}}`, "{\"request\"\n:\t{\"uid\" : \"a\"", `{"a":"\`,
	} {
		f.Add([]byte(s))
	}
}

// FuzzDecode holds our scanner against encoding/json: what is read is what the API's own types read.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			return
		}
		// encoding/json takes names in any case, our reader only those that the API server writes: with both in a text they differ.
		var want struct {
			APIVersion string
			Request    map[string]json.RawMessage
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("accepted %q: %v", data, err)
		}
		if n := bytes.Count(bytes.ToLower(data), []byte(`request"`)); n != 1 || bytes.ContainsRune(data, '\\') {
			return
		}
		var uid string
		if err := json.Unmarshal(want.Request["uid"], &uid); err != nil || uid != r.UID {
			t.Errorf("uid %q, want %q: %v", r.UID, uid, err)
		}
		for name, got := range map[string][]byte{"object": r.Object, "oldObject": r.OldObject} {
			raw := want.Request[name]
			if string(raw) == "null" {
				raw = nil
			}
			if !bytes.Equal(got, raw) || got != nil && !json.Valid(got) {
				t.Errorf("%s %q, want %q", name, got, raw)
			}
		}
	})
}

// FuzzScanHead holds that a uid, once read, is read however the text goes on, and that no text makes the scanner run beyond it.
func FuzzScanHead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := scanHead(data)
		if r, err := decode(data); err == nil && bytes.Count(data, []byte(`"uid"`)) == 1 && !bytes.ContainsRune(data, '\\') && (whole.uid != r.UID) {
			t.Errorf("the head says %+v, the whole %+v", whole, r)
		}
		for i := range min(len(data), 300) {
			if part := scanHead(data[:i]); part.uid != "" && part.uid != whole.uid && bytes.Count(data, []byte(`uid"`)) <= 1 && bytes.Count(data, []byte(`request"`)) <= 1 && !bytes.ContainsRune(data, '\\') {
				t.Errorf("%d bytes say %q, all say %q", i, part.uid, whole.uid)
			}
		}
	})
}
