package admission

import "context"

// Request is what an AdmissionReview of admission.k8s.io/v1 asks. The bytes belong to the request: they may
// be another's after Review has returned.
type Request struct {
	UID         string
	Kind        GroupVersionKind
	Resource    GroupVersionResource
	SubResource string
	Namespace   string
	// Name is empty for a CREATE with generateName.
	Name string
	// Operation is CREATE, UPDATE, DELETE or CONNECT.
	Operation string
	User      string
	Groups    []string
	// DryRun says that nothing will be stored whatever is answered.
	DryRun bool
	// Object and OldObject are raw JSON, valid in syntax and nothing more; nil where the review holds none.
	Object, OldObject []byte
	// Entry is the last element of the URL's path: which entry of the webhook configuration asks.
	Entry string
}

// GroupVersionKind names a kind as the review does; the group of the core API is "".
type GroupVersionKind struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

// GroupVersionResource names a resource as the review does, in lower case and plural.
type GroupVersionResource struct {
	Group    string `json:"group"`
	Version  string `json:"version"`
	Resource string `json:"resource"`
}

// Answer is the verdict about a Request. The handler cuts what is longer than the limits of this package.
type Answer struct {
	Allowed bool
	// Message says why an object is denied; it is not sent with an allowed one.
	Message string
	// Code is the HTTP status that a denied client sees, 403 where it is below 400.
	Code int32
	// Warnings are what clients print, the most important first.
	Warnings []string
	// Audit holds annotations of the audit log. The API server puts the name of the webhook and a slash before each key.
	Audit map[string]string
}

// Reviewer decides. Review is called from many goroutines; it should return soon after ctx is done, since until it does it
// keeps its slot, although its answer is no longer waited for. A panic is answered as an error of the entry.
type Reviewer interface {
	Review(ctx context.Context, r *Request) Answer
}
