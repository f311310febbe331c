package output

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

var (
	etcd = &lint.Rule{ID: "etcd-even-members", Text: map[lint.Lang]lint.Text{
		lint.English: {Messages: map[string]lint.Words{"": {
			Message: "etcd has {count} members: one failure more than {tolerated} loses quorum", Remediation: "Use 1, 3 or 5 members.",
		}}},
		lint.Chinese: {Messages: map[string]lint.Words{"": {
			Message: "etcd 有 {count} 个成员：故障超过 {tolerated} 个就会失去多数派，集群将不可写", Remediation: "把成员数改为 1、3 或 5 个（不要用偶数）。",
		}}},
	}}
	host = &lint.Rule{ID: "host-duplicate-address", Text: map[lint.Lang]lint.Text{
		lint.English: {Messages: map[string]lint.Words{"": {
			Message:     "the hosts {hosts} share the internal address {address}, so that the second one joins as the first",
			Remediation: "Give every host its own internalAddress; it is the one that etcd and the kubelet listen on and that certificates are made for.",
		}}},
		lint.Chinese: {Messages: map[string]lint.Words{"": {
			Message:     "主机 {hosts} 的内网地址都是 {address}，后加入的节点会被当成前一个节点",
			Remediation: "为每台主机填写各自的 internalAddress：etcd 和 kubelet 都监听在这个地址上，证书也是为它签发的。",
		}}},
	}}
	plain = &lint.Rule{ID: "some-rule", Text: map[lint.Lang]lint.Text{
		lint.English: {Messages: map[string]lint.Words{"": {Message: "{text}"}}},
	}}
)

const config = `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: 生产集群
spec:
  hosts:
  - {name: 主节点一, address: 172.16.0.2, internalAddress: 172.16.0.2, user: root, password: "Qcloud@123"}
  - {name: m02, address: 172.16.0.3, internalAddress: 172.16.0.2, user: root, password: Qcloud@123, arch: amd64}
  roleGroups:
    # 三个成员才能容忍一个故障
    etcd: [主节点一, m02]
    control-plane: [m02]
`

// sample is a report with findings of every severity.
func sample() *lint.Report {
	cluster := lint.Resource{APIVersion: "kubekey.kubesphere.io/v1alpha2", Kind: "Cluster", Name: "生产集群"}
	at := func(rule *lint.Rule, s lint.Severity, r lint.Range, p lint.Path, args map[string]any) lint.Finding {
		return lint.Finding{
			Rule: rule, Severity: s, Args: args, File: "clusters/prod/config.yaml", Range: r, Path: p,
			Target: lint.KubeKeyCluster, Object: cluster, Fingerprint: "sha256:0123",
		}
	}
	pair := map[string]any{"hosts": []any{"主节点一", "m02"}, "address": "172.16.0.2"}
	members := map[string]any{"count": 2, "tolerated": 0}
	r := &lint.Report{
		Files: 3, Documents: 5,
		Findings: []lint.Finding{
			at(host, lint.Warning, lint.Range{Line: 8, Column: 55, EndLine: 8, EndColumn: 65}, lint.Path{"spec", "hosts", 1, "internalAddress"}, pair),
			at(etcd, lint.Error, lint.Range{Line: 11, Column: 11, EndLine: 11, EndColumn: 22}, lint.Path{"spec", "roleGroups", "etcd"}, members),
			at(etcd, lint.Error, lint.Range{Line: 11, Column: 11, EndLine: 11, EndColumn: 22}, nil, members),
			at(plain, lint.Info, lint.Range{}, nil, map[string]any{"text": "nothing to point at"}),
		},
		Failures: []lint.Failure{
			{File: "broken.yaml", Range: lint.Range{Line: 7, Column: 1}, Reason: "did not find expected key"},
			{File: "clusters/prod/config.yaml", Rule: "some-rule", Reason: "eval_conflict_error: complete rules must not produce multiple outputs"},
		},
		Notes: []lint.Note{
			{File: "clusters/prod/etcd.yaml", Rule: "etcd-cert-san-mismatch", Reason: "not checked: etcd-cert-san-mismatch needs etcd.env"},
			{File: "chart/templates/a.yaml", Range: lint.Range{Line: 3, Column: 5}, Reason: "not checked: this is a Helm template", Always: true},
		},
		Sources: map[string][]byte{"clusters/prod/config.yaml": []byte(config)},
	}
	r.Findings[2].Waived = "two members until the third machine arrives"
	r.Findings[3].File, r.Findings[3].Object, r.Findings[3].Target = "other.yaml", lint.Resource{}, ""
	return r
}

func written(t *testing.T, w Writer, r *lint.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := w.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	for name, o := range map[string]Options{
		"text-en":          {},
		"text-zh":          {Lang: lint.Chinese},
		"text-en-color":    {Color: true, Width: 100},
		"text-zh-color":    {Lang: lint.Chinese, Color: true, Width: 100},
		"text-en-narrow":   {Width: 60},
		"text-zh-narrow":   {Lang: lint.Chinese, Width: 60},
		"text-en-quiet":    {Quiet: true, Width: 60},
		"text-zh-quiet":    {Lang: lint.Chinese, Quiet: true},
		"text-en-narrower": {Width: 30},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, written(t, text{}, sample(), o)) })
	}
}

func TestText_fits(t *testing.T) {
	for _, lang := range lint.Langs() {
		for width := 60; width <= 130; width++ {
			for line := range strings.Lines(written(t, text{}, sample(), Options{Lang: lang, Width: width})) {
				if n := columns(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%s: %d columns instead of %d: %s", lang, n, width, line)
				}
			}
		}
	}
}

func TestText_repeats(t *testing.T) {
	r := sample()
	if a, b := written(t, text{}, r, Options{}), written(t, text{}, r, Options{}); a != b {
		t.Errorf("%s\nthen\n%s", a, b)
	}
}

func TestDiagnose(t *testing.T) {
	for name, o := range map[string]Options{
		"diagnose-en":         {},
		"diagnose-en-verbose": {Verbose: true, Width: 60},
		"diagnose-zh-verbose": {Lang: lint.Chinese, Verbose: true},
		"diagnose-en-quiet":   {Quiet: true, Verbose: true, Color: true},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Diagnose(&b, sample(), o); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.String())
		})
	}
}

func TestNames(t *testing.T) {
	if got := fmt.Sprint(Names()); got != "[checkstyle github gitlab html json junit sarif text]" {
		t.Error(got)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriters_report(t *testing.T) {
	for name, w := range Formats {
		if err := w.Write(broken{}, sample(), Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := Diagnose(broken{}, sample(), Options{}); err == nil {
		t.Error("no error")
	}
}

func BenchmarkText(b *testing.B) {
	r := &lint.Report{Files: 1, Documents: 1, Sources: map[string][]byte{"a.yaml": []byte(strings.Repeat(config, 1000))}}
	for i := range 1000 {
		f := sample().Findings[i%2]
		f.File, f.Range.Line, f.Range.EndLine = "a.yaml", f.Range.Line+12*i, f.Range.Line+12*i
		r.Findings = append(r.Findings, f)
	}
	for name, w := range Formats {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var out bytes.Buffer
				if err := w.Write(&out, r, Options{Width: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
