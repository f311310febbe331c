package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// flavour is one API of reports.
type flavour struct {
	name           Reports
	group, version string
	// namespaced and cluster are the resources, with their kinds.
	namespaced, cluster         string
	namespacedKind, clusterKind string
	sourced                     bool // a report says its source as a whole
}

var flavours = []flavour{
	{OpenReports, "openreports.io", "v1alpha1", "reports", "clusterreports", "Report", "ClusterReport", true},
	{WGPolicy, "wgpolicyk8s.io", "v1alpha2", "policyreports", "clusterpolicyreports", "PolicyReport", "ClusterPolicyReport", false},
}

// flavourOf is the API of reports to be used, nil for none.
func flavourOf(want Reports, s *served) (*flavour, error) {
	if want == NoReports {
		return nil, nil
	}
	for i := range flavours {
		f := &flavours[i]
		if want != Auto && want != f.name {
			continue
		}
		_, one := s.resources[schema.GroupResource{Group: f.group, Resource: f.namespaced}]
		_, other := s.resources[schema.GroupResource{Group: f.group, Resource: f.cluster}]
		if one && other {
			return f, nil
		}
	}
	if want == Auto {
		return nil, nil
	}
	return nil, fmt.Errorf("the API server does not serve the reports of %s", want)
}

// path is that of our report of a namespace, of the cluster where it is "".
func (f *flavour) path(namespace string) string {
	path := "/apis/" + f.group + "/" + f.version + "/"
	if namespace == "" {
		return path + f.cluster + "/" + reportName
	}
	return path + "namespaces/" + namespace + "/" + f.namespaced + "/" + reportName
}

// known is a report of ours that is there.
type known struct {
	uid    string
	digest [sha256.Size]byte
}

// reportsThere are ours by namespace, and the keys of the results in them that say slippedIn.
type reportsThere struct {
	flavour *flavour
	known   map[string]known
	slipped map[string]bool
}

// pageOfReports is small: a report may be large.
const pageOfReports = 10

// reportsOf reads the reports that are there: whoever has changed one sees it mended.
func (a *Auditor) reportsOf(ctx context.Context, s *served) (*reportsThere, error) {
	f, err := flavourOf(a.options.Reports, s)
	if err != nil {
		return nil, err
	}
	all := &reportsThere{flavour: f, known: map[string]known{}, slipped: map[string]bool{}}
	if f == nil {
		return all, nil
	}
	for _, resource := range []string{f.namespaced, f.cluster} {
		q := query{path: "/apis/" + f.group + "/" + f.version + "/" + resource, parameters: map[string]string{
			"fieldSelector": "metadata.name=" + reportName, "labelSelector": managedLabel + "=" + source,
		}}
		// What a list that begins again tells twice is the same both times.
		err := a.each(ctx, q, pageOfReports, func() {}, func(item json.RawMessage) error { return all.add(item) })
		if err != nil {
			return nil, fmt.Errorf("the reports that are there cannot be read: %w", err)
		}
	}
	return all, nil
}

func (t *reportsThere) add(item json.RawMessage) error {
	var r report
	if err := json.Unmarshal(item, &r); err != nil {
		return errors.New("a report is none")
	}
	t.known[r.Metadata.Namespace] = known{r.Metadata.UID, r.digest()}
	for i := range r.Results {
		if r.Results[i].Properties[slippedIn] == "true" {
			t.slipped[r.Results[i].key()] = true
		}
	}
	return nil
}

// key is the same for the same result about the same object in the report of another pass.
func (r *reportResult) key() string {
	uid := ""
	if len(r.Resources) > 0 {
		uid = r.Resources[0].UID
	}
	return uid + "\x00" + r.Policy + "\x00" + r.Rule + "\x00" + r.Properties["path"]
}

// publish writes what has changed and deletes what nothing is left of.
func (a *Auditor) publish(ctx context.Context, there *reportsThere, found *results) (written int, err error) {
	f := there.flavour
	if f == nil {
		return 0, nil
	}
	var problems []error
	for _, namespace := range sortedKeys(found.reports) {
		a.progress()
		c := found.content(namespace)
		if !f.sourced {
			c.Source = ""
		}
		if is, ok := there.known[namespace]; ok && is.digest == c.digest() {
			continue
		}
		if err := a.apply(ctx, f, namespace, c); err != nil {
			problems = append(problems, err)
			continue
		}
		written++
		a.metrics.reportWrites.WithLabelValues("apply").Inc()
	}
	for _, namespace := range sortedKeys(there.known) {
		a.progress()
		if found.reports[namespace] != nil {
			continue
		}
		if err := a.remove(ctx, f, namespace, there.known[namespace].uid); err != nil {
			problems = append(problems, err)
			continue
		}
		written++
		a.metrics.reportWrites.WithLabelValues("delete").Inc()
	}
	return written, errors.Join(problems[:min(len(problems), 3)]...)
}

func (a *Auditor) apply(ctx context.Context, f *flavour, namespace string, c reportContent) error {
	r := report{APIVersion: f.group + "/" + f.version, Kind: f.namespacedKind, reportContent: c, Metadata: reportMetadata{
		Name: reportName, Namespace: namespace, Labels: map[string]string{managedLabel: source},
	}}
	if namespace == "" {
		r.Kind = f.clusterKind
	}
	body, err := json.Marshal(&r)
	if err != nil {
		return err
	}
	err = a.api.rest.Patch(types.ApplyPatchType).AbsPath(f.path(namespace)).
		Param("fieldManager", manager).Param("force", "true").Body(body).Do(ctx).Error()
	if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) || apierrors.IsNotFound(err) {
		return nil // the namespace goes or is gone, and its objects with it
	}
	return reportError("written", namespace, err)
}

func (a *Auditor) remove(ctx context.Context, f *flavour, namespace, uid string) error {
	body := fmt.Appendf(nil, `{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":%q}}`, uid)
	err := a.api.rest.Delete().AbsPath(f.path(namespace)).Body(body).SetHeader("Content-Type", asJSON).Do(ctx).Error()
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil // somebody else was here; the next pass sees it
	}
	return reportError("deleted", namespace, err)
}

func reportError(what, namespace string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the report of %s cannot be %s: %s", cmp.Or(namespace, "the cluster"), what, cut(err.Error()))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
