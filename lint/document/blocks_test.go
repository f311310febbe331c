package document

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

var (
	aCertificate = armor("CERTIFICATE", "AAEC")
	aKey         = armor("EC PARAMETERS", "BgUr") + armor("EC PRIVATE KEY", "AwQF")
)

// aKubeconfig has a certificate, a key and a CA of two.
var aKubeconfig = "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {server: https://h, certificate-authority-data: " +
	encoded(aCertificate+aCertificate) + "}\nusers:\n- name: a\n  user: {token: hunter2}\n- name: b\n  user:\n    client-certificate-data: " +
	encoded(aCertificate) + "\n    client-key-data: " + encoded(aKey) + "\n"

// located writes the blocks of documents short: document, type, path, number, line and column.
func located(documents []*lint.Document) string {
	var all []string
	for i, d := range documents {
		for _, b := range d.Blocks {
			all = append(all, fmt.Sprintf("%d %s %s#%d %d:%d", i, b.Type, b.Path, b.Number, b.Range.Line, b.Range.Column))
		}
	}
	return strings.Join(all, "\n")
}

func TestBlocks_inYAML(t *testing.T) {
	const secret = "apiVersion: v1\nkind: Secret\n"
	literal := func(text string) string {
		return "|\n    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
	}
	tests := []struct{ name, text, want string }{
		{
			"kubeconfig", aKubeconfig,
			"0 CERTIFICATE clusters[0].cluster.certificate-authority-data#0 5:60\n" +
				"0 CERTIFICATE clusters[0].cluster.certificate-authority-data#1 5:60\n" +
				"0 CERTIFICATE users[1].user.client-certificate-data#0 11:30\n" +
				"0 EC PARAMETERS users[1].user.client-key-data#0 12:22\n0 EC PRIVATE KEY users[1].user.client-key-data#1 12:22",
		},
		{"Secret", secret + "data:\n  tls.crt: " + encoded(aCertificate) + "\n  a: " + encoded("x") + "\n", `0 CERTIFICATE data["tls.crt"]#0 4:12`},
		{
			"Secret in clear, literal", secret + "stringData:\n  tls.crt: " + literal("# c\n"+aCertificate+aCertificate),
			"0 CERTIFICATE stringData[\"tls.crt\"]#0 6:5\n0 CERTIFICATE stringData[\"tls.crt\"]#1 9:5",
		},
		{"Secret in clear, quoted", secret + "stringData:\n  a: " + fmt.Sprintf("%q", aCertificate) + "\n", "0 CERTIFICATE stringData.a#0 4:6"},
		{"Secret in JSON", `{"apiVersion": "v1", "kind": "Secret", "data": {"a": "` + encoded(aCertificate) + `"}}`, "0 CERTIFICATE data.a#0 1:54"},
		{
			"Secrets in a List of the API", "apiVersion: v1\nkind: SecretList\nitems:\n- data: {a: x}\n- data: {a: " + encoded(aCertificate) + "}\n",
			"1 CERTIFICATE data.a#0 5:13",
		},
		{"Secret with what is no base64", secret + "data:\n  a: |\n    -----BEGIN X-----\n  b: 7\n  c: ~\n  d: [x]\n", ""},
		{"Secret without a mapping", secret + "data: text\nstringData:\n", ""},
		{
			"webhooks", "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n- name: a\n- clientConfig:\n    caBundle: " +
				encoded(aCertificate) + "\n", "0 CERTIFICATE webhooks[1].clientConfig.caBundle#0 6:15",
		},
		{
			"CRD", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {conversion: {webhook: {clientConfig: {caBundle: " + encoded(aCertificate) + "}}}}\n",
			"0 CERTIFICATE spec.conversion.webhook.clientConfig.caBundle#0 3:56",
		},
		{
			"CRD v1beta1", "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nspec: {conversion: {webhookClientConfig: {caBundle: " + encoded(aCertificate) + "}}}\n",
			"0 CERTIFICATE spec.conversion.webhookClientConfig.caBundle#0 3:53",
		},
		{"APIService", "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec: {caBundle: " + encoded(aCertificate) + "}\n", "0 CERTIFICATE spec.caBundle#0 3:18"},
		{"a line break for a certificate", "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec: {caBundle: Cg==}\n", ""},
		{"an alias", "x: &x " + encoded(aCertificate) + "\napiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec: {caBundle: *x}\n", "0 CERTIFICATE spec.caBundle#0 4:18"},
		{"other objects", configMap + "  a.pem: " + literal(aCertificate), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			documents := decodeText(test.text)
			if got := located(documents); got != test.want {
				t.Errorf("blocks are\n%s\nwant\n%s\nin\n%s", got, test.want, test.text)
			}
			for _, d := range documents {
				for _, b := range d.Blocks {
					if b.DER == nil {
						t.Errorf("%s has no DER", b.Path)
					}
				}
			}
		})
	}
}

// TestKubeconfigs holds that each kubeconfig in a string is a document below its carrier, with its own blocks.
func TestKubeconfigs(t *testing.T) {
	inner := func(line, column int) string {
		var all []string
		for _, b := range decodeText(aKubeconfig)[0].Blocks {
			all = append(all, fmt.Sprintf("1 %s %s#%d %d:%d", b.Type, b.Path, b.Number, line, column))
		}
		return strings.Join(all, "\n")
	}
	tests := []struct{ name, text, prefix, want string }{
		{
			"Cluster", "apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec:\n  connection:\n    kubeconfig: " + encoded(aKubeconfig) + "\n",
			"spec.connection.kubeconfig", inner(5, 17),
		},
		{
			"Secret", "apiVersion: v1\nkind: Secret\ntype: config.kubesphere.io/kubeconfig\ndata: {config: " + encoded(aKubeconfig) + "}\n",
			"data.config", inner(4, 16),
		},
		{
			"Secret in clear", "apiVersion: v1\nkind: Secret\ntype: config.kubesphere.io/kubeconfig\nstringData: {config: " + fmt.Sprintf("%q", aKubeconfig) + "}\n",
			"stringData.config", inner(4, 22),
		},
		{
			"ConfigMap", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeconfig-admin}\ndata: {config: " + fmt.Sprintf("%q", aKubeconfig) + "}\n",
			"data.config", inner(4, 16),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			documents := decodeText(test.text)
			if len(documents) != 2 {
				t.Fatalf("%d documents", len(documents))
			}
			d := documents[1]
			if d.Parent != documents[0] || d.Prefix.String() != test.prefix || d.Object.Kind != "Config" || d.Index != 1 {
				t.Errorf("document is %+v", d)
			}
			if got := located(documents); got != test.want {
				t.Errorf("blocks are\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestKubeconfigs_literalHasItsOwnLines(t *testing.T) {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeconfig-admin}\ndata:\n  config: |\n    " + strings.ReplaceAll(aKubeconfig, "\n", "\n    ")
	d := decodeText(text)[1]
	if got := d.Blocks[2].Range; got.Line != 16 || got.Column != 34 {
		t.Errorf("the client certificate is at %+v", got)
	}
	if got := d.Locate(lint.Path{"users", 0, "user", "token"}); got.Line != 13 {
		t.Errorf("the token is at %+v", got)
	}
}

func TestKubeconfigs_none(t *testing.T) {
	for _, text := range []string{
		"apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec: {connection: {kubeconfig: \"\"}}\n",
		"apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec: {connection: {kubeconfig: \"{{ .x }}\"}}\n",
		"apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec: {connection: {kubeconfig: AAEC}}\n",
		"apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nspec: {connection: text}\n",
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {config: 'kind: Config'}\n",
		"apiVersion: v1\nkind: Secret\ntype: Opaque\nstringData: {config: 'kind: Config'}\n",
	} {
		if documents := decodeText(text); len(documents) != 1 {
			t.Errorf("%q has %d documents", text, len(documents))
		}
	}
}
