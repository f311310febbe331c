package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// api is the API server. Objects are read as the JSON that it sends, which is what rules are asked about.
type api struct {
	kubernetes.Interface
	rest   rest.Interface
	config *rest.Config
}

// maxRequest is how long a request may take with its answer: more than the API server gives itself.
const maxRequest = 2 * time.Minute

// connect makes the clients and connects to nothing yet.
func connect(o Options) (*api, error) {
	config, err := rest.InClusterConfig()
	if o.Kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", o.Kubeconfig)
	}
	if errors.Is(err, rest.ErrNotInCluster) {
		return nil, errors.New("--kubeconfig is needed outside of a cluster")
	} else if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	config.UserAgent, config.QPS, config.Burst = o.Agent, float32(o.pace), 2*o.pace
	config.Timeout = maxRequest
	config.ContentType, config.AcceptContentTypes = asJSON, asJSON // as it is read anyway
	transport, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfigAndClient(config, transport)
	if err != nil {
		return nil, err
	}
	return &api{Interface: client, rest: client.CoreV1().RESTClient(), config: config}, nil
}

// page is a part of a list.
type page struct {
	items []json.RawMessage
	// next is where the list goes on, "" at its end.
	next string
}

// maxPage is how many bytes of a page are held, so that a page of large objects is asked for again with fewer of them.
const maxPage = 32 << 20

// errLargePage says that a page holds more than maxPage.
var errLargePage = errors.New("the page is too large")

// query is what is asked for: a path of the API, and parameters of a list beside limit and continue.
type query struct {
	path       string
	parameters map[string]string
	// metadata asks for the metadata alone.
	metadata bool
}

const (
	asJSON     = "application/json"
	asMetadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// list asks for one page, in no version: the newest there is, which the API server does not answer from its cache.
func (a *api) list(ctx context.Context, q query, limit int, next string) (page, error) {
	r := a.rest.Get().AbsPath(q.path).SetHeader("Accept", asJSON).Param("limit", strconv.Itoa(limit))
	if q.metadata {
		r.SetHeader("Accept", asMetadata)
	}
	for key, value := range q.parameters {
		r.Param(key, value)
	}
	if next != "" {
		r.Param("continue", next)
	}
	body, err := r.Stream(ctx)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = body.Close() }()
	return readPage(body, maxPage)
}

// readPage takes a list apart while it comes, so that it is never there twice.
func readPage(body io.Reader, most int) (page, error) {
	var p page
	size := 0
	d := json.NewDecoder(body)
	err := eachField(d, func(key string) error {
		switch key {
		case "metadata":
			var m struct {
				Continue string `json:"continue"`
			}
			err := d.Decode(&m)
			p.next = m.Continue
			return err
		case "items":
			return eachItem(d, func(item json.RawMessage) error {
				if size += len(item); size > most && len(p.items) > 0 {
					return errLargePage
				}
				p.items = append(p.items, item)
				return nil
			})
		}
		var other json.RawMessage
		return d.Decode(&other)
	})
	return p, err
}

func eachField(d *json.Decoder, do func(key string) error) error {
	if err := expect(d, json.Delim('{')); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if err := do(name); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func eachItem(d *json.Decoder, do func(json.RawMessage) error) error {
	if t, err := d.Token(); err != nil || t == nil { // null for none
		return err
	} else if t != json.Delim('[') {
		return fmt.Errorf("items: expected a list, found %v", t)
	}
	for d.More() {
		var item json.RawMessage
		if err := d.Decode(&item); err != nil {
			return err
		}
		if err := do(item); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func expect(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err == nil && t != want {
		err = fmt.Errorf("expected %v, found %v", want, t)
	}
	return err
}

// get reads one object; nil where there is none.
func (a *api) get(ctx context.Context, path string) (json.RawMessage, error) {
	text, err := a.rest.Get().AbsPath(path).SetHeader("Accept", asJSON).Do(ctx).Raw()
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return text, err
}

// refused tells whether the API server does not let us read something, or does not have it.
func refused(err error) bool {
	return apierrors.IsForbidden(err) || apierrors.IsNotFound(err) || apierrors.IsMethodNotSupported(err)
}

// expired gives where a list goes on whose place the API server does not know any more, "" for from the beginning.
func expired(err error) (next string, is bool) {
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Code != http.StatusGone {
		return "", false
	}
	return status.Status().Continue, true
}
