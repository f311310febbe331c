package output

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestJSON(t *testing.T) {
	for name, o := range map[string]Options{
		"json-en": {Tool: "v0.1.0", Color: true, Width: 60},
		"json-zh": {Tool: "v0.1.0", Lang: lint.Chinese},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, written(t, jsonFormat{}, sample(), o)) })
	}
	t.Run("empty", func(t *testing.T) { golden(t, "json-empty", written(t, jsonFormat{}, &lint.Report{}, Options{})) })
}

func TestJSON_decodes(t *testing.T) {
	r := sample()
	r.Findings[3].Args = map[string]any{"text": "<a> & \x1b[31m\x7f\u009b31m\u2028 世界"}
	data := written(t, jsonFormat{}, r, Options{})
	if i := strings.IndexFunc(data, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
		t.Errorf("a control character at %d", i)
	}
	if !strings.Contains(data, "<a> & ") || !strings.HasSuffix(data, "}\n") {
		t.Error(data)
	}
	var back jsonReport
	decoder := json.NewDecoder(strings.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil {
		t.Fatal(err)
	}
	if len(back.Findings) != 3 || len(back.Failures) != 2 || back.Summary != (jsonSummary{3, 5, 1, 1, 1, 1, 2}) {
		t.Errorf("%+v", back)
	}
	if f := back.Findings[1]; f.Path != "spec.roleGroups.etcd" || f.Resource.Kind != "Cluster" || f.EndColumn != 22 {
		t.Errorf("%+v", f)
	}
	if f := back.Findings[2]; f.Message != "<a> & \\x1b[31m\x7f\u009b31m\u2028 世界" || f.Resource != nil {
		t.Errorf("%+v", f)
	}
}
