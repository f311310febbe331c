// Package example reads the example.txtar of a rule and holds what the engine says about it against what the example asks for.
package example

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/kslint/kslint/lint"
)

// Instant is when examples are judged: certificates and dates in them are written for this day.
func Instant() time.Time { return time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC) }

// Case is one folder of an example: the files of one set, which the rule accuses (bad) or does not (good).
type Case struct {
	// Name is bad or good, or a folder below it: bad/old-kk.
	Name  string
	Files []txtar.File
	// Versions are those that the files of the case do not say themselves.
	Versions lint.Versions
	// Also names other rules that rightly speak about the case.
	Also []string
	// Wants lists the findings that the lines of the files ask for, as FILE:LINE: MESSAGE.
	Wants []string
	// Lines says for a file which line of the example each of its lines comes from, where they are not the same.
	Lines map[string][]int
}

// Bad tells whether the rule accuses the case.
func (c Case) Bad() bool { return c.Name == "bad" || strings.HasPrefix(c.Name, "bad/") }

// A comment line of an archive: "bad/old-kk: kubekey v3.0.13" or "bad/x: also RULE".
var caseLine = regexp.MustCompile(`^((?:bad|good)(?:/\S+)?): (kubekey|kubernetes|kubesphere|also) (\S+)$`)

// Parse reads an archive with cases under bad/ and under good/, in the order of their names, bad ones first. A case is bad/ or
// good/ itself, or a folder below it.
func Parse(data []byte) ([]Case, error) {
	archive := txtar.Parse(data)
	byName := map[string]*Case{}
	for _, f := range archive.Files {
		name, rest, err := split(f.Name)
		if err != nil {
			return nil, err
		}
		if byName[name] == nil {
			byName[name] = &Case{Name: name}
		}
		c := byName[name]
		c.Files = append(c.Files, txtar.File{Name: rest, Data: f.Data})
		c.Wants = append(c.Wants, wants(rest, f.Data)...)
	}
	for line := range strings.Lines(string(archive.Comment)) {
		m := caseLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		c := byName[m[1]]
		if c == nil {
			return nil, fmt.Errorf("there is no case %s", m[1])
		}
		if err := c.learn(m[2], m[3]); err != nil {
			return nil, err
		}
	}
	return ordered(byName)
}

func split(name string) (of, rest string, err error) {
	side, rest, ok := strings.Cut(name, "/")
	if !ok || side != "bad" && side != "good" {
		return "", "", fmt.Errorf("%s: expected bad/FILE, good/FILE or a folder for each case", name)
	}
	if folder, below, deep := strings.Cut(rest, "/"); deep {
		return side + "/" + folder, below, nil
	}
	return side, rest, nil
}

func (c *Case) learn(word, value string) error {
	if word == "also" {
		c.Also = append(c.Also, value)
		return nil
	}
	v, ok := lint.ParseVersion(value)
	if !ok {
		return fmt.Errorf("%s: %q is no version", c.Name, value)
	}
	if c.Versions == nil {
		c.Versions = lint.Versions{}
	}
	c.Versions[lint.Product(word)] = v
	return nil
}

// ordered asks for both sides, and for something that each bad case shows.
func ordered(byName map[string]*Case) ([]Case, error) {
	var cases []Case
	bad := 0
	for _, c := range byName {
		cases = append(cases, *c)
		if c.Bad() {
			bad++
		}
		if c.Bad() && len(c.Wants) == 0 {
			return nil, fmt.Errorf("%s: a bad case needs a line with # want: MESSAGE", c.Name)
		}
	}
	if bad == 0 || bad == len(cases) {
		return nil, fmt.Errorf("expected cases under bad/ and under good/")
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	return cases, nil
}

// wants lists what the lines of a file ask for: "# want: MESSAGE" at their end, several on a line one behind the other.
func wants(file string, data []byte) []string {
	var all []string
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		for _, message := range strings.Split(strings.TrimSpace(line), "# want: ")[1:] {
			all = append(all, fmt.Sprintf("%s:%d: %s", file, number, strings.TrimSpace(message)))
		}
	}
	return all
}
