package deploy

import (
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/fake"
)

var configurations = schema.GroupVersionResource{
	Group: "admissionregistration.k8s.io", Version: "v1", Resource: "validatingwebhookconfigurations",
}

// withConfiguration is a cluster that has a ValidatingWebhookConfiguration kslint-webhook, or none where it says nothing.
func withConfiguration(there *unstructured.Unstructured) engine.ClientProvider {
	s := runtime.NewScheme()
	kind := configurations.GroupVersion().WithKind("ValidatingWebhookConfiguration")
	kinds := map[schema.GroupVersionResource]string{configurations: kind.Kind + "List"}
	if there.Object == nil {
		return provider{fake.NewSimpleDynamicClientWithCustomListKinds(s, kinds)}
	}
	there.SetGroupVersionKind(kind)
	there.SetName("kslint-webhook")
	return provider{fake.NewSimpleDynamicClientWithCustomListKinds(s, kinds, there)}
}

type provider struct{ dynamic.Interface }

func (p provider) GetClientFor(string, string) (dynamic.NamespaceableResourceInterface, bool, error) {
	return p.Resource(configurations), false, nil
}
