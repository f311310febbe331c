package lint

import (
	"slices"
	"strings"
	"time"
)

// IgnoreAnnotation is the annotation that waives findings of its object, written like the comment: "RULE[,RULE] -- reason".
const IgnoreAnnotation = "kslint.io/ignore"

// IgnoreUnused is the id that Go owns: an ignore that waives nothing.
const IgnoreUnused = "ignore-unused"

// Waive marks the findings that users have accepted: by comment, by annotation, or by an exemption of the file's configuration.
// An ignore without a reason, or one that waives nothing although its rules ran, becomes a finding itself.
func Waive(r *Report, files []*File, now time.Time) {
	Exempt(r, files, now)
	byFile := findingsByFile(r)
	var unused []Finding // put behind the others at the end: byFile points into them
	for _, f := range files {
		if f.Context {
			continue
		}
		findings := byFile[f.Name]
		for _, w := range waivers(f) {
			unused = append(unused, w.apply(f, findings, r.Ran[f.Name])...)
		}
	}
	r.Findings = append(r.Findings, unused...)
}

// Exempt marks the findings that exemptions of the files' configurations have accepted until now, and no others: at admission what
// an object says about itself does not count.
func Exempt(r *Report, files []*File, now time.Time) {
	byFile := findingsByFile(r)
	for _, f := range files {
		if f.Context {
			continue
		}
		for _, x := range f.Config.exemptions(now) {
			for _, found := range byFile[f.Name] {
				if found.Waived == "" && x.covers(f, found) {
					found.Waived, found.Exempted = x.Reason, true
				}
			}
		}
	}
}

func findingsByFile(r *Report) map[string][]*Finding {
	byFile := map[string][]*Finding{}
	for i := range r.Findings {
		f := &r.Findings[i]
		byFile[f.File] = append(byFile[f.File], f)
	}
	return byFile
}

// waiver is one ignore, by comment or annotation.
type waiver struct {
	Ignore
	at     Range
	covers func(*Finding) bool
}

func waivers(f *File) []waiver {
	var all []waiver
	for _, d := range f.Documents {
		for _, ignore := range d.Ignores {
			at := Range{ignore.Line, ignore.Column, ignore.Line, ignore.Column + 1}
			all = append(all, waiver{ignore, at, func(found *Finding) bool {
				return found.Range.Line == ignore.Line || ignore.Alone && found.Range.Line == ignore.Line+1
			}})
		}
		if text := d.annotation(IgnoreAnnotation); text != "" && d.Parent == nil {
			at := d.Locate(Path{"metadata", "annotations", IgnoreAnnotation})
			all = append(all, waiver{ParseIgnore(text), at, func(found *Finding) bool { return found.Object == d.Object }})
		}
	}
	return all
}

// ParseIgnore reads "RULE[,RULE] -- reason", of a comment or an annotation alike.
func ParseIgnore(text string) Ignore {
	names, reason, _ := strings.Cut(" "+text, " --")
	return Ignore{
		Rules:  strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }),
		Reason: strings.TrimSpace(reason),
	}
}

// Ignores tells whether an ignore of some documents names a rule.
func Ignores(documents []*Document, rule string) bool {
	names := func(i Ignore) bool {
		return slices.ContainsFunc(i.Rules, func(pattern string) bool { return Matches(pattern, rule) })
	}
	return slices.ContainsFunc(documents, func(d *Document) bool {
		text := d.annotation(IgnoreAnnotation)
		return slices.ContainsFunc(d.Ignores, names) || text != "" && names(ParseIgnore(text))
	})
}

// apply waives what the ignore covers and gives the findings about the ignore itself.
func (w waiver) apply(f *File, findings []*Finding, ran map[string]bool) []Finding {
	if w.Reason == "" || len(w.Rules) == 0 {
		return []Finding{w.finding(f, "reason", strings.Join(w.Rules, ","))}
	}
	var unused []Finding
	for _, name := range w.Rules {
		used := false
		for _, found := range findings {
			if Matches(name, found.Rule.ID) && w.covers(found) {
				found.Waived, found.Exempted, used = w.Reason, false, true
			}
		}
		if !used && anyRan(name, ran) {
			unused = append(unused, w.finding(f, "", name))
		}
	}
	return unused
}

func anyRan(pattern string, ran map[string]bool) bool {
	for rule := range ran {
		if Matches(pattern, rule) {
			return true
		}
	}
	return false
}

func (w waiver) finding(f *File, message, names string) Finding {
	return Finding{
		Rule: ignoreUnused, Message: message, Severity: Info, Args: map[string]any{"rule": names}, File: f.Name, Range: w.at,
		Identity: names,
	}
}

// OwnRules lists the rules that are no policies: Go finds what they speak of.
func OwnRules() []*Rule { return []*Rule{ignoreUnused} }

var ignoreUnused = &Rule{
	ID: IgnoreUnused, Area: "kslint", Severity: Info,
	Messages: map[string]Message{"": {Severity: Info}, "reason": {Severity: Info}},
	Text: map[Lang]Text{
		English: {
			Title:       "An ignore waives nothing",
			Description: "A kslint:ignore comment or annotation names a rule that found nothing there, or gives no reason.",
			Messages: map[string]Words{
				"":       {"this ignore of {rule} waives nothing", "Remove it."},
				"reason": {"this ignore has no effect: it needs rules and a reason", "Write RULE -- reason behind kslint:ignore."},
			},
		},
		Chinese: {
			Title:       "多余的 ignore",
			Description: "kslint:ignore 注释或注解所指的规则在此处没有告警，或者没有写明理由。",
			Messages: map[string]Words{
				"":       {"对 {rule} 的忽略没有抵消任何告警", "删掉它。"},
				"reason": {"这条忽略不生效：必须写明规则和理由", "在 kslint:ignore 后面写 规则名 -- 理由。"},
			},
		},
	},
}

func (e Exemption) covers(f *File, found *Finding) bool {
	m := e.Match
	glob := func(pattern, text string) bool { return pattern == "" || Matches(pattern, text) }
	relative := found.File
	if f.Config != nil {
		relative = strings.TrimPrefix(strings.TrimPrefix(f.Absolute, f.Config.Folder), "/")
	}
	return Matches(e.Rule, found.Rule.ID) && (m.File == "" || MatchesPath(m.File, relative)) &&
		glob(m.Kind, found.Object.Kind) && glob(m.Namespace, found.Object.Namespace) && glob(m.Name, found.Object.Name) &&
		glob(m.Path, found.Path.String())
}
