package cluster

import (
	"context"
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/tools/cache"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/facts"
)

// namespaceSource gives the metadata of namespaces; of that, name and labels are kept.
func namespaceSource(client metadata.Interface) source {
	all := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"})
	return source{
		name: "namespaces", example: &metav1.PartialObjectMetadata{}, client: client, watch: all.Watch, keep: keepLabels,
		list: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) { return all.List(ctx, o) },
	}
}

func keepLabels(object any) (any, error) {
	if o, ok := object.(*metav1.PartialObjectMetadata); ok {
		return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: o.Name, Labels: o.Labels, ResourceVersion: o.ResourceVersion}}, nil
	}
	return object, nil
}

func labelsIn(m *mirror, namespace string) (map[string]string, bool) {
	found, ok, _ := m.informer.GetIndexer().GetByKey(namespace) // it has no errors
	if o, is := found.(*metav1.PartialObjectMetadata); ok && is {
		return o.Labels, true
	}
	return nil, false
}

// surroundings are the objects that one kind of facts is made of, and what of their spec these facts speak of.
type surroundings struct {
	kind     string // of facts
	resource string
	object   string // the kind of the objects
	fields   []string
}

var allSurroundings = []surroundings{
	{facts.Limits, "limitranges", "LimitRange", []string{"limits"}},
	{facts.Services, "services", "Service", []string{"selector", "ports"}},
}

// source is read as plain JSON, which is what documents are made of: the typed clients and informers add 14 MB to the binary.
func (s surroundings) source(client dynamic.Interface) source {
	all := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: s.resource})
	return source{
		name: s.resource, example: &unstructured.Unstructured{}, client: client, watch: all.Watch, keep: s.keep,
		list: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) { return all.List(ctx, o) },
	}
}

// kept is an object as its document, decoded once and shared by all who ask.
type kept struct {
	metav1.ObjectMeta // namespace, name and version
	document          *lint.Document
}

func (s surroundings) keep(object any) (any, error) {
	o, ok := object.(*unstructured.Unstructured)
	if !ok {
		return object, nil
	}
	k := &kept{ObjectMeta: metav1.ObjectMeta{Namespace: o.GetNamespace(), Name: o.GetName(), ResourceVersion: o.GetResourceVersion()}}
	spec := map[string]any{}
	whole, _ := o.Object["spec"].(map[string]any)
	for _, field := range s.fields {
		if v, ok := whole[field]; ok {
			spec[field] = v
		}
	}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": s.object, "metadata": map[string]any{"namespace": k.Namespace, "name": k.Name}, "spec": spec,
	})
	if err != nil {
		return nil, err
	}
	documents := document.Object(&lint.Source{Name: s.resource, Data: text}, lint.Resource{})
	lint.Classify(documents)
	k.document = documents[0]
	return k, nil
}

// documentsIn adds those of a namespace.
func documentsIn(m *mirror, namespace string, to []*lint.Document) []*lint.Document {
	all, _ := m.informer.GetIndexer().ByIndex(cache.NamespaceIndex, namespace) // there is such an index
	for _, o := range all {
		if k, ok := o.(*kept); ok {
			to = append(to, k.document)
		}
	}
	return to
}
