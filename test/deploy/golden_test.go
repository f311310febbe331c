package deploy

import (
	"strings"
	"testing"
)

// The whole release as helm template prints it, hooks and tests included: test/e2e applies it to a real API server, and what a change
// of the chart changes is seen in review.
func TestGenerated_releases(t *testing.T) {
	want := map[string]string{}
	for _, profile := range []string{"observe", "enforce"} {
		files, err := release{values: "profile: " + profile}.render(t)
		must(t, err)
		var b strings.Builder
		b.WriteString(generatedHead)
		for _, name := range sorted(files) {
			if strings.HasSuffix(name, ".yaml") && strings.TrimSpace(files[name]) != "" {
				b.WriteString("---\n# Source: " + name + "\n" + strings.TrimSpace(files[name]) + "\n")
			}
		}
		want[profile+".yaml"] = b.String()
	}
	hold(t, "testdata", want)
}
