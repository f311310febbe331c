{{/* Names are fixed: a cluster has one kslint, because its webhook configuration is the cluster's. */}}

{{- define "kslint.labels" -}}
app.kubernetes.io/name: kslint
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: kslint
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* What a selector holds never changes: neither version nor release. */}}
{{- define "kslint.selector" -}}
app.kubernetes.io/name: kslint
app.kubernetes.io/component: {{ . }}
{{- end }}

{{- define "kslint.meta" -}}
name: {{ .name }}
{{- if .namespaced }}
namespace: {{ .in | default .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "kslint.labels" . | nindent 2 }}
{{- end }}

{{- define "kslint.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What the Pods of kslint have in common. */}}
{{- define "kslint.pod" -}}
serviceAccountName: {{ .account }}
automountServiceAccountToken: true
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
nodeSelector:
  {{- merge (dict) .nodeSelector .root.Values.global.nodeSelector (dict "kubernetes.io/os" "linux") | toYaml | nindent 2 }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with concat .root.Values.image.pullSecrets .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "kslint.container" -}}
image: {{ include "kslint.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Configuration and policies, as webhook and audit read them. */}}
{{- define "kslint.mounts" -}}
- {name: config, mountPath: /etc/kslint/config, readOnly: true}
{{- range $name, $_ := .Values.policies }}
- {name: policies-{{ $name }}, mountPath: /etc/kslint/policies/{{ $name }}, readOnly: true}
{{- end }}
{{- end }}

{{- define "kslint.volumes" -}}
- name: config
  configMap: {name: kslint-config}
{{- range $name, $policies := .Values.policies }}
- name: policies-{{ $name }}
  configMap:
    name: {{ $policies.configMap | default (printf "kslint-policies-%s" $name) }}
    {{- if $policies.files }}
    items:
    {{- range $path, $_ := $policies.files }}
    - {key: {{ include "kslint.key" $path }}, path: {{ $path }}}
    {{- end }}
    {{- else if $policies.items }}
    items: {{- toYaml $policies.items | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}

{{/* A path as the key of a ConfigMap, which may hold no slash. */}}
{{- define "kslint.key" -}}
{{ replace "/" "__" . }}
{{- end }}

{{- define "kslint.contentFlags" -}}
- --config=/etc/kslint/config/kslint.yaml
{{- range $name, $_ := .Values.policies }}
- --policies=/etc/kslint/policies/{{ $name }}
{{- end }}
{{- end }}

{{/* Binds a role to the ServiceAccount of the same name, or to another "account". */}}
{{- define "kslint.binding" -}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{ .kind }}, name: {{ .name }}}
subjects:
- {kind: ServiceAccount, name: {{ .account | default .name }}, namespace: {{ .root.Release.Namespace }}}
{{- end }}

{{/* A hook: takes "on", "weight", and deletes what it made when it has succeeded, or before it is made anew. */}}
{{- define "kslint.hook" -}}
helm.sh/hook: {{ .on }}
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{/* The ServiceAccount of a hook, for its roles and its Pod alone. */}}
{{- define "kslint.hookAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "kslint.meta" (merge (dict "namespaced" true) .) | nindent 2 }}
  annotations:
    {{- include "kslint.hook" (dict "on" .on "weight" "-10") | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{/* A role of a hook with its binding: takes "role" (Role or ClusterRole), "rules" and, where it is not the release's, "in". */}}
{{- define "kslint.hookRole" -}}
{{- $namespaced := eq .role "Role" -}}
{{- range $kind := list .role (printf "%sBinding" .role) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  {{- include "kslint.meta" (merge (dict "namespaced" $namespaced) $) | nindent 2 }}
  annotations:
    {{- include "kslint.hook" (dict "on" $.on "weight" "-10") | nindent 4 }}
{{- if eq $kind $.role }}
rules:
{{ $.rules }}
{{- else }}
{{ include "kslint.binding" (dict "root" $.root "kind" $.role "name" $.name "account" $.account) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The Job of a hook: takes "args". */}}
{{- define "kslint.hookJob" -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "kslint.meta" (merge (dict "namespaced" true) .) | nindent 2 }}
  annotations:
    {{- include "kslint.hook" (dict "on" .on "weight" "0") | nindent 4 }}
spec:
  backoffLimit: 3
  activeDeadlineSeconds: 240
  template:
    metadata:
      labels:
        {{- include "kslint.labels" . | nindent 8 }}
    spec:
      {{- include "kslint.pod" (dict "root" .root "account" .name "nodeSelector" .root.Values.webhook.nodeSelector "tolerations" .root.Values.webhook.tolerations) | nindent 6 }}
      restartPolicy: Never
      containers:
      - name: {{ .component }}
        {{- include "kslint.container" .root | nindent 8 }}
        args:
        {{- toYaml .args | nindent 8 }}
        resources:
          {{- toYaml .root.Values.hooks.resources | nindent 10 }}
{{- end }}

{{/* A list of texts in CEL. */}}
{{- define "kslint.cel" -}}
[{{ range $i, $text := . }}{{ if $i }}, {{ end }}{{ toRawJson $text }}{{ end }}]
{{- end }}
