// Package cluster runs a control plane of real programs for tests: etcd, kube-apiserver, kube-controller-manager and kubectl,
// built once from their modules. There are no nodes: Pods stay Pending.
package cluster
