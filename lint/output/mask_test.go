package output

import (
	"strings"
	"testing"
)

// masked shows lines as frames do, without cutting them.
func masked(text string) string {
	p := newPage([]byte(text))
	shown := make([]string, len(p.lines))
	for i, l := range p.lines {
		at := 0
		for _, s := range p.hidden(i) {
			shown[i] += l[at:s.from] + secretMark
			at = s.to
		}
		shown[i] += l[at:]
	}
	return strings.Join(shown, "\n")
}

func TestMask(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing secret", "spec:\n  hosts:\n  - {name: n1, address: 10.0.0.1}", ""},
		{"block", "password: Qcloud@123", "password: ***"},
		{"spaces in it", "  password:   a b: c, d  ", "  password:   ***  "},
		{"comment behind", "password: abc # was def", "password: ***"},
		{"comment instead", "password: # was def\nuser: x", "password: ***\nuser: x"},
		{"small and large letters", "jwtSecret: abc\nJWTSECRET: abc", "jwtSecret: ***\nJWTSECRET: ***"},
		{"signs", "private_key: a\naccess-key: b\nclient.token: c", "private_key: ***\naccess-key: ***\nclient.token: ***"},
		{"spaces in the key", "root password hash: abc", "root password hash: ***"},
		{"double quotes", `clientSecret: "a\"b # c" # ok`, `clientSecret: "***" # ok`},
		{"single quotes", `pwd: 'it''s: x' # ok`, `pwd: '***' # ok`},
		{"quoted keys", `"password": "abc", 'token': 'def'`, `"password": "***", 'token': '***'`},
		{"number", "token: 123456", "token: ***"},
		{"tag and anchor", "password: !!str &p abc", "password: ***"},
		{"tag before a quote", `password: !!str "abc"`, `password: !!str "***"`},
		{"empty", "jwtSecret: \"\"\npassword: ''\ntoken: null\npasswd: ~ # none\nsecret: {}\ncredentials: []", ""},
		{"boolean", "automountServiceAccountToken: false", ""},
		{"last key empty", "a:\n  password:\n  user: x", ""},
		{"auth", "auth: dXNlcjpwYXNz\nauthentication: x\nauthor: y", "auth: ***\nauthentication: x\nauthor: y"},
		{"tls.key", "tls.key: abc\ntls.crt: def", "tls.key: ***\ntls.crt: def"},
		{"names of secrets", "secretName: a\nimagePullSecrets:\n- name: b\nsecretKeyRef: {name: c, key: password}", ""},
		{"path of a key", "privateKeyPath: \"~/.ssh/id_rsa\"\ntokenFile: /etc/token", ""},
		{"no path", "privateKeyPath: abc", "privateKeyPath: ***"},
		{"duration", "accessTokenMaxAge: 1h\naccessTokenInactivityTimeout: \"30m\"\ntokenTTL: 3600", ""},
		{"no duration", "accessTokenMaxAge: abc", "accessTokenMaxAge: ***"},
		{"flags with paths", "- --service-account-private-key-file=/etc/sa.key\n- --bootstrap-kubeconfig=/etc/b --kubeconfig=/etc/c", ""},
		{"image tag", "image: kubesphere/token-server:v1.2", ""},
		{
			"flow", "- {name: n1, user: root, password: Qcloud@123, arch: arm64}",
			"- {name: n1, user: root, password: ***, arch: arm64}",
		},
		{"flow, last", "- {name: n1, password: Qcloud@123}", "- {name: n1, password: ***}"},
		{"flow, comma in it", "{password: a,b c,user: x}", "{password: ***,user: x}"},
		{"flow, quoted", `- {name: n1, password: "a}, b: c", user: x}`, `- {name: n1, password: "***", user: x}`},
		{"flow, over lines", "{name: n1, password: abc\n  def, user: x}", "{name: n1, password: ***\n  ***, user: x}"},
		{"flow in flow", "{a: {secret: [x, \"]\", y], b: c}}", "{a: {secret: ***, b: c}}"},
		{"flow below", "tokens: [\n  a, 'b]',\nc ]\nuser: x", "tokens: ***\n  ***\n***\nuser: x"},
		{"quote over lines", "password: \"abc\ndef\n  ghi\" # ok\nuser: x", "password: \"***\n***\n  *** # ok\nuser: x"},
		{"plain over lines", "a:\n  password: abc\n    def\n  user: x", "a:\n  password: ***\n    ***\n  user: x"},
		{"value below", "a:\n  password:\n    abc\n  user: x", "a:\n  password:\n    ***\n  user: x"},
		{"block value", "privateKey: |\n  MII: x\n\n  # abc\nuser: x", "privateKey: |\n  ***\n\n  ***\nuser: x"},
		{"folded value", "- token: >-2\n    abc\n  user: x", "- token: >-2\n    ***\n  user: x"},
		{"tab in it", "  password:\n\tabc\n  user: x", "  password:\n\t***\n  user: x"},
		{"list", "passwords:\n- abc\n- 'def'\n- |\n  ghi: x\nuser: x", "passwords:\n- ***\n- '***'\n- |\n  ***\nuser: x"},
		{"list in flow", "tokens: [abc, def]", "tokens: ***"},
		{
			"mapping", "credentials:\n# who\n  user: a\n  # b\n  key: |\n    c: d\n  e:\n  - f: g\nuser: x",
			"credentials:\n# who\n  user: ***\n  ***\n  key: |\n    ***\n  e:\n  - f: ***\nuser: x",
		},
		{"complex key", "? password\n: abc", "? password\n: ***"},
		{"commented out", "# password: abc\n#   def\n# user: x", "# password: ***\n#   ***\n# user: x"},
		{"commented block", "  # key:\n  # privateKey: |\n  #   abc\n  # user: x", "  # key:\n  # privateKey: |\n  #   ***\n  # user: x"},
		{"comment behind a line", "user: x # token: abc", "user: x # token: ***"},
		{"Chinese comment", "# 密码：abc", "# 密码：***"},
		{"prose", "# the token isn't: 'abc\nuser: x", "# the token isn't: '***\nuser: x"},
		{"apostrophe", "note: it's {token: 'abc'}", "note: it's {token: '***'}"},
		{
			"Secret", "kind: Secret\ndata:\n  a: YQ==\n  b: |\n    c: d\nstringData: {e: f}\nmetadata:\n  name: x",
			"kind: Secret\ndata:\n  a: ***\n  b: |\n    ***\nstringData: ***\nmetadata:\n  name: x",
		},
		{"Secret, data first", "data:\n  a: YQ==\nkind: \"Secret\"", "data:\n  a: ***\nkind: \"Secret\""},
		{"Secret, commented data", "kind: Secret\ndata:\n  # a: b\n#data:\n#  c: d", "kind: Secret\ndata:\n  ***\n#data:\n#  c: ***"},
		{"ConfigMap beside", "kind: ConfigMap\ndata:\n  a: b\n---\nkind: Secret\ndata:\n  a: b", "kind: ConfigMap\ndata:\n  a: b\n---\nkind: Secret\ndata:\n  a: ***"},
		{
			"Secret in JSON", "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"YQ==\"\n  },\n  \"type\": \"Opaque\"\n}",
			"{\n  \"kind\": \"Secret\",\n  \"data\": ***\n    ***\n  ***,\n  \"type\": \"Opaque\"\n}",
		},
		{
			"Secret on one line", `{"apiVersion":"v1","data":{"a":"}"},"kind":"Secret","metadata":{"name":"x"}}`,
			`{"apiVersion":"v1","data":***,"kind":"Secret","metadata":{"name":"x"}}`,
		},
		{
			"JSON in a string", `x: "{\"auths\":{\"r.io\":{\"username\":\"u\",\"password\":\"a\\\"b\",\"auth\":\"dTpw\"}}}"`,
			`x: "{\"auths\":{\"r.io\":{\"username\":\"u\",\"password\":\"***\",\"auth\":\"***\"}}}"`,
		},
		{"JSON in quotes", `x: '{"password":"a,b","user":"u"}'`, `x: '{"password":"***","user":"u"}'`},
		{"annotation", "kubectl.kubernetes.io/last-applied-configuration: |\n  {\"a\":1}\nuser: x", "kubectl.kubernetes.io/last-applied-configuration: |\n  ***\nuser: x"},
		{"string", `args: ["token: abc def", "--x"]`, `args: ["token: ***", "--x"]`},
		{"variable", "env:\n- name: DB_PASSWORD\n  value: abc\n- name: USER\n  value: x", "env:\n- name: DB_PASSWORD\n  value: ***\n- name: USER\n  value: x"},
		{"variable, value first", "- value: \"abc\"\n  # note\n  name: API_TOKEN\n- value: x\n  name: USER", "- value: \"***\"\n  # note\n  name: API_TOKEN\n- value: x\n  name: USER"},
		{"variable in flow", "- {name: PASSWORD, value: abc}", "- {name: PASSWORD, value: ***}"},
		{"argument", "- --token=abc\n- --password\n- 'abc'\n- x", "- --token=***\n- --password\n- ***\n- x"},
		{"arguments", `command: ["etcd", "--password", "abc", "--token=a b", "-v"]`, `command: ["etcd", "--password", "***", "--token=***", "-v"]`},
		{"shell", "    kubeadm join a:6443 --token abc.def --x y", "    kubeadm join a:6443 --token *** --x y"},
		{"environment file", "ETCD_PASSWORD=a b\nETCD_NAME=x", "ETCD_PASSWORD=***\nETCD_NAME=x"},
		{"unit", `Environment="A_TOKEN=a b" "B=c"`, `Environment="A_TOKEN=***" "B=c"`},
		{"TOML", `  password = "abc"`, `  password = "***"`},
		{"no space", "password:abc", "password:***"},
		{"URL", "proxy: http://user:p@ss@host:3128/x", "proxy: http://user:***@host:3128/x"},
		{"header", "x: Bearer abcdef123", "x: Bearer ***"},
		{"JWT", "x: eyJhbGciOiJIUzI1NiJ9.e30.abc", "x: ***"},
		{"hash", "x: $2a$10$abcdefghijk", "x: ***"},
		{"base64", "x: |\n  " + strings.Repeat("Qk1", 20), "x: |\n  ***"},
		{"PEM in base64", "client-cert: LS0tLS1CRUdJTiBDRVJU", "client-cert: ***"},
		{
			"PEM", "ca: |\n  -----BEGIN RSA PRIVATE KEY-----\n  Proc-Type: 4,ENCRYPTED\n\n  MII\n  -----END RSA PRIVATE KEY-----\nuser: x",
			"ca: |\n  -----BEGIN RSA PRIVATE KEY-----\n  ***\n\n  ***\n  -----END RSA PRIVATE KEY-----\nuser: x",
		},
		{"PEM on one line", `ca: "-----BEGIN KEY-----\nMII\n-----END KEY-----\n"`, `ca: "-----BEGIN KEY-----***-----END KEY-----\n"`},
		{"PEM without end", "ca: |\n  -----BEGIN KEY-----\n  MII\nuser: x\nname: y", "ca: |\n  -----BEGIN KEY-----\n  ***\nuser: x\nname: y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.text
			}
			if got := masked(test.text); got != want {
				t.Errorf("\ngot:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
