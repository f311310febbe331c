package audit_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"
)

// schemas are those of the two APIs of reports, by group.
var schemas = map[string]func() object{
	"openreports.io": sync.OnceValue(func() object { return schemaOf("openreports") }),
	"wgpolicyk8s.io": sync.OnceValue(func() object { return schemaOf("wgpolicy") }),
}

func schemaOf(name string) object {
	text, err := os.ReadFile("testdata/" + name + ".yaml")
	if err != nil {
		panic(err)
	}
	var schema object
	if err := yaml.Unmarshal(text, &schema); err != nil {
		panic(err)
	}
	return schema
}

// unlike says where a value is not as a structural schema wants it, as server-side apply sees it: a field that is not declared is an
// error.
func unlike(schema object, value any, path string) error {
	switch schema["type"] {
	case "object":
		o, ok := value.(object)
		if !ok {
			return fmt.Errorf("%s: no object", path)
		}
		return unlikeObject(schema, o, path)
	case "array":
		list, ok := value.([]any)
		if !ok {
			return fmt.Errorf("%s: no list", path)
		}
		for i, v := range list {
			if err := unlike(schema["items"].(object), v, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case "string":
		if _, ok := value.(string); !ok {
			return fmt.Errorf("%s: no string", path)
		}
	case "integer":
		if n, ok := value.(float64); !ok || n != float64(int(n)) {
			return fmt.Errorf("%s: no integer", path)
		}
	case "boolean":
		if _, ok := value.(bool); !ok {
			return fmt.Errorf("%s: no boolean", path)
		}
	default:
		return fmt.Errorf("%s: the schema says %v", path, schema["type"])
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, value) {
		return fmt.Errorf("%s: %v is none of %v", path, value, enum)
	}
	return nil
}

func unlikeObject(schema, o object, path string) error {
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if o[key.(string)] == nil {
			return fmt.Errorf("%s: %s is missing", path, key)
		}
	}
	properties, _ := schema["properties"].(object)
	for key, v := range o {
		at := strings.TrimPrefix(path+"."+key, ".")
		if at == "metadata" {
			continue // the API server's own
		}
		below, ok := properties[key].(object)
		if !ok {
			if below, ok = schema["additionalProperties"].(object); !ok {
				return fmt.Errorf("%s: not declared", at)
			}
		}
		if err := unlike(below, v, at); err != nil {
			return err
		}
	}
	return nil
}
