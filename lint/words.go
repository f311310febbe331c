package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var placeholder = regexp.MustCompile(`\{([a-z_][a-z0-9_]*)\}`)

// Placeholders lists the {names} of a message, each once, sorted.
func Placeholders(text string) []string {
	matches := placeholder.FindAllStringSubmatch(text, -1)
	names := make([]string, len(matches))
	for i, m := range matches {
		names[i] = m[1]
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Words gives the finding's message and remediation in a language, with its arguments filled in.
func (f *Finding) Words(lang Lang) Words {
	if f.Said != nil {
		return *f.Said
	}
	text, ok := f.Rule.Text[lang]
	if !ok {
		text = f.Rule.Text[English]
	}
	words := text.Messages[f.Message]
	return Words{Message: f.fill(words.Message), Remediation: f.fill(words.Remediation)}
}

func (f *Finding) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		value, ok := f.Args[name[1:len(name)-1]]
		if !ok {
			return name
		}
		return argument(value)
	})
}

// argument writes a value of a finding on one line: lists with commas, line breaks and tabs visible.
func argument(value any) string {
	if list, ok := value.([]any); ok {
		words := make([]string, len(list))
		for i, v := range list {
			words[i] = argument(v)
		}
		return strings.Join(words, ", ")
	}
	return visible.Replace(fmt.Sprint(value))
}

var visible = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`, "\x1b", `\x1b`)
