package facts

import (
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// container is a container of a static pod, with what its process is told.
type container struct {
	value ast.Value
	path  lint.Path
	pod   ast.Value
	flags []flag
}

// flag is one flag of a command line, where it stands.
type flag struct {
	name, value string
	path        lint.Path
}

// containerOf finds the container of a static pod that runs the program of its own name; nil where there is none, or where
// a shell or another wrapper runs it and hides its flags.
func containerOf(d *lint.Document, program string) *container {
	for i, c := range elements(lint.Field(d.Value, "spec", "containers")) {
		if lint.StringAt(c, "name") != program {
			continue
		}
		command := elements(lint.Field(c, "command"))
		if len(command) > 0 {
			if first, ok := command[0].(ast.String); !ok || path.Base(string(first)) != program {
				return nil
			}
		}
		found := &container{value: c, path: lint.Path{"spec", "containers", i}, pod: d.Value}
		found.read()
		return found
	}
	return nil
}

// read collects the flags of command and args.
func (c *container) read() {
	var words []string
	var paths []lint.Path
	for _, key := range []string{"command", "args"} {
		for i, v := range elements(lint.Field(c.value, key)) {
			word, _ := v.(ast.String)
			words, paths = append(words, string(word)), append(paths, c.path.Join(key, i))
		}
	}
	for i := 0; i < len(words); i++ {
		name, ok := strings.CutPrefix(words[i], "-")
		if !ok {
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimPrefix(name, "-"), "=")
		at := paths[i]
		switch {
		case hasValue:
		case !switches[name] && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-"):
			i++
			value, at = words[i], paths[i]
		default:
			value = "true"
		}
		c.flags = append(c.flags, flag{name, value, at})
	}
}

// switches are etcd's flags that take no word behind them.
var switches = map[string]bool{
	"auto-tls": true, "client-cert-auth": true, "enable-pprof": true, "enable-v2": true, "force-new-cluster": true,
	"peer-auto-tls": true, "peer-client-cert-auth": true, "pre-vote": true, "strict-reconfig-check": true,
}

// last is the last of equal flags, which wins; nil where there is none.
func (c *container) last(name string) *flag {
	for i := len(c.flags) - 1; i >= 0; i-- {
		if c.flags[i].name == name {
			return &c.flags[i]
		}
	}
	return nil
}

// onHost is the path that the host has for a path of the container: through the mount that is nearest to it. "" where no
// folder of the host is mounted there; a pod that mounts nothing at all is an excerpt, and the path is taken as it is.
func (c *container) onHost(name string) string {
	mounts := elements(lint.Field(c.value, "volumeMounts"))
	if len(mounts) == 0 || name == "" {
		return name
	}
	name = path.Clean(name)
	best, volume, sub := "", "", ""
	for _, m := range mounts {
		at := path.Clean(lint.StringAt(m, "mountPath"))
		if len(at) > len(best) && (name == at || strings.HasPrefix(name, strings.TrimSuffix(at, "/")+"/")) {
			best, volume, sub = at, lint.StringAt(m, "name"), lint.StringAt(m, "subPath")
		}
	}
	for _, v := range elements(lint.Field(c.pod, "spec", "volumes")) {
		if host := lint.StringAt(v, "hostPath", "path"); best != "" && host != "" && lint.StringAt(v, "name") == volume {
			return path.Join(host, sub, strings.TrimPrefix(name, best))
		}
	}
	return ""
}

// variables are the plain environment variables of the container, as flags with their names.
func (c *container) variables() []flag {
	var all []flag
	for i, v := range elements(lint.Field(c.value, "env")) {
		if value := lint.StringAt(v, "value"); value != "" {
			all = append(all, flag{lint.StringAt(v, "name"), value, c.path.Join("env", i, "value")})
		}
	}
	return all
}
