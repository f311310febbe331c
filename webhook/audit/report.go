package audit

import (
	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/verdict"
)

// The shapes of openreports.io/v1alpha1 and wgpolicyk8s.io/v1alpha2 are the same, but for the first one's source of a whole report:
// openreports/reports-api 769d978, config/crd; kubernetes-sigs/wg-policy-prototypes 25056e1, policy-report/crd/v1alpha2.

const (
	// source names us in reports.
	source = "kslint"
	// reportName is that of the report of a namespace, and of the one of the cluster.
	reportName = "kslint"
	// manager owns the fields of reports.
	manager      = "kslint-audit"
	managedLabel = "app.kubernetes.io/managed-by"
	// slippedIn is the property of results that the webhook should have denied.
	slippedIn = "slippedIn"
)

// The limits of one report. etcd takes 1.5 MiB.
const (
	maxResults     = 1000
	maxResultBytes = 900 << 10
	maxText        = 1 << 10 // bytes of a message, of a path
)

type report struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   reportMetadata `json:"metadata"`
	reportContent
}

type reportMetadata struct {
	Name      string            `json:"name"`
	Namespace string            `json:"namespace,omitempty"`
	UID       string            `json:"uid,omitempty"`
	Labels    map[string]string `json:"labels,omitempty"`
}

type reportContent struct {
	Source  string         `json:"source,omitempty"`
	Summary summary        `json:"summary"`
	Results []reportResult `json:"results,omitempty"`
}

// summary counts all results, those among them that a report has no room for.
type summary struct {
	Pass  int `json:"pass"`
	Fail  int `json:"fail"`
	Warn  int `json:"warn"`
	Error int `json:"error"`
	Skip  int `json:"skip"`
}

func (s *summary) add(o summary) {
	s.Pass += o.Pass
	s.Fail += o.Fail
	s.Warn += o.Warn
	s.Error += o.Error
	s.Skip += o.Skip
}

func (s *summary) all() int { return s.Pass + s.Fail + s.Warn + s.Error + s.Skip }

type reportResult struct {
	Source     string            `json:"source"`
	Policy     string            `json:"policy"`
	Rule       string            `json:"rule,omitempty"`
	Category   string            `json:"category,omitempty"`
	Severity   string            `json:"severity,omitempty"`
	Result     string            `json:"result"`
	Scored     bool              `json:"scored,omitempty"`
	Resources  []reference       `json:"resources,omitempty"`
	Message    string            `json:"message,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
}

type reference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	UID        string `json:"uid,omitempty"`
}

// The outcomes of a result.
const (
	outcomeFail  = "fail"
	outcomeWarn  = "warn"
	outcomeError = "error"
	outcomeSkip  = "skip"
)

var severities = map[lint.Severity]string{lint.Error: "high", lint.Warning: "medium", lint.Info: "info"}

// resultOf is what a report says of one thing about an object.
func resultOf(o *object, s *verdict.Standing, slipped bool) reportResult {
	r := reportResult{
		Source: source, Policy: source, Rule: s.Message, Severity: severities[s.Severity], Message: cut(s.Text),
		Resources:  []reference{{o.apiVersion(), o.Kind.Kind, o.Namespace, o.Name, o.uid}},
		Properties: map[string]string{"action": s.Action.String()},
	}
	if s.Rule != nil {
		r.Policy, r.Category = s.Rule.ID, s.Rule.Area
	}
	switch {
	case s.Failed:
		r.Result = outcomeError
	case s.Exempt != "":
		r.Result, r.Properties["exemption"] = outcomeSkip, cut(s.Exempt)
	case s.Severity == lint.Error:
		r.Result, r.Scored = outcomeFail, true
	default:
		r.Result = outcomeWarn
	}
	put := func(key, value string) {
		if value != "" {
			r.Properties[key] = cut(value)
		}
	}
	put("path", s.Path)
	put("remediation", s.Fix)
	if slipped {
		r.Properties[slippedIn] = "true"
	}
	return r
}

// counts is the result in a summary.
func (r *reportResult) counts() summary {
	switch r.Result {
	case outcomeFail:
		return summary{Fail: 1}
	case outcomeWarn:
		return summary{Warn: 1}
	case outcomeSkip:
		return summary{Skip: 1}
	}
	return summary{Error: 1}
}
