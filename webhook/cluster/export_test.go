package cluster

import (
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
)

// NewWith makes a Cluster of clients that tests choose.
func NewWith(names metadata.Interface, objects dynamic.Interface, o Options) *Cluster {
	return newCluster(names, objects, o)
}

// Namespaces are what the store holds of namespaces.
func (c *Cluster) Namespaces() []any { return c.namespaces.informer.GetStore().List() }
