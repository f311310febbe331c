package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kslint/kslint/lint/policy"
)

// sound is a rule whose metadata is in order; tests break one line of it.
const sound = `# METADATA
# title: Title
# description: Description.
# custom:
#   severity: warning
#   targets: [kubekey-cluster]
#   message: "found {count}"
#   remediation: Fix it.
#   messages:
#     other: {severity: error, message: other}
#   zh:
#     title: 标题
#     description: 说明。
#     message: "发现 {count}"
#     remediation: 修复。
#     messages:
#       other: {message: 其他}
package policies.rules.area["some-rule"]

deny contains {"path": [], "args": {"count": 1}}
`

func TestMetadata_mistakes(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"unknown key", "#   severity: warning", "#   severity: warning\n#   sevrity: x", `p/rules/area/some-rule/rule.rego:6: unknown key "sevrity" in the metadata, did you mean "severity"?`},
		{"unknown severity", "severity: warning", "severity: warnign", `p/rules/area/some-rule/rule.rego:5: unknown severity "warnign", expected error, warning or info`},
		{"unknown target", "[kubekey-cluster]", "[kubekey-clster]", `p/rules/area/some-rule/rule.rego:6: unknown target "kubekey-clster", expected one of`},
		{"targets on several lines", "#   targets: [kubekey-cluster]", "#   targets:\n#   - kubekey-cluster", `p/rules/area/some-rule/rule.rego:6: targets must be a list on one line`},
		{"no Chinese title", "#     title: 标题\n", "", `p/rules/area/some-rule/rule.rego:11: the Chinese title is missing (zh.title)`},
		{"no Chinese message", "#       other: {message: 其他}", "#       other: {}", `p/rules/area/some-rule/rule.rego:17: the Chinese message is missing`},
		{"placeholder lost in Chinese", "发现 {count}", "发现", `p/rules/area/some-rule/rule.rego:14: the Chinese message lacks the placeholder {count}`},
		{"placeholder lost in English", "found {count}", "found", `p/rules/area/some-rule/rule.rego:7: the English message lacks the placeholder {count}`},
		{"message without English", "#       other: {message: 其他}", "#       other: {message: 其他}\n#       third: {message: 三}", `p/rules/area/some-rule/rule.rego:18: zh.messages.third has no English message`},
		{"range of versions", "#   severity: warning", "#   severity: warning\n#   versions: {kubesphere: '3.4'}", `p/rules/area/some-rule/rule.rego:6: "3.4" is no range of versions`},
		{"unknown product", "#   severity: warning", "#   severity: warning\n#   versions: {docker: '>=3.4'}", `p/rules/area/some-rule/rule.rego:6: unknown product "docker"`},
		{"unknown scope", "#   severity: warning", "#   severity: warning\n#   scope: cluster", `p/rules/area/some-rule/rule.rego:6: unknown scope "cluster"`},
		{"unknown pre-filter", "#   severity: warning", "#   severity: warning\n#   when: moon", `p/rules/area/some-rule/rule.rego:6: unknown pre-filter "moon"`},
		{"parameter of another type", "#   severity: warning", "#   severity: warning\n#   parameters: {max: {type: number, default: x, description: d, zh: 说明}}", `p/rules/area/some-rule/rule.rego:6: the default of "max": expected a value of type number, found x`},
		{"no metadata", "# METADATA\n", "", `p/rules/area/some-rule/rule.rego:1: expected "# METADATA" on the first line`},
		{"a gap before the package", "package", "\npackage", `p/rules/area/some-rule/rule.rego:18: expected the package right behind the metadata`},
		{"broken YAML", "#   severity: warning", "#   severity: [", `p/rules/area/some-rule/rule.rego:`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(sound, test.old, test.new, 1)
			if text == sound {
				t.Fatal("the test changes nothing")
			}
			index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{"rules/area/some-rule/rule.rego": {Data: []byte(text)}}})
			if err == nil {
				_, err = index.All()
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestMetadata_sound(t *testing.T) {
	index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{"rules/area/some-rule/rule.rego": {Data: []byte(sound)}}})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	r := rules[0]
	if r.ID != "some-rule" || r.Area != "area" || r.Severity.String() != "error" || r.Messages[""].Severity.String() != "warning" {
		t.Errorf("got %+v", r.Rule)
	}
	if got := r.Text["zh"].Messages["other"].Remediation; got != "修复。" {
		t.Errorf("a further message inherits the remediation, got %q", got)
	}
}

func TestMetadata_foldedChineseHasNoBlanks(t *testing.T) {
	text := strings.Replace(sound, "#     description: 说明。", "#     description: >-\n#       第一行，\n#       第二行 KubeKey\n#       v4 拒绝。\n#       完", 1)
	index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{"rules/area/some-rule/rule.rego": {Data: []byte(text)}}})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	if got := rules[0].Text["zh"].Description; got != "第一行，第二行 KubeKey v4 拒绝。完" {
		t.Errorf("got %q", got)
	}
}
