package facts_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestHosts(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"a Cluster, with folders", map[string]string{
			"config.yaml": `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
spec:
  Hosts:
  - {name: Node1, address: 203.0.113.1, internalAddress: "10.0.0.1,FD00:0:0::1"}
  - {Name: node2, address: 10.0.0.2, internaladdress: ""}
  - {name: node3, internalAddress: "{{ ip }}"}
  roleGroups:
    etcd: ["node[1:2]", node3]
    master: [Node1]
    worker: ["node[2:1]", "node[x:y]", nobody]
`,
			"a/node1/etc/etcd.env": "ETCD_NAME=x\n", "other/etc/etcd.env": "ETCD_NAME=y\n",
			"a/node2/etc/etcd.env": "ETCD_NAME=x\n", "b/node2/etc/etcd.env": "ETCD_NAME=x\n",
		}, []string{
			"Node1 a/node1 10.0.0.1 fd00::1 [master]", "node2  10.0.0.2  [etcd]", "node3    [etcd]",
			"node2 a/node2   []", "node2 b/node2   []", "other other   []",
		}},
		{"an Inventory", map[string]string{
			"config.yaml": "apiVersion: kubekey.kubesphere.io/v1\nkind: Config\nspec: {}\n",
			"inventory.yaml": `apiVersion: kubekey.kubesphere.io/v1
kind: Inventory
spec:
  hosts:
    node1: {internal_ipv4: 10.0.0.1, internal_ipv6: "FD00::0:1"}
    node2:
  groups:
    etcd: {hosts: [node2], vars: {internal_ipv4: 10.0.0.2}}
    kube_control_plane: {hosts: [node1]}
    k8s_cluster: {groups: [kube_control_plane, again]}
    again: {groups: [k8s_cluster]}
`,
		}, []string{"node1  10.0.0.1 fd00::1 [again k8s_cluster kube_control_plane]", "node2  10.0.0.2  [etcd]"}},
		{"two Clusters say nothing", map[string]string{
			"a.yaml":             "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nspec: {hosts: [{name: a}], roleGroups: {}}\n---\napiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nspec: {hosts: [{name: b}], roleGroups: {}}\n",
			"node1/etc/etcd.env": "ETCD_NAME=x\n",
		}, []string{"node1 node1   []"}},
		{"the host itself has no folder", map[string]string{"etc/etcd.env": "ETCD_NAME=x\n"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string][]byte{}
			for name, text := range test.files {
				files[name] = []byte(text)
			}
			s := look(t, files)
			var got []string
			for _, h := range s.Hosts {
				folder := ""
				if h.Folder != nil {
					folder = *h.Folder
				}
				got = append(got, fmt.Sprintf("%s %s %s %s %v", h.Name, folder, h.IPv4, h.IPv6, h.Roles))
			}
			same(t, "hosts", got, test.want)
		})
	}
}

// TestHosts_boundedRanges holds that no range costs more than it may.
func TestHosts_boundedRanges(t *testing.T) {
	items := strings.Repeat(`"node[1:999999999]",`, 100)
	s := look(t, map[string][]byte{"config.yaml": []byte("apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nspec: {hosts: [{name: node7}], roleGroups: {etcd: [" + items + "]}}\n")})
	if got := s.Hosts[0].Roles; len(got) != 1 {
		t.Errorf("got %q", got)
	}
}
