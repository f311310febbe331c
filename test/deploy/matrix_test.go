package deploy

import "strings"

// matrix are values that change what is rendered.
var matrix = map[string]string{
	"nothing":      ``,
	"enforce":      `profile: enforce`,
	"strict":       `profile: strict`,
	"cert-manager": `certificates: {mode: cert-manager}`,
	"an issuer":    `certificates: {mode: cert-manager, issuerRef: {kind: ClusterIssuer, name: platform}}`,
	"no extras":    `{audit: {enabled: false}, networkPolicy: {enabled: false}, hooks: {doctor: false, uninstall: false}, priorityClassName: ""}`,
	"everything": `
profile: enforce
readServices: true
config:
  lang: zh
  rules: {"workload-*": "on"}
  enforcement:
    namespaces: [{names: ["shop-*"], selector: {matchLabels: {tier: tenant}}, rules: {workload-memory-limit-missing: deny}}]
    guard: {groups: [platform], labels: [stage]}
  exemptions: [{rule: workload-memory-limit-missing, match: {namespace: shop, name: legacy}, reason: replaced in March, owner: shop, expiry: 2027-04-01}]
policies:
  team:
    files:
      rules/shop/shop-image-tag/rule.rego: "package policies.rules.shop[\"shop-image-tag\"]\n"
      rules/shop/shop-image-tag/example.txtar: "-- bad/a.yaml --\n"
  platform: {configMap: platform-policies, items: [{key: rule.rego, path: rules/platform/platform-labels/rule.rego}]}
image: {registry: registry.example.com, digest: "sha256:` + strings.Repeat("0123456789abcdef", 4) + `", pullSecrets: [registry]}
webhook:
  replicas: 5
  clientCA: {configMap: apiserver-client-ca, names: [kube-apiserver-webhook]}
  nodeSelector: {node-role.kubernetes.io/control-plane: ""}
  tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]
  podAnnotations: {example.com/a: b}
  podLabels: {example.com/c: d}
  extraArgs: [--reload-interval=2s]
  match:
    excludeNamespaces: [sandbox]
    systemNamespaces: [kubesphere-system]
    controllers: ["system:serviceaccount:argo-rollouts:argo-rollouts"]
    namespaceSelector: {matchLabels: {kslint: "on"}, matchExpressions: [{key: stage, operator: NotIn, values: [dev]}]}
    secrets: true
    more: [{group: apps.kruise.io, resources: [clonesets]}]
audit: {replicas: 2, extraRules: [{apiGroups: [apps.kruise.io], resources: [clonesets], verbs: [list]}], secretCertificates: true, reports: openreports, interval: 90m}
networkPolicy:
  apiServer: {cidrs: [192.168.0.2/32], ports: [6443]}
  metricsFrom: {kubernetes.io/metadata.name: kubesphere-monitoring-system}
  extraEgress: [{ports: [{port: 4317, protocol: TCP}]}]
monitoring: {serviceMonitor: {enabled: true, labels: {a: b}}, prometheusRule: {enabled: true}, dashboard: {enabled: true}}
global: {imageRegistry: mirror.example.com, imagePullSecrets: [{name: mirror}], nodeSelector: {kubernetes.io/arch: amd64}}
`,
}
