package verdict_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
)

// keysIn adds the keys of an object.
func keysIn(raw []byte, keys map[string]bool) {
	var root any
	if json.Unmarshal(raw, &root) != nil {
		return
	}
	var walk func(any)
	walk = func(v any) {
		switch v := inner(v).(type) {
		case map[string]any:
			for k, child := range v {
				keys[k] = true
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(root)
}

// pathsWith lists the paths of values that stand at a key or below it.
func pathsWith(raw []byte, key string) []lint.Path {
	var root any
	if json.Unmarshal(raw, &root) != nil {
		return nil
	}
	var all []lint.Path
	var walk func(v any, at lint.Path, below bool)
	walk = func(v any, at lint.Path, below bool) {
		if below {
			all = append(all, slices.Clone(at))
		}
		switch v := inner(v).(type) {
		case map[string]any:
			for k, child := range v {
				walk(child, append(at, k), below || k == key)
			}
		case []any:
			for i, child := range v {
				walk(child, append(at, i), below)
			}
		}
	}
	walk(root, nil, false)
	return all
}

// inner is the object that a string carries as YAML, and anything else as it is.
func inner(v any) any {
	text, ok := v.(string)
	if !ok || !strings.Contains(text, "\n") {
		return v
	}
	var object map[string]any
	if yaml.Unmarshal([]byte(text), &object) != nil {
		return v
	}
	return object
}

// first is a path through the first elements of lists: the others' example may have one only.
func first(path lint.Path) lint.Path {
	path = slices.Clone(path)
	for i, step := range path {
		if _, ok := step.(int); ok {
			path[i] = 0
		}
	}
	return path
}

func valueAt(raw []byte, path lint.Path) (any, bool) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil, false
	}
	for _, step := range path {
		switch at := inner(v).(type) {
		case map[string]any:
			key, _ := step.(string)
			child, ok := at[key]
			if !ok {
				return nil, false
			}
			v = child
		case []any:
			i, ok := step.(int)
			if !ok || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// mutate gives an object with another value at a path, or without any for nil; ok is false where there is none or it is that one.
func mutate(raw []byte, path lint.Path, value any) (changed []byte, ok bool) {
	var root any
	if json.Unmarshal(raw, &root) != nil {
		return nil, false
	}
	root, ok = set(root, path, value)
	changed, err := json.Marshal(root)
	return changed, ok && err == nil && !bytes.Equal(changed, raw)
}

func set(v any, path lint.Path, value any) (any, bool) {
	if len(path) == 0 {
		return value, true
	}
	if text, isText := v.(string); isText {
		within, isMap := inner(v).(map[string]any)
		if !isMap {
			return v, false
		}
		changed, ok := set(within, path, value)
		out, err := yaml.Marshal(changed)
		if err != nil {
			return text, false
		}
		return string(out), ok
	}
	last := len(path) == 1 && value == nil
	switch step := path[0].(type) {
	case string:
		object, _ := v.(map[string]any)
		child, ok := object[step]
		if !ok {
			return v, false
		}
		if last {
			delete(object, step)
			return object, true
		}
		object[step], ok = set(child, path[1:], value)
		return object, ok
	case int:
		list, _ := v.([]any)
		if step < 0 || step >= len(list) {
			return v, false
		}
		if last {
			return slices.Delete(list, step, step+1), true
		}
		var ok bool
		list[step], ok = set(list[step], path[1:], value)
		return list, ok
	}
	return v, false
}
