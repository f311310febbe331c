package main

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestShortTargets(t *testing.T) {
	for want, targets := range map[string][]lint.Target{
		"workload":                           {"workload"},
		"kubekey-cluster, kubekey-inventory": {"kubekey-cluster", "kubekey-inventory"},
		"kubekey-cluster, node, hpa +1":      {"kubekey-cluster", "node", "hpa", "kubekey-config"},
		"cluster-configuration +2":           {"cluster-configuration", "kubesphere-workload", "node"},
	} {
		if got := shortTargets(&lint.Rule{Targets: targets}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
