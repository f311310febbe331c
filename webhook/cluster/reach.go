package cluster

import (
	"fmt"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Few requests are made: one list or watch for each resource, and again when it ends.
const (
	perSecond = 5
	atOnce    = 10
)

// reach says how the API server is reached: as the kubeconfig says, or, where it is "", as a Pod is told.
func reach(kubeconfig string) (*rest.Config, error) {
	if kubeconfig == "" {
		return rest.InClusterConfig()
	}
	c, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	return c, nil
}

// clients share their connections.
func clients(c *rest.Config, agent string) (metadata.Interface, dynamic.Interface, error) {
	c.QPS, c.Burst, c.UserAgent = perSecond, atOnce, agent
	transport, err := rest.HTTPClientFor(c)
	if err != nil {
		return nil, nil, err
	}
	names, err := metadata.NewForConfigAndClient(c, transport)
	if err != nil {
		return nil, nil, err
	}
	objects, err := dynamic.NewForConfigAndClient(c, transport)
	return names, objects, err
}
