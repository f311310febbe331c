package configuration

import (
	"encoding/json"
	"slices"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
)

// Conditions are CEL, evaluated by the API server, so they hold while no replica answers. They are total: an error under
// failurePolicy Fail refuses a request without asking us. Optional syntax (.? and [?]) is in every API server that has
// matchConditions without a feature gate (1.30).

// kubesphere is the namespace of KubeSphere's configuration.
const kubesphere = "kubesphere-system"

// configMaps hold it: ks-installer of 3.x, kubesphere-config of 3.x and 4.x.
var configMaps = []string{"ks-installer", "kubesphere-config"}

// controllers of Kubernetes that make Pods or workloads of templates, under both names that kube-controller-manager gives them:
// without and with --use-service-account-credentials.
func controllers() []string {
	names := []string{"system:kube-controller-manager"}
	for _, c := range []string{"cronjob", "daemon-set", "deployment", "job", "replicaset", "replication", "statefulset"} {
		names = append(names, "system:serviceaccount:kube-system:"+c+"-controller")
	}
	return names
}

func isController(more []string) string {
	return `request.userInfo.?username.orValue("") in ` + list(slices.Concat(controllers(), more))
}

const isNode = `"system:nodes" in request.userInfo.?groups.orValue([])`

// byPeople leaves out controllers, which act on a template that was judged before, and nodes, which mirror what already runs.
func byPeople(more []string) admission.MatchCondition {
	return admission.MatchCondition{Name: "by-people-and-pipelines", Expression: "!(" + isController(more) + " || " + isNode + ")"}
}

// byOthers leaves out the named controllers where the built-in ones have nothing to do. There is no condition where none is named: for
// the first one of an entry, whatever it says, the API server turns the whole object into maps, which is a third of what it spends on
// asking us.
func (v Values) byOthers() []admission.MatchCondition {
	if len(v.Controllers) == 0 {
		return nil
	}
	return []admission.MatchCondition{byPeople(v.Controllers)}
}

func byControllers(more []string) admission.MatchCondition {
	return admission.MatchCondition{Name: "by-controllers", Expression: isController(more)}
}

// specChanged leaves out labels, finalizers and status. A subresource is sent as it is.
func specChanged() admission.MatchCondition {
	return admission.MatchCondition{Name: "spec-changed", Expression: onUpdateIf(differ("spec"))}
}

// dataChanged is the same with the kinds that have data in place of a spec.
func dataChanged() admission.MatchCondition {
	return admission.MatchCondition{Name: "content-changed", Expression: onUpdateIf(differ("spec", "data", "binaryData"))}
}

// anythingChanged is the same for kinds that are not known here: of one without a spec every update is sent, but for those that
// end a deletion.
func anythingChanged() admission.MatchCondition {
	return admission.MatchCondition{Name: "content-changed", Expression: onUpdateIf(differ("spec") +
		" || !object.?spec.hasValue() && !object.?metadata.?deletionTimestamp.hasValue()")}
}

func onUpdateIf(condition string) string {
	return `request.operation != "UPDATE" || request.?subResource.orValue("") != "" || object == null || oldObject == null || ` + condition
}

func differ(fields ...string) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = "object.?" + f + " != oldObject.?" + f
	}
	return strings.Join(parts, " || ")
}

func byName() admission.MatchCondition {
	return admission.MatchCondition{
		Name:       "by-name",
		Expression: `request.resource.resource != "configmaps" || request.?name.orValue("") in ` + list(configMaps),
	}
}

func ofTypeTLS() admission.MatchCondition {
	return admission.MatchCondition{Name: "of-type-tls", Expression: `object != null && object.?type.orValue("") == "kubernetes.io/tls"`}
}

// labelsChanged is for the guard: a namespace that is made without these labels does not wait for us.
func labelsChanged(keys []string) admission.MatchCondition {
	const before = `(oldObject == null ? optional.none() : oldObject.?metadata.?labels[?k])`
	const after = `(object == null ? optional.none() : object.?metadata.?labels[?k])`
	return admission.MatchCondition{Name: "guarded-label-changed", Expression: list(keys) + ".exists(k, " + before + " != " + after + ")"}
}

// list is a list of texts in CEL, which escapes as JSON does.
func list(texts []string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(texts) // of texts it cannot fail
	return strings.ReplaceAll(strings.TrimSpace(b.String()), `","`, `", "`)
}
