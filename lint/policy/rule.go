package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// The pre-filters in Go that metadata may name under when: Rego is only asked about documents that pass.
var filters = map[string]func(*lint.Document) bool{
	"duplicate-keys": func(d *lint.Document) bool { return d.Doubled },
	"parse-error": func(d *lint.Document) bool {
		return d.Problem != nil && (d.Problem.Kind == lint.Tab || d.Problem.Kind == lint.Syntax)
	},
}

// rule makes the Rule of decoded metadata and checks what the YAML decoder cannot.
func (d *decoder) rule(e Entry) *lint.Rule {
	c := d.meta.Custom
	r := &lint.Rule{
		ID: e.ID, Area: e.Area, File: d.file, Targets: e.Targets,
		Scope: d.scope(c.Scope), When: c.When, NeedYAML: c.YAML, Facts: d.facts(c.Facts),
		Versions: d.versions([]string{"custom", "versions"}, c.Versions), VersionText: versionText(c.Versions),
		Parameters: d.parameters(c.Parameters),
		Messages:   map[string]lint.Message{"": {Severity: d.severity([]string{"custom", "severity"}, c.Severity)}},
	}
	if r.Scope == lint.OneSet && slices.Contains(r.Targets, lint.Workload) {
		d.fail([]string{"custom", "targets"}, "a rule with scope: set does not see all workloads, name kubesphere-workload or leave out the scope")
	}
	switch c.Default {
	case "", "on":
	case "off":
		r.Off = true
	default:
		d.fail([]string{"custom", "default"}, "unknown default %q, expected on or off", c.Default)
	}
	switch c.Unknown {
	case "":
	case "run":
		r.RunUnknown = true
	default:
		d.fail([]string{"custom", "unknown"}, "unknown value %q, expected run", c.Unknown)
	}
	if names := filterNames(); c.When != "" && !slices.Contains(names, c.When) {
		d.fail([]string{"custom", "when"}, "unknown pre-filter %q, expected one of %s", c.When, quoteAll(names))
	}
	if podFilters[c.When] != nil && r.Scope == lint.OneSet {
		d.fail([]string{"custom", "when"}, "the pre-filter %s is for rules of one document", c.When)
	}
	for _, related := range d.meta.RelatedResources {
		r.References = append(r.References, related.Ref)
	}
	d.messages(r)
	d.speak(r)
	return r
}

func versionText(ranges map[string]string) map[lint.Product]string {
	text := map[lint.Product]string{}
	for product, r := range ranges {
		text[lint.Product(product)] = r
	}
	return text
}

func (d *decoder) scope(name string) lint.Scope {
	switch s := lint.Scope(name); s {
	case "":
		return lint.OneDocument
	case lint.OneDocument, lint.OneSet:
		return s
	default:
		d.fail([]string{"custom", "scope"}, "unknown scope %q, expected document or set", name)
		return lint.OneDocument
	}
}

// facts name documents of a set, so a rule of one document may only ask for what stands around it.
func (d *decoder) facts(kinds []string) []string {
	at := []string{"custom", "facts"}
	known := facts.Kinds()
	if d.meta.Custom.Scope != string(lint.OneSet) {
		known = facts.KindsAround()
	}
	for _, k := range kinds {
		switch {
		case slices.Contains(known, k):
		case slices.Contains(facts.Kinds(), k):
			d.fail(at, "a rule with facts: [%s] needs scope: set", k)
		case slices.Contains(facts.KindsAround(), k):
			d.fail(at, "facts: [%s] are those of one document, a rule with scope: set cannot have them", k)
		default:
			d.fail(at, "unknown facts %q, expected %s", k, join(slices.Concat(facts.Kinds(), facts.KindsAround())))
		}
	}
	return kinds
}

func (d *decoder) messages(r *lint.Rule) {
	base := r.Messages[""].Severity
	r.Severity = base
	for _, key := range slices.Sorted(maps.Keys(d.meta.Custom.Messages)) {
		m := d.meta.Custom.Messages[key]
		at := []string{"custom", "messages", key}
		one := lint.Message{Severity: base, Versions: d.versions(append(at, "versions"), m.Versions)}
		if m.Severity != "" {
			one.Severity = d.severity(append(at, "severity"), m.Severity)
		}
		r.Messages[key] = one
		r.Severity = max(r.Severity, one.Severity)
	}
}

// speak fills both languages and holds them against each other.
func (d *decoder) speak(r *lint.Rule) {
	m, zh := d.meta, unfolded(d.meta.Custom.ZH)
	english := lint.Text{Title: m.Title, Description: m.Description, Messages: map[string]lint.Words{
		"": {Message: m.Custom.Message, Remediation: m.Custom.Remediation},
	}}
	chinese := lint.Text{Title: zh.Title, Description: zh.Description, Messages: map[string]lint.Words{
		"": {Message: zh.Message, Remediation: zh.Remediation},
	}}
	d.both("title", m.Title, zh.Title, nil)
	d.both("description", m.Description, zh.Description, nil)
	d.both("message", m.Custom.Message, zh.Message, nil)
	d.both("remediation", m.Custom.Remediation, zh.Remediation, nil)
	for _, key := range slices.Sorted(maps.Keys(m.Custom.Messages)) {
		en, other := m.Custom.Messages[key], zh.Messages[key]
		if en.Remediation == "" && other.Remediation == "" {
			en.Remediation, other.Remediation = m.Custom.Remediation, zh.Remediation
		}
		d.both("message", en.Message, other.Message, []string{"messages", key})
		d.both("remediation", en.Remediation, other.Remediation, []string{"messages", key})
		english.Messages[key] = lint.Words{Message: en.Message, Remediation: en.Remediation}
		chinese.Messages[key] = lint.Words{Message: other.Message, Remediation: other.Remediation}
	}
	for key := range zh.Messages {
		if _, ok := m.Custom.Messages[key]; !ok {
			d.fail([]string{"custom", "zh", "messages", key}, "zh.messages.%s has no English message", key)
		}
	}
	r.Text = map[lint.Lang]lint.Text{lint.English: english, lint.Chinese: chinese}
}

// unfold takes the blanks out that YAML joins folded lines with: Chinese has none between two characters or beside its
// punctuation.
func unfold(text string) string {
	runes := []rune(text)
	kept := runes[:0:0]
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) {
			before, after := runes[i-1], runes[i+1]
			if isHan(before) && isHan(after) || isFullWidth(before) || isFullWidth(after) {
				continue
			}
		}
		kept = append(kept, r)
	}
	return string(kept)
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

func isFullWidth(r rune) bool { return strings.ContainsRune("，。；：！？、（）「」", r) }

func unfolded(zh chinese) chinese {
	zh.Title, zh.Description = unfold(zh.Title), unfold(zh.Description)
	zh.Message, zh.Remediation = unfold(zh.Message), unfold(zh.Remediation)
	messages := map[string]words{}
	for key, m := range zh.Messages {
		messages[key] = words{unfold(m.Message), unfold(m.Remediation)}
	}
	zh.Messages = messages
	return zh
}

// both checks that a text is there in both languages, with the same placeholders.
func (d *decoder) both(field, english, chinese string, under []string) {
	at := append([]string{"custom"}, append(under, field)...)
	if field == "title" || field == "description" {
		at = []string{field}
	}
	zh := append([]string{"custom", "zh"}, append(under, field)...)
	if english == "" {
		d.fail(at, "%s is missing", field)
	}
	if chinese == "" {
		d.fail(zh, "the Chinese %s is missing (zh.%s)", field, field)
	}
	en, other := lint.Placeholders(english), lint.Placeholders(chinese)
	for _, name := range en {
		if !slices.Contains(other, name) {
			d.fail(zh, "the Chinese %s lacks the placeholder {%s}", field, name)
		}
	}
	for _, name := range other {
		if !slices.Contains(en, name) {
			d.fail(at, "the English %s lacks the placeholder {%s}", field, name)
		}
	}
}

func (d *decoder) parameters(declared map[string]parameter) map[string]lint.Parameter {
	parameters := map[string]lint.Parameter{}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		p := declared[name]
		at := []string{"custom", "parameters", name}
		if p.Description == "" || p.ZH == "" {
			d.fail(at, "the parameter %q needs a description and a Chinese one (zh)", name)
		}
		one := lint.Parameter{
			Type: p.Type, Default: p.Default,
			Description: map[lint.Lang]string{lint.English: p.Description, lint.Chinese: p.ZH},
		}
		if err := one.Check(p.Default); err != nil {
			d.fail(at, "the default of %q: %v", name, err)
		}
		parameters[name] = one
	}
	return parameters
}
