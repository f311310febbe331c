package policies_test

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// injected is one fault in a whole cluster: exactly one rule finds it, in one place.
type injected struct {
	rule    string
	kind    facttest.Kind
	masters int
	edits   []facttest.Edit
	change  func(*facttest.Layout)
	file    string
	line    int
}

// inject runs whole clusters, each with its fault, through all rules.
func inject(t *testing.T, faults []injected) {
	t.Helper()
	engine := wholeEngine(t)
	for i, f := range faults {
		t.Run(fmt.Sprintf("%s/%d", f.rule, i), func(t *testing.T) {
			l := facttest.Write(f.kind, f.masters, f.edits...)
			if f.change != nil {
				f.change(l)
			}
			want := fmt.Sprintf("%s:%d [%s]", f.file, f.line, f.rule)
			got := spoken(t, engine, l)
			if len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), want)
			}
		})
	}
}

// variants are sound states that a cluster may be found in.
var variants = map[string]func(*facttest.Layout){
	"complete":   func(*facttest.Layout) {},
	"even files": func(l *facttest.Layout) { thin(l, 0) },
	"odd files":  func(l *facttest.Layout) { thin(l, 1) },
	"no keys":    func(l *facttest.Layout) { l.Remove("-key.pem"); l.Remove(".key") },
	// The new CA is everywhere, the leaves are still the old one's.
	"CA rotation": func(l *facttest.Layout) {
		next := facttest.NewCA("etcd-ca").PEM()
		for name, data := range l.Files {
			if base := path.Base(name); base == "ca.pem" || base == "ca.crt" || strings.HasSuffix(base, "-ca.crt") {
				l.Files[name] = append(slices.Clone(data), next...)
			}
		}
	},
	"a host added later": func(l *facttest.Layout) {
		edit(l, "config.yaml", "  roleGroups:", "  - {name: late, address: 10.0.9.9, internalAddress: 10.0.9.9, user: root, privateKeyPath: \"~/.ssh/id_rsa\"}\n  roleGroups:")
		edit(l, "config.yaml", "worker: [", "worker: [late, ")
	},
	"dual stack": func(l *facttest.Layout) {
		for i := range l.Hosts {
			ip := fmt.Sprintf("10.0.0.%d", i+1)
			edit(l, "config.yaml", "internalAddress: "+ip+",", fmt.Sprintf("internalAddress: \"%s,fd00::%d\",", ip, i+1))
		}
		edit(l, "config.yaml", "kubePodsCIDR: 10.233.64.0/18", "kubePodsCIDR: 10.233.64.0/18,fd85:ee78:d8a6:8607::1:0000/112")
		edit(l, "config.yaml", "kubeServiceCIDR: 10.233.0.0/18", "kubeServiceCIDR: 10.233.0.0/18,fd85:ee78:d8a6:8607::1000/116")
	},
	"host names as endpoints": func(l *facttest.Layout) {
		edit(l, "etcd.env", "ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:", "ETCD_ADVERTISE_CLIENT_URLS=https://localhost:")
	},
}

// edit changes a text where it stands.
func edit(l *facttest.Layout, ending, old, with string) {
	for name, data := range l.Files {
		if strings.HasSuffix(name, ending) {
			l.Files[name] = bytes.ReplaceAll(data, []byte(old), []byte(with))
		}
	}
}

func thin(l *facttest.Layout, rest int) {
	for i, name := range l.Names() {
		if i%2 == rest {
			delete(l.Files, name)
		}
	}
}

// TestLayouts_soundClustersAreQuiet runs whole clusters as KubeKey and kubeadm lay them down through all rules.
func TestLayouts_soundClustersAreQuiet(t *testing.T) {
	engine := wholeEngine(t)
	for _, kind := range facttest.Kinds() {
		for _, masters := range []int{1, 3} {
			for name, change := range variants {
				t.Run(fmt.Sprintf("%s/%d/%s", kind, masters, name), func(t *testing.T) {
					l := facttest.Write(kind, masters)
					change(l)
					if got := spoken(t, engine, l); len(got) > 0 {
						t.Errorf("a sound cluster:\n  %s", strings.Join(got, "\n  "))
					}
				})
			}
		}
	}
}

func wholeEngine(t *testing.T) *policy.Engine {
	t.Helper()
	engine, _ := everyRule(t, policies.Files)
	return engine
}

// spoken lists the findings at warning or above of a cluster.
func spoken(t *testing.T, engine *policy.Engine, l *facttest.Layout) []string {
	t.Helper()
	sets := facttest.Open(l.Files)
	lint.FindVersions(sets, nil)
	report := engine.Check(context.Background(), sets, policy.Question{Now: facttest.Now})
	report.Sort()
	for _, f := range report.Failures {
		t.Errorf("failure: %s:%d: %s %s", f.File, f.Range.Line, f.Rule, f.Reason)
	}
	var got []string
	for _, f := range report.Findings {
		if f.Severity > lint.Info {
			got = append(got, fmt.Sprintf("%s:%d [%s] %s", f.File, f.Range.Line, f.Rule.ID, f.Words(lint.English).Message))
		}
	}
	slices.Sort(got)
	return got
}
