package lint

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// ConfigName is what a configuration is called.
const ConfigName = ".kslint.yaml"

// Configs finds the configuration that is nearest to each file, upwards.
type Configs struct {
	// ReadFile reads a file by its slash-separated absolute name.
	ReadFile func(name string) ([]byte, error)
	// Fixed, when set, is the one configuration for every file.
	Fixed *Config
	byDir map[string]*Config
}

// For gives the configuration of a directory, by its absolute name with slashes; nil when there is none.
func (c *Configs) For(dir string) (*Config, error) {
	if c.Fixed != nil || c.ReadFile == nil {
		return c.Fixed, nil
	}
	if found, ok := c.byDir[dir]; ok {
		return found, nil
	}
	found, err := c.read(dir)
	if err != nil {
		return nil, err
	}
	if c.byDir == nil {
		c.byDir = map[string]*Config{}
	}
	c.byDir[dir] = found
	return found, nil
}

func (c *Configs) read(dir string) (*Config, error) {
	name := path.Join(dir, ConfigName)
	data, err := c.ReadFile(name)
	if err == nil {
		return ParseConfig(name, dir, data)
	}
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if parent := path.Dir(dir); parent != dir {
		return c.For(parent)
	}
	return nil, nil
}

// Excludes tells whether a path, absolute with slashes, is one that the configuration leaves out.
func (c *Config) Excludes(name string) bool {
	if c == nil || len(c.Exclude) == 0 {
		return false
	}
	relative := strings.TrimPrefix(strings.TrimPrefix(name, c.Folder), "/")
	for _, pattern := range c.Exclude {
		if MatchesPath(pattern, relative) {
			return true
		}
	}
	return false
}

// MatchesPath matches a path with a glob as .gitignore writes them: ** for any folders; a pattern without a slash matches a
// name at any depth; what matches a folder matches everything below it.
func MatchesPath(pattern, name string) bool {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	steps := strings.Split(name, "/")
	for i := len(steps); i > 0; i-- {
		if matchSteps(strings.Split(strings.TrimPrefix(pattern, "/"), "/"), steps[:i]) {
			return true
		}
	}
	return false
}

func matchSteps(pattern, steps []string) bool {
	if len(pattern) == 0 {
		return len(steps) == 0
	}
	if pattern[0] == "**" {
		for i := range len(steps) + 1 {
			if matchSteps(pattern[1:], steps[i:]) {
				return true
			}
		}
		return false
	}
	return len(steps) > 0 && Matches(pattern[0], steps[0]) && matchSteps(pattern[1:], steps[1:])
}
