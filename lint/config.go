package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Config is what users decide: the content of .kslint.yaml. The zero value decides nothing.
type Config struct {
	// Rules by name or glob: on, off, a severity, or severity and parameters.
	Rules map[string]RuleConfig `json:"rules,omitempty"`
	// Exclude holds globs of paths, relative to the folder of the configuration, that are never read.
	Exclude []string `json:"exclude,omitempty"`
	// Exemptions waive findings for a reason, until a day.
	Exemptions []Exemption `json:"exemptions,omitempty"`
	// Versions of products that the files do not say themselves.
	Versions map[Product]string `json:"versions,omitempty"`
	// Policies are folders with more rules, relative to the folder of the configuration.
	Policies []string `json:"policies,omitempty"`
	// Lang is the language of messages, en or zh.
	Lang Lang `json:"lang,omitempty"`

	// What the webhook does with findings, see enforcement.go; the command accepts and does not use it.
	Enforcement *Enforcement `json:"enforcement,omitempty"`
	OnError     *OnError     `json:"onError,omitempty"`
	OnOverload  OnOverload   `json:"onOverload,omitempty"`
	// Annotations is "allow" where the webhook honours the annotation kslint.io/ignore, "" where it does not.
	Annotations string `json:"annotations,omitempty"`

	// Name is where the configuration was read, Folder the folder that its globs and paths are relative to; "" for none.
	Name   string `json:"-"`
	Folder string `json:"-"`

	// settled holds what With has worked out, by rule; strict is that of AtAdmission; text is what was parsed.
	settled map[string]RuleConfig
	strict  bool
	text    []byte
}

// RuleConfig is what a configuration says about the rules that a name or glob matches.
type RuleConfig struct {
	// On is nil where nothing is said about running the rule.
	On         *bool          `json:"-"`
	Severity   Severity       `json:"-"`
	Parameters map[string]any `json:"-"`
}

// UnmarshalJSON reads on, off, a severity, or an object. YAML has made booleans of on and off before.
func (r *RuleConfig) UnmarshalJSON(data []byte) error {
	var on bool
	if json.Unmarshal(data, &on) == nil {
		r.On = &on
		return nil
	}
	var word string
	if json.Unmarshal(data, &word) == nil {
		return r.word(word)
	}
	var object struct {
		Enabled    *bool          `json:"enabled"`
		Severity   string         `json:"severity"`
		Parameters map[string]any `json:"parameters"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&object); err != nil {
		return fmt.Errorf("a rule takes on, off, a severity, or enabled, severity and parameters: %w", err)
	}
	r.On, r.Parameters = object.Enabled, object.Parameters
	if r.On == nil {
		yes := true
		r.On = &yes
	}
	if object.Severity == "" {
		return nil
	}
	var err error
	r.Severity, err = ParseSeverity(object.Severity)
	return err
}

func (r *RuleConfig) word(word string) error {
	on := word != "off"
	r.On = &on
	if word == "on" || word == "off" {
		return nil
	}
	severity, err := ParseSeverity(word)
	if err != nil {
		return fmt.Errorf("%q: expected on, off, error, warning or info", word)
	}
	r.Severity = severity
	return nil
}

// ParseConfig reads a configuration strictly: an unknown key is an error that names the nearest known one.
func ParseConfig(name, folder string, data []byte) (*Config, error) {
	c := &Config{Name: name, Folder: folder, text: data}
	if err := yaml.UnmarshalStrict(data, c); err != nil {
		return nil, fmt.Errorf("%s: %s", name, explain(err, data))
	}
	for product, text := range c.Versions {
		if !slices.Contains(Products(), product) {
			return nil, fmt.Errorf("%s: unknown product %q under versions, expected kubesphere, kubernetes or kubekey", name, product)
		}
		if _, ok := ParseVersion(text); !ok {
			return nil, fmt.Errorf("%s: %q is no version of %s, expected numbers such as 3.4.1", name, text, product)
		}
	}
	if c.Lang != "" && !slices.Contains(Langs(), c.Lang) {
		return nil, fmt.Errorf("%s: unknown lang %q, expected en or zh", name, c.Lang)
	}
	for i, e := range c.Exemptions {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("%s: exemptions[%d]: %w", name, i, err)
		}
	}
	if err := c.checkWebhook(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// The keys of a configuration, at its first level and below.
var (
	firstKeys = []string{"rules", "exclude", "exemptions", "versions", "policies", "lang", "enforcement", "onError", "onOverload", "annotations"}
	innerKeys = []string{
		"rule", "match", "reason", "owner", "expiry", "file", "kind", "namespace", "name", "path",
		"enabled", "severity", "parameters",
		"profile", "error", "warning", "info", "ratchet", "namespaces", "names", "selector", "matchLabels", "matchExpressions", "operator", "values", "key",
	}
)

var unknownField = regexp.MustCompile(`unknown field "([^"]+)"`)

// explain makes one plain line of a decoding error, with the line where the key stands and the nearest known key.
func explain(err error, data []byte) string {
	text := strings.TrimPrefix(err.Error(), "error unmarshaling JSON: while decoding JSON: ")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "error converting YAML to JSON: "), "yaml: ")
	m := unknownField.FindStringSubmatch(text)
	if m == nil {
		return strings.ReplaceAll(text, "\n", " ")
	}
	parts := strings.Split(m[1], ".")
	key := parts[len(parts)-1]
	message, known := fmt.Sprintf("unknown key %q", key), innerKeys
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(strings.TrimLeft(line, " -"), key+":") {
			message = fmt.Sprintf("line %d: %s", i+1, message)
			if strings.HasPrefix(line, key) {
				known = firstKeys
			}
			break
		}
	}
	if near := Nearest(key, known); near != "" {
		message += fmt.Sprintf(", did you mean %q?", near)
	}
	return message
}
