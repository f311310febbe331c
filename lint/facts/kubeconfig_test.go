package facts_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

func TestKubeconfigs_currentContext(t *testing.T) {
	ca := facttest.NewCA("kubernetes")
	user := facttest.Make(facttest.Spec{CN: "admin", Issuer: ca})
	config := string(facttest.Kubeconfig("https://10.0.0.1:6443/x", ca, user))
	second := "- name: second\n  user: {}\n"
	for _, test := range []struct {
		name, config  string
		user, cluster bool
	}{
		{"as written", config, true, true},
		{"no context, one user", strings.Replace(config, "current-context: admin@kubernetes\n", "", 1), true, true},
		{"no context, two users", strings.Replace(config, "current-context: admin@kubernetes\n", "", 1) + second, false, true},
		{"another user beside it", config + second, true, true},
		{"a context that is not there", strings.Replace(config, "current-context: admin@", "current-context: x@", 1), false, false},
		{"no user entry", strings.Replace(config, "- name: admin\n  user:", "- name: other\n  user:", 1), false, true},
	} {
		s := look(t, map[string][]byte{"config": []byte(test.config)})
		if len(s.Kubeconfigs) != 1 {
			t.Errorf("%s: got %+v", test.name, s.Kubeconfigs)
			continue
		}
		k := s.Kubeconfigs[0]
		if (k.User != nil) != test.user || (k.Cluster != nil) != test.cluster || k.Kind != "file" || k.Role != "" {
			t.Errorf("%s: got %+v", test.name, k)
		}
		if test.user && (k.User.Certificate == nil || s.Certificates[*k.User.Certificate].Role != "kubeconfig-user") {
			t.Errorf("%s: got %+v", test.name, k.User)
		}
	}
}

func TestKubeconfigs_fields(t *testing.T) {
	ca := facttest.NewCA("kubernetes")
	config := string(facttest.Kubeconfig("https://[FD00::0:1]:6443", ca, nil))
	config = strings.Replace(config, "    server:", "    insecure-skip-tls-verify: true\n    tls-server-name: a.example\n    server:", 1)
	for auth, want := range map[string]bool{
		"token: abc": true, `token: ""`: false, "tokenFile: /x": true, "exec: {command: x}": true, "auth-provider: {name: x}": true,
		"username: x": true, "client-certificate: /x": false,
	} {
		s := look(t, map[string][]byte{"node1/etc/kubernetes/admin.conf": []byte(strings.Replace(config, "token: abc", auth, 1))})
		k := s.Kubeconfigs[0]
		if k.User.OtherAuth != want || k.Role != "admin" {
			t.Errorf("%s: got %+v", auth, k)
		}
		c := k.Cluster
		if !c.Insecure || c.TLSServerName != "a.example" || c.Server.URL.Host != "fd00::1" || c.Server.URL.Port != "6443" || len(s.Certificates[*c.Certificate].Read) != 0 {
			t.Errorf("%s: got %+v", auth, c)
		}
	}
}

// TestKubeconfigs_carriers reads those in strings of objects.
func TestKubeconfigs_carriers(t *testing.T) {
	ca := facttest.NewCA("kubernetes")
	config := facttest.Kubeconfig("https://10.0.0.1:6443", ca, facttest.Make(facttest.Spec{CN: "admin", Issuer: ca}))
	encoded := base64.StdEncoding.EncodeToString(config)
	indented := strings.ReplaceAll(strings.TrimSpace(string(config)), "\n", "\n    ")
	s := look(t, map[string][]byte{
		"1.yaml": fmt.Appendf(nil, "apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nmetadata: {name: m}\nspec:\n  connection:\n    type: direct\n    kubeconfig: %s\n", encoded),
		"2.yaml": fmt.Appendf(nil, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeconfig-admin, namespace: kubesphere-controls-system}\ndata:\n  config: |\n    %s\n", indented),
		"3.yaml": fmt.Appendf(nil, "apiVersion: v1\nkind: Secret\nmetadata: {name: kubeconfig-admin}\ntype: config.kubesphere.io/kubeconfig\ndata:\n  config: %s\n", encoded),
	})
	var got []string
	for _, k := range s.Kubeconfigs {
		carrier := s.at(*k.Carrier)
		at := s.Certificates[*k.User.Certificate]
		line := s.documents[at.Document].Locate(toPath(at.Path)).Line
		got = append(got, fmt.Sprint(k.Kind, " ", carrier, " ", k.User.Embedded, " line ", line))
	}
	same(t, "kubeconfigs", got, []string{
		"cluster 1.yaml spec.connection.kubeconfig true line 7",
		"configmap 2.yaml data.config true line 20", "secret 3.yaml data.config true line 6",
	})
}

// TestKubeconfigs_path follows client-certificate within the host folder.
func TestKubeconfigs_path(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 2)
	s := look(t, l.Files)
	for _, k := range s.Kubeconfigs {
		if k.Role == "kubelet" && (k.User.Embedded || s.file(*k.User.Certificate) != k.Host+"/var/lib/kubelet/pki/kubelet-client-current.pem") {
			t.Errorf("got %+v", k.User)
		}
	}
	l.Remove("node2/var/lib/kubelet")
	for _, k := range look(t, l.Files).Kubeconfigs {
		if k.Host == "node2" && k.Role == "kubelet" && k.User.Certificate != nil {
			t.Errorf("it is not on that host: got %+v", k.User)
		}
	}
}

// TestKubeconfigs_verifies holds which API servers a CA is for.
func TestKubeconfigs_verifies(t *testing.T) {
	l := facttest.Write(facttest.Stacked, 2, facttest.Ends("apiserver", -1))
	stranger := facttest.NewCA("kubernetes")
	l.Files["stranger.conf"] = facttest.Kubeconfig("https://10.0.0.1:6443", stranger, nil)
	s := look(t, l.Files)
	for _, k := range s.Kubeconfigs {
		want := 2 // expired, and still its own
		if k.File == "stranger.conf" {
			want = 0
		}
		if got := len(k.Cluster.Verifies); got != want {
			t.Errorf("%s: got %d, want %d", k.File, got, want)
		}
	}
}
