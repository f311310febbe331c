package document_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/policies"
)

var (
	separator = regexp.MustCompile(`(?m)^---[ \t]*(#.*)?$`)
	wanted    = regexp.MustCompile(`[ \t]*# want: [^\r\n]*`)
)

// TestObject_givesWhatDecodeGives holds the two doors against each other: every object of every rule's example, read as a file
// and as JSON from the API, has the same value, the same documents in its strings, and the same certificates.
func TestObject_givesWhatDecodeGives(t *testing.T) {
	objects, embedded := 0, 0
	names, err := fs.Glob(policies.Files, "rules/*/*/example.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := policies.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if !strings.HasSuffix(f.Name, ".yaml") && !strings.HasSuffix(f.Name, ".yml") && !strings.HasSuffix(f.Name, ".json") {
				continue
			}
			for _, text := range separator.Split(wanted.ReplaceAllString(string(f.Data), ""), -1) {
				for _, raw := range objectsIn(t, text) {
					file := document.Decode(&lint.Source{Name: "x.yaml", Data: raw.yaml})
					if len(file) == 0 || file[0].Problem != nil || file[0].Object.APIVersion == "" || file[0].Doubled {
						continue
					}
					object := document.Object(&lint.Source{Name: "x.yaml", Data: raw.json}, lint.Resource{})
					same(t, name+": "+f.Name, file, object)
					objects, embedded = objects+1, embedded+len(object)-1
				}
			}
		}
	}
	if objects < 1000 || embedded < 50 {
		t.Errorf("%d objects and %d embedded documents prove little", objects, embedded)
	}
}

// notations are an object's two.
type notations struct{ yaml, json []byte }

// objectsIn gives the objects of one document, those of a List one by one: the API has none of these.
func objectsIn(t *testing.T, text string) []notations {
	t.Helper()
	raw, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil // rules about what cannot be read have these
	}
	var list struct {
		Kind  string
		Items []json.RawMessage
	}
	if json.Unmarshal(raw, &list) != nil || !strings.HasSuffix(list.Kind, "List") {
		return []notations{{[]byte(text), raw}}
	}
	var all []notations
	for _, item := range list.Items {
		written, err := yaml.JSONToYAML(item)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, notations{written, item})
	}
	return all
}

// TestObject_findsTheCertificatesThatDecodeFinds does so for every place that they stand in.
func TestObject_findsTheCertificatesThatDecodeFinds(t *testing.T) {
	block := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("not even DER, which nobody asks here")}))
	coded := base64.StdEncoding.EncodeToString([]byte(block + block))
	kubeconfig := "apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {certificate-authority-data: " + coded + "}}]\n"
	quoted, err := json.Marshal(kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"tls.crt":"` + coded + `"}}`,
		`{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"a"},"webhooks":[{"name":"b","clientConfig":{"caBundle":"` + coded + `"}}]}`,
		`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"a"},"spec":{"conversion":{"webhook":{"clientConfig":{"caBundle":"` + coded + `"}}}}}`,
		`{"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"a"},"spec":{"caBundle":"` + coded + `"}}`,
		`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kubeconfig-admin"},"data":{"config":` + string(quoted) + `}}`,
		`{"apiVersion":"cluster.kubesphere.io/v1alpha1","kind":"Cluster","metadata":{"name":"a"},"spec":{"connection":{"kubeconfig":"` + base64.StdEncoding.EncodeToString([]byte(kubeconfig)) + `"}}}`,
	} {
		file := document.Decode(&lint.Source{Name: "x.yaml", Data: []byte(text)})
		object := document.Object(&lint.Source{Name: "x.yaml", Data: []byte(text)}, lint.Resource{})
		same(t, text[:60], file, object)
		blocks := 0
		for _, d := range object {
			blocks += len(d.Blocks)
		}
		if blocks != 2 {
			t.Errorf("%.60s: %d certificates, want 2", text, blocks)
		}
	}
}

func same(t *testing.T, name string, file, object []*lint.Document) {
	t.Helper()
	lint.Classify(file)
	lint.Classify(object)
	if len(file) != len(object) {
		t.Errorf("%s: %d documents of the file, %d of the object", name, len(file), len(object))
		return
	}
	for i, want := range file {
		got := object[i]
		if (want.Value == nil) != (got.Value == nil) || want.Value != nil && want.Value.Compare(got.Value) != 0 {
			t.Errorf("%s: document %d: the value is %v, of the file %v", name, i, got.Value, want.Value)
		}
		if got.Object != want.Object || got.Index != want.Index || !reflect.DeepEqual(got.Prefix, want.Prefix) {
			t.Errorf("%s: document %d: %v %v, of the file %v %v", name, i, got.Object, got.Prefix, want.Object, want.Prefix)
		}
		if (want.Problem == nil) != (got.Problem == nil) || want.Problem != nil && want.Problem.Kind != got.Problem.Kind {
			t.Errorf("%s: document %d: problem %v, of the file %v", name, i, got.Problem, want.Problem)
		}
		if len(got.Blocks) != len(want.Blocks) {
			t.Errorf("%s: document %d: %d blocks, of the file %d", name, i, len(got.Blocks), len(want.Blocks))
			continue
		}
		for k := range want.Blocks {
			a, b := got.Blocks[k], want.Blocks[k]
			a.Range, b.Range = lint.Range{}, lint.Range{}
			if !reflect.DeepEqual(a, b) {
				t.Errorf("%s: document %d: block %d differs", name, i, k)
			}
		}
		if a, b := targetsOf(got), targetsOf(want); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: document %d: targets %v, of the file %v", name, i, a, b)
		}
	}
}

// targetsOf leaves out the target of the notation: JSON is no YAML.
func targetsOf(d *lint.Document) []lint.Target {
	targets := []lint.Target{}
	for _, t := range d.Targets {
		if t != lint.AnyYAML {
			targets = append(targets, t)
		}
	}
	return targets
}

func TestObject_takesFromTheRequestWhatTheTextLacks(t *testing.T) {
	known := lint.Resource{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"}
	for text, want := range map[string]lint.Resource{
		`{}`:                                     known,
		`{"metadata":{"namespace":""}}`:          known,
		`{"metadata":null}`:                      known,
		`{"kind":"Pod","metadata":{"name":"x"}}`: {APIVersion: "apps/v1", Kind: "Pod", Namespace: "shop", Name: "x"},
	} {
		d := document.Object(&lint.Source{Data: []byte(text)}, known)[0]
		if d.Problem != nil || d.Object != want || lint.StringAt(d.Value, "metadata", "namespace") != "shop" {
			t.Errorf("%s: got %v %v", text, d.Object, d.Problem)
		}
	}
}

func TestObject_leavesOutTheServersBookkeeping(t *testing.T) {
	d := document.Object(&lint.Source{Data: []byte(`{"metadata":{"name":"x","managedFields":[{"manager":"kubectl"}]}}`)}, lint.Resource{})[0]
	if lint.Field(d.Value, "metadata", "managedFields") != nil || d.Object.Name != "x" {
		t.Errorf("got %v", d.Value)
	}
}

func TestObject_refuses(t *testing.T) {
	deep := func(levels int) string {
		return `{"a":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + `}`
	}
	for text, want := range map[string]lint.ProblemKind{
		"":                       lint.Syntax,
		"{":                      lint.Syntax,
		"[]":                     lint.NotAMap,
		"null":                   lint.NotAMap,
		`{"a":"` + "\xff" + `"}`: lint.NotUTF8,
		`{"a":1e999}`:            lint.Syntax,
		deep(lint.MaxDepth + 1):  lint.TooDeep,
		deep(1000000):            lint.TooDeep,
	} {
		documents := document.Object(&lint.Source{Data: []byte(text)}, lint.Resource{})
		if len(documents) != 1 || documents[0].Problem == nil || documents[0].Problem.Kind != want {
			t.Errorf("%.20q: got %+v, want %s", text, documents[0].Problem, want)
		}
	}
	for _, text := range []string{deep(lint.MaxDepth), `{"a":"` + strings.Repeat("[", 2000) + `\"[\\"}`} {
		if d := document.Object(&lint.Source{Data: []byte(text)}, lint.Resource{})[0]; d.Problem != nil {
			t.Errorf("%.20q: got %v", text, d.Problem)
		}
	}
}

func TestObject_showsNoSecret(t *testing.T) {
	text := `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"data":{"x.yaml":"cGFzc3dvcmQ6IGh1bnRlcjI="},"stringData":{"a":"hunter2"}}`
	for _, d := range document.Object(&lint.Source{Data: []byte(text)}, lint.Resource{}) {
		if d.Value != nil && strings.Contains(d.Value.String(), "hunter2") || strings.Contains(d.Value.String(), "cGFzc3") {
			t.Errorf("got %v", d.Value)
		}
	}
}

// FuzzObject_values holds the quick reader against encoding/json.
func FuzzObject_values(f *testing.F) {
	for _, text := range []string{
		`{}`, ` { "a" : [ ] , "b":{"c":null,"c":true} , "":{"":[[]]}}`, `{"a":-0,"b":1e3,"c":1.50,"d":12345678901234567890,"e":0.1e-7,"f":-12}`,
		`{"a\u0062":"\"\\\/\b\f\n\r\t\ud83d\ude00\ud800","\\":"\\\\"}`, `{"metadata":{"name":"x","managedFieldsX":[1]},"b":{"managedFields":[{"a":"}"}]}}`,
		`{"spec":{"metadata":{"managedFields":1}}}`, `{"a":"界","b":[1,"2",{"c":false}]}`, `{"metadata":[{"managedFields":3}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		object := document.Object(&lint.Source{Data: text}, lint.Resource{})[0]
		if err := json.Unmarshal(text, &v); err != nil || object.Problem != nil {
			if (err == nil) == (object.Problem != nil) && object.Problem.Kind == lint.Syntax {
				t.Errorf("%q: %v, and %v", text, err, object.Problem)
			}
			return
		}
		if m, ok := v.(map[string]any)["metadata"].(map[string]any); ok {
			if bytes.Contains(text, []byte("managedFields")) && m["managedFields"] == nil {
				t.Skip() // written in two ways
			}
			delete(m, "managedFields")
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ast.ValueFromReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		got := object.Value
		if kind := object.Object.Kind; kind == "Secret" || kind == "SecretList" || kind == "Config" || kind == "Cluster" || kind == "ConfigMap" || bytes.Contains(text, []byte("kind")) {
			return // secrets are taken out
		}
		if got.Compare(want) != 0 || got.Hash() != want.Hash() || got.String() != want.String() {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	})
}

// TestObject_ofEscapesIsLinear reads strings of nothing but escapes, one eight times as long as the other.
func TestObject_ofEscapesIsLinear(t *testing.T) {
	took := func(n int) time.Duration {
		text := []byte(`{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"` + strings.Repeat(`\u003c`, n) + `"}}`)
		begin := time.Now()
		document.Object(&lint.Source{Data: text}, lint.Resource{})
		return time.Since(begin)
	}
	took(1000)
	if small, large := took(100_000), took(800_000); large > 40*small {
		t.Errorf("100,000 escapes took %v, 800,000 took %v", small, large)
	}
}
