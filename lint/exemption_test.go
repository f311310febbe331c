package lint_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
)

// TestExemption_atAdmission: the command takes what the webhook does not count.
func TestExemption_atAdmission(t *testing.T) {
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct{ name, exemption, want string }{
		{"complete", "{rule: x, reason: y, owner: anna, expiry: 2026-09-01}", ""},
		{"expired as it was to", "{rule: x, reason: y, owner: anna, expiry: 2026-07-01}", ""},
		{"180 days ahead", "{rule: x, reason: y, owner: anna, expiry: 2027-01-28}", ""},
		{"more than that", "{rule: x, reason: y, owner: anna, expiry: 2027-01-29}", "exemptions[0] (x): expiry 2027-01-29 is more than 180 days ahead"},
		{"no expiry", "{rule: x, reason: y, owner: anna}", "exemptions[0] (x): expiry is missing: at admission an exemption ends"},
		{"no owner", "{rule: x, reason: y, expiry: 2026-09-01}", "exemptions[0] (x): owner is missing: say who answers for it"},
	} {
		c, err := lint.ParseConfig("c", "/", []byte("exemptions: ["+test.exemption+"]"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, err := range c.Inert(now) {
			got += err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		inert := test.want != ""
		counts := !strings.Contains(test.name, "expired")
		for _, door := range []struct {
			name   string
			config *lint.Config
			want   bool
		}{{"command", c, counts}, {"webhook", c.AtAdmission(), counts && !inert}} {
			r := &lint.Report{Findings: []lint.Finding{{Rule: &lint.Rule{ID: "x"}, File: "f"}}}
			lint.Exempt(r, []*lint.File{{Source: &lint.Source{Name: "f"}, Config: door.config}}, now)
			if got := r.Findings[0].Waived != ""; got != door.want {
				t.Errorf("%s: %s: exempted %v", test.name, door.name, got)
			}
		}
	}
	if (*lint.Config)(nil).AtAdmission() != nil {
		t.Error("no configuration is none")
	}
}
