package lint_test

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestSets_hostOfEachFile(t *testing.T) {
	const cluster = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\n"
	for _, test := range []struct {
		name  string
		hosts map[string]string // the host folder of each file
	}{
		{"below a cluster's folder", map[string]string{
			"c/config.yaml": "", "c/n1/etc/a.yaml": "n1", "c/x/n2/var/lib/b.yaml": "x/n2", "c/n3/usr/local/etc/c.yaml": "n3", "c/n4/opt/d.yaml": "n4",
		}},
		{"without a cluster", map[string]string{"n1/etc/a.yaml": "n1", "n2/etc/a.yaml": "n2", "b.yaml": ""}},
		{"from inside of a host folder", map[string]string{"etc/a.yaml": "", "var/b.yaml": "", "etc/x/var/c.yaml": ""}},
		{"one host folder", map[string]string{"n1/etc/a.yaml": "n1", "n1/etc/ssl/b.yaml": "n1"}},
		{"the machine itself", map[string]string{"/etc/a.yaml": "", "/etc/ssl/b.yaml": ""}},
		{"the machine itself, two folders", map[string]string{"/etc/a.yaml": "", "/var/lib/kubelet/b.yaml": ""}},
		{"hosts in a folder of the machine", map[string]string{"/var/tmp/c/n1/etc/a.yaml": "/var/tmp/c/n1", "/var/tmp/c/n2/etc/a.yaml": "/var/tmp/c/n2"}},
		{"one host in a folder of the machine", map[string]string{"/opt/n1/etc/a.yaml": "/opt/n1", "/opt/n1/var/b.yaml": "/opt/n1"}},
		{"a cluster in a folder of the machine", map[string]string{"/opt/c/config.yaml": "", "/opt/c/n1/etc/a.yaml": "n1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			texts := map[string]string{}
			for name := range test.hosts {
				texts[name] = "a: 1\n"
				if name == "c/config.yaml" || name == "/opt/c/config.yaml" {
					texts[name] = cluster
				}
			}
			for _, s := range lint.Sets(files(texts)) {
				for _, d := range s.Documents() {
					if want := test.hosts[d.Source.Name]; d.Host != want {
						t.Errorf("%s is of host %q, want %q", d.Source.Name, d.Host, want)
					}
				}
			}
		})
	}
}
