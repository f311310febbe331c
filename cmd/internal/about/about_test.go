package about_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kslint/kslint/cmd/internal/about"
)

func TestOf(t *testing.T) {
	released, err := about.Of("kslint", "v1.2.3", "0a1b2c")
	if err != nil {
		t.Fatal(err)
	}
	if got := released.String(); !strings.HasPrefix(got, "kslint v1.2.3\ncommit 0a1b2c\npolicies sha256:") {
		t.Errorf("a release: %q", got)
	}
	if !regexp.MustCompile(`\ntables 20\d\d-\d\d-\d\d\n$`).MatchString(released.String()) {
		t.Errorf("no day of the tables: %q", released)
	}
	built, err := about.Of("kslint", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if built.Version == "" || built.Commit == "" || built.Policies != released.Policies {
		t.Errorf("built from source: %+v", built)
	}
}
