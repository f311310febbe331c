package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// metadata is the comment at the head of a rule. schemas/rule-metadata.json describes the same for people and editors.
type metadata struct {
	Title            string `yaml:"title"`
	Description      string `yaml:"description"`
	RelatedResources []struct {
		Ref         string `yaml:"ref"`
		Description string `yaml:"description"`
	} `yaml:"related_resources"`
	Custom custom `yaml:"custom"`
}

type custom struct {
	Severity    string               `yaml:"severity"`
	Targets     []string             `yaml:"targets"`
	Scope       string               `yaml:"scope"`
	YAML        bool                 `yaml:"yaml"`
	Facts       []string             `yaml:"facts"`
	When        string               `yaml:"when"`
	Unknown     string               `yaml:"unknown"`
	Default     string               `yaml:"default"`
	Versions    map[string]string    `yaml:"versions"`
	Parameters  map[string]parameter `yaml:"parameters"`
	Message     string               `yaml:"message"`
	Remediation string               `yaml:"remediation"`
	Messages    map[string]message   `yaml:"messages"`
	ZH          chinese              `yaml:"zh"`
}

type message struct {
	Severity    string            `yaml:"severity"`
	Message     string            `yaml:"message"`
	Remediation string            `yaml:"remediation"`
	Versions    map[string]string `yaml:"versions"`
}

type parameter struct {
	Type        string `yaml:"type"`
	Default     any    `yaml:"default"`
	Description string `yaml:"description"`
	ZH          string `yaml:"zh"`
}

type chinese struct {
	Title       string           `yaml:"title"`
	Description string           `yaml:"description"`
	Message     string           `yaml:"message"`
	Remediation string           `yaml:"remediation"`
	Messages    map[string]words `yaml:"messages"`
}

type words struct {
	Message     string `yaml:"message"`
	Remediation string `yaml:"remediation"`
}

// decode reads a rule's metadata strictly; an error begins with file and line.
func decode(file string, e Entry) (*lint.Rule, error) {
	text, err := comment(e.text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	d := decoder{file: file, source: text}
	yamlDecoder := yaml.NewDecoder(bytes.NewReader(text))
	yamlDecoder.KnownFields(true)
	if err := yamlDecoder.Decode(&d.meta); err != nil && !errors.Is(err, io.EOF) {
		return nil, d.refused(err)
	}
	rule := d.rule(e)
	if d.err != nil {
		return nil, d.err
	}
	return rule, nil
}

// comment cuts the YAML out of the comment block. Its first line stands in for "# METADATA", so line numbers stay those of the file.
func comment(text []byte) ([]byte, error) {
	var b bytes.Buffer
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if number == 1 {
			if strings.TrimSpace(string(line)) != "# METADATA" {
				return nil, fmt.Errorf(`1: expected "# METADATA" on the first line`)
			}
			b.WriteByte('\n')
			continue
		}
		rest, ok := bytes.CutPrefix(line, []byte("#"))
		if !ok {
			if !bytes.HasPrefix(line, []byte("package ")) {
				return nil, fmt.Errorf("%d: expected the package right behind the metadata", number)
			}
			return b.Bytes(), nil
		}
		b.Write(bytes.TrimPrefix(rest, []byte(" ")))
	}
	return nil, fmt.Errorf("%d: expected a package behind the metadata", number)
}

type decoder struct {
	file   string
	source []byte
	meta   metadata
	err    error
}

var yamlError = regexp.MustCompile(`line (\d+): (?:field (\S+) not found in type \S+|(.*))`)

// refused rewrites an error of the YAML decoder: file and line first, no Go type names.
func (d *decoder) refused(err error) error {
	m := yamlError.FindStringSubmatch(err.Error())
	switch {
	case m == nil:
		return fmt.Errorf("%s:2: %s", d.file, strings.TrimPrefix(err.Error(), "yaml: "))
	case m[2] != "":
		return fmt.Errorf("%s:%s: unknown key %q in the metadata%s", d.file, m[1], m[2], suggestion(m[2], knownKeys))
	default:
		return fmt.Errorf("%s:%s: %s", d.file, m[1], m[3])
	}
}

var knownKeys = []string{
	"title", "description", "related_resources", "custom", "severity", "targets", "scope", "yaml", "facts", "when", "unknown",
	"default", "versions", "parameters", "message", "remediation", "messages", "zh", "type",
}

func suggestion(word string, known []string) string {
	if near := lint.Nearest(word, known); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}

// fail keeps the first mistake, at the line where the path of keys stands.
func (d *decoder) fail(path []string, format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%s:%d: %s", d.file, lineOf(d.source, path), fmt.Sprintf(format, args...))
	}
}

// lineOf finds the line of a key, or of the nearest parent that is there.
func lineOf(text []byte, path []string) int {
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil || len(root.Content) == 0 {
		return 1
	}
	node, line := root.Content[0], 1
	for _, key := range path {
		found := false
		for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
			if node.Content[i].Value == key {
				node, line, found = node.Content[i+1], node.Content[i].Line, true
				break
			}
		}
		if !found {
			break
		}
	}
	return line
}

func (d *decoder) severity(path []string, name string) lint.Severity {
	s, err := lint.ParseSeverity(name)
	if err != nil {
		d.fail(path, "%v", err)
	}
	return s
}

func (d *decoder) versions(path []string, ranges map[string]string) map[lint.Product]lint.Constraint {
	if len(ranges) == 0 {
		return nil
	}
	versions := map[lint.Product]lint.Constraint{}
	for name, text := range ranges {
		product := lint.Product(name)
		if !slices.Contains(lint.Products(), product) {
			d.fail(append(path, name), "unknown product %q, expected one of %s", name, join(lint.Products()))
		}
		c, err := lint.ParseConstraint(text)
		if err != nil {
			d.fail(append(path, name), "%v", err)
		}
		versions[product] = c
	}
	return versions
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return strings.Join(quoted, ", ")
}
