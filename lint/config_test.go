package lint_test

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestParseConfig_mistakes(t *testing.T) {
	for text, want := range map[string]string{
		"ruls: {}":                                      `c: line 1: unknown key "ruls", did you mean "rules"?`,
		"rules: {x: loud}":                              `expected on, off, error, warning or info`,
		"rules: {x: {sevrity: info}}":                   `unknown key "sevrity", did you mean "severity"?`,
		"versions: {docker: v1.2}":                      `unknown product "docker"`,
		"versions: {kubekey: newest}":                   `"newest" is no version of kubekey`,
		"lang: fr":                                      `unknown lang "fr"`,
		"exemptions: [{reason: x}]":                     "exemptions[0]: rule is missing",
		"exemptions: [{rule: x}]":                       "exemptions[0]: reason is missing",
		"exemptions: [{rule: x, reason: y, expiry: z}]": `expiry "z" is no day`,
		"exclude: a":                                    "c: ",
		"a: b: c":                                       "c: ",
		"rules: {}\nrules: {}":                          `key "rules" already set`,
	} {
		if _, err := lint.ParseConfig("c", "/", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestConfig_theMostExactPatternDecides(t *testing.T) {
	c, err := lint.ParseConfig("c", "/", []byte(`
rules:
  "*": off
  etcd-*: on
  etcd-even-members: {severity: info, parameters: {most: 1}}
  etcd-even-*: error
`))
	if err != nil {
		t.Fatal(err)
	}
	one := c.Setting("etcd-even-members")
	if one.On == nil || !*one.On || one.Severity != lint.Info || one.Parameters["most"] != 1.0 {
		t.Errorf("got %+v", one)
	}
	if two := c.Setting("etcd-even-two"); two.Severity != lint.Error {
		t.Errorf("got %+v", two)
	}
	if other := c.Setting("yaml-tab"); other.On == nil || *other.On {
		t.Errorf("got %+v", other)
	}
}

func TestChoice_runs(t *testing.T) {
	off := &lint.Rule{ID: "workload-x", Off: true}
	on := &lint.Rule{ID: "etcd-x"}
	config, err := lint.ParseConfig("c", "/", []byte("rules: {workload-*: on, etcd-x: off}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		choice lint.Choice
		rule   *lint.Rule
		config *lint.Config
		want   bool
	}{
		{"on by default", lint.Choice{}, on, nil, true},
		{"off by default", lint.Choice{}, off, nil, false},
		{"switched on", lint.Choice{}, off, config, true},
		{"switched off", lint.Choice{}, on, config, false},
		{"named by --only", lint.Choice{Only: []string{"workload-*"}}, off, nil, true},
		{"--only wins over the configuration", lint.Choice{Only: []string{"etcd-x"}}, on, config, true},
		{"not named by --only", lint.Choice{Only: []string{"workload-*"}}, on, nil, false},
		{"skipped", lint.Choice{Skip: []string{"etcd-*"}}, on, nil, false},
	} {
		if got := test.choice.Runs(test.rule, test.config); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestMatchesPath_asGitignoreDoes(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"vendor", "vendor/x/y.yaml", true},
		{"vendor", "a/vendor/y.yaml", true},
		{"vendor", "vendors/y.yaml", false},
		{"*.json", "a/b.json", true},
		{"a/*.yaml", "a/b.yaml", true},
		{"a/*.yaml", "a/b/c.yaml", false},
		{"/a", "b/a", false},
		{"**/testdata/**", "x/testdata/y.yaml", true},
		{"clusters/lab/**", "clusters/lab/a/b.yaml", true},
		{"clusters/lab/", "clusters/lab/a.yaml", true},
	} {
		if got := lint.MatchesPath(test.pattern, test.name); got != test.want {
			t.Errorf("%s against %s: got %v", test.pattern, test.name, got)
		}
	}
}
