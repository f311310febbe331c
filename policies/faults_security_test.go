package policies_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/policy"
)

var faultsSecurity = []injected{
	{
		rule: "sec-insecure-registry", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			edit(l, "config.yaml", "  network:", "  registry: {insecureRegistries: [reg.example.com]}\n  network:")
		},
		file: "config.yaml", line: 24,
	},
}

func TestLayouts_security(t *testing.T) { inject(t, faultsSecurity) }

// TestLayouts_securityInfos puts into whole clusters what KubeKey writes and these rules only inform about.
func TestLayouts_securityInfos(t *testing.T) {
	engine := wholeEngine(t)
	tests := []struct{ rule, file, text, want string }{
		{
			"sec-control-plane-bind-all", "node1/etc/kubernetes/manifests/kube-scheduler.yaml",
			"apiVersion: v1\nkind: Pod\nmetadata: {name: kube-scheduler, namespace: kube-system}\nspec:\n  containers:\n" +
				"  - name: kube-scheduler\n    image: registry.k8s.io/kube-scheduler:v1.28.8\n    command:\n    - kube-scheduler\n    - --bind-address=0.0.0.0\n",
			"node1/etc/kubernetes/manifests/kube-scheduler.yaml:10",
		},
		{
			"sec-join-skip-ca", "node2/etc/kubernetes/kubeadm-config.yaml",
			"apiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\ndiscovery:\n  bootstrapToken:\n    unsafeSkipCAVerification: true\n",
			"node2/etc/kubernetes/kubeadm-config.yaml:5",
		},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			l := facttest.Write(facttest.KubeKey, 3)
			l.Files[test.file] = []byte(test.text)
			sets := facttest.Open(l.Files)
			lint.FindVersions(sets, nil)
			report := engine.Check(context.Background(), sets, policy.Question{Now: facttest.Now})
			var got []string
			for _, f := range report.Findings {
				if f.Rule.ID == test.rule {
					got = append(got, fmt.Sprintf("%s:%d", f.File, f.Range.Line))
				}
			}
			if want := []string{test.want}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
