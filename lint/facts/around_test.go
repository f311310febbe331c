package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/facts"
)

const aroundText = `
apiVersion: v1
kind: LimitRange
metadata: {name: a, namespace: shop}
spec:
  limits:
  - {type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: 1}, min: {ephemeral-storage: 1Gi}}
  - {type: Pod, max: {example.com/gpu: 1}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: b, namespace: shop}
spec: {limits: [{type: Container, max: {cpu: 2, memory: null}}, text, {type: Container, default: text}]}
---
apiVersion: v1
kind: LimitRange
metadata: {name: b, namespace: odd}
spec: {limits: text}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}, {port: 443, targetPort: https}, {port: 1, targetPort: null}, text]}
---
apiVersion: v1
kind: Service
metadata: {name: external}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: every, namespace: shop}
spec: {selector: {}}
`

func TestAround(t *testing.T) {
	documents := document.Decode(&lint.Source{Name: "a.yaml", Data: []byte(aroundText)})
	lint.Classify(documents)
	around := facts.AroundIn(documents)
	for namespace, want := range map[string]string{
		"shop": `{"limits": {"limits": {"cpu": true, "memory": true}, "requests": {"cpu": true, "ephemeral-storage": true, "memory": true}}, "services": []}`,
		"":     `{"limits": {"limits": {}, "requests": {}}, "services": [{"name": "web", "ports": [80, "https", 1, null], "selector": {"app": "web"}}]}`,
		"odd":  `{"limits": {"limits": {}, "requests": {}}, "services": []}`,
		"none": `{"limits": {"limits": {}, "requests": {}}, "services": []}`,
	} {
		if got := fmt.Sprint(around.Input(namespace, facts.KindsAround())); got != want {
			t.Errorf("%q: got %s, want %s", namespace, got, want)
		}
	}
	charts := document.Decode(&lint.Source{Name: "a.yaml", Data: []byte(strings.ReplaceAll(aroundText, "shop", "kubesphere-system"))})
	lint.Classify(charts)
	got := fmt.Sprint(facts.AroundIn(charts).Input("", []string{facts.Limits}))
	if !strings.Contains(got, `"memory": true`) {
		t.Errorf("without a namespace: got %s", got)
	}
	if got := fmt.Sprint(around.Input("shop", []string{facts.Services})); got != `{"services": []}` {
		t.Errorf("got %s", got)
	}
}
