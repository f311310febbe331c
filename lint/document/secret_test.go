package document

import (
	"fmt"
	"strings"
	"testing"
)

// TestSecret_neverReachesARule decodes objects that hold hunter2, in clear or in base64, where their secrets stand, and looks
// for it in all that rules may see. A number would show in the way it was written, too.
func TestSecret_neverReachesARule(t *testing.T) {
	secret := "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\": \"hunter2\"}'}\n"
	user := func(fields string) string {
		return "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: " + fields + "\n"
	}
	tests := map[string]string{
		"data":                   secret + "data: {a: " + encoded("hunter2") + ", b: " + encoded("x: hunter2") + "}\n",
		"stringData":             secret + "stringData:\n  a: hunter2\n  b: 4711\n  c: {x: hunter2}\n  d: [hunter2]\n",
		"a misspelt key":         secret + "stringdata: {a: hunter2}\nData: [hunter2]\n",
		"no mapping":             secret + "data: hunter2\nstringData: [hunter2]\n",
		"aliases":                secret + "data: &d {a: hunter2}\nstringData: {<<: *d}\n",
		"a key that comes twice": secret + "data: {a: hunter2, a: 4711}\n",
		"another version":        "apiVersion: v2\nkind: Secret\nstringData: {a: hunter2}\n",
		"a list":                 "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(secret, "\n", "\n  ") + "stringData: {a: hunter2}\n",
		"a list of Secrets":      "apiVersion: v1\nkind: SecretList\nitems:\n- stringData: {a: hunter2, b: 4711}\n",
		"an odd list":            "apiVersion: v1\nkind: SecretList\nitems:\n- stringData: {a: hunter2}\n- text\n",
		"a template's objects":   "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- kind: Secret\n  stringData: {a: hunter2, b: 4711}\n",
		"JSON":                   `{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "hunter2", "b": 4711}}`,
		"kubeconfig":             user("{token: hunter2, password: hunter2, client-key-data: " + encoded("hunter2") + ", client-certificate-data: hunter2}"),
		"kubeconfig, numbers":    user("{token: 4711, password: 4711}"),
		"kubeconfig, plugins":    user("{auth-provider: {name: oidc, config: {id-token: hunter2}}, exec: {command: x, args: [--token=hunter2], env: [{name: A, value: hunter2}]}}"),
		"kubeconfig, CA":         "apiVersion: v1\nkind: Config\nclusters: [{cluster: {certificate-authority-data: hunter2}}]\n",
		"YAML":                   secret + "stringData: {a.yaml: 'a: [hunter2, {b: 4711}]', b.yaml: hunter2, kubesphere.yaml: hunter2}\n",
		"YAML in YAML":           secret + "stringData:\n  a.yaml: |\n    apiVersion: v1\n    kind: ConfigMap\n    data: {b.yaml: 'a: hunter2\n\n      b: 4711'}\n",
		"Cluster":                "apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nmetadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: hunter2}}\nspec: {config: hunter2, connection: {token: hunter2, kubeconfig: " + encoded(user("{token: hunter2}")) + "}}\n",
		"ConfigMap":              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeconfig-admin, annotations: {kubectl.kubernetes.io/last-applied-configuration: hunter2}}\ndata:\n  config: |\n    " + strings.ReplaceAll(user("{token: hunter2, password: 4711}"), "\n", "\n    "),
		"Secret of KubeSphere":   secret + "type: config.kubesphere.io/kubeconfig\ndata: {config: " + encoded(user("{token: hunter2}")) + "}\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			documents := decodeText(text + "---\n# " + strings.Repeat("x", largeFile))
			documents = append(documents, decodeText(text)...)
			if len(documents) == 0 {
				t.Fatal("no documents")
			}
			for i, d := range documents {
				told := fmt.Sprint(d.Value)
				if d.Problem != nil {
					t.Errorf("document %d cannot be read: %s", i, d.Problem.Reason)
				}
				if d.Written != nil {
					told += d.Written().String()
				}
				for _, word := range []string{"hunter2", "4711", encoded("hunter2"), encoded("hunter2")[:6]} {
					if strings.Contains(told, word) {
						t.Errorf("document %d shows %s: %s", i, word, told)
					}
				}
			}
		})
	}
}

func TestSecret_keepsWhatIsNone(t *testing.T) {
	tests := []struct{ text, want string }{
		{
			"apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {b: c}}\ntype: Opaque\nimmutable: true\ndata: {a: eA==, b: '', c: ~}\nstringData: {d: long secret text}\n",
			`{"apiVersion": "v1", "data": {"a": "<secret>", "b": "", "c": null}, "immutable": true, "kind": "Secret", "metadata": {"labels": {"b": "c"}, "name": "a"}, "stringData": {"d": "<secret>"}, "type": "Opaque"}`,
		},
		{
			"apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters: [{name: c, cluster: {server: https://h, certificate-authority-data: eA==, insecure-skip-tls-verify: true}}]\n" +
				"users: [{name: a, user: {client-certificate: /x.pem, client-key-data: eA==, username: bob, tokenFile: /t, token: ''}}]\n",
			`{"apiVersion": "v1", "clusters": [{"cluster": {"certificate-authority-data": "<secret>", "insecure-skip-tls-verify": true, "server": "https://h"}, "name": "c"}], "current-context": "x", "kind": "Config", ` +
				`"users": [{"name": "a", "user": {"client-certificate": "/x.pem", "client-key-data": "<secret>", "token": "", "tokenFile": "/t", "username": "bob"}}]}`,
		},
		{
			"apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec: {provider: x, connection: {type: direct, kubeconfig: eA==}}\n",
			`{"apiVersion": "cluster.kubesphere.io/v1alpha1", "kind": "Cluster", "spec": {"connection": {"kubeconfig": "<secret>", "type": "direct"}, "provider": "x"}}`,
		},
		{
			"apiVersion: kubekey.kubesphere.io/v1\nkind: Config\nusers: [{user: {token: x}}]\n",
			`{"apiVersion": "kubekey.kubesphere.io/v1", "kind": "Config", "users": [{"user": {"token": "x"}}]}`,
		},
		{configMap + "  config: text\n", `{"apiVersion": "v1", "data": {"config": "text"}, "kind": "ConfigMap"}`},
	}
	for _, test := range tests {
		if got := decodeText(test.text)[0].Value.String(); got != test.want {
			t.Errorf("%s is\n%s\nwant\n%s", test.text, got, test.want)
		}
	}
}
