package configuration_test

import (
	"math/rand/v2"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
)

// T32 (Kubewarden's merge of selectors): whatever the user's selector is, an entry matches a namespace where it would without and
// the selector does. The guard is not narrowed: it would be left by the change that it is to see.
func TestBuild_T32_selectorsAreAnded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	plain := configuration.Build(everything).Webhooks
	matched, not := 0, 0
	for range 2000 {
		user := randomSelector(random)
		v := everything
		v.NamespaceSelector = user
		narrowed := configuration.Build(v).Webhooks
		set := labels.Set{"kubernetes.io/metadata.name": pick(random, "kube-system", "kslint-system", "kubesphere-system", "shop", "a")}
		for _, key := range []string{"a", "b", "c"} {
			if random.IntN(2) == 0 {
				set[key] = pick(random, "x", "y", "z")
			}
		}
		for i, w := range narrowed {
			want := matches(t, plain[i].NamespaceSelector, set)
			if w.Name != configuration.Guard {
				want = want && matches(t, user, set)
			}
			if got := matches(t, w.NamespaceSelector, set); got != want {
				t.Fatalf("%s: %v with %v: %v, want %v", w.Name, user, set, got, want)
			}
			if want {
				matched++
			} else {
				not++
			}
		}
	}
	if min(matched, not) < 1000 {
		t.Errorf("%d matched, %d did not", matched, not)
	}
}

// The labels of the user's selector choose what is judged, so they are guarded.
func TestBuild_T12_labelsOfTheSelectorAreGuarded(t *testing.T) {
	v := configuration.Values{Profile: lint.Enforce, NamespaceSelector: &metav1.LabelSelector{
		MatchLabels:      map[string]string{"tier": "tenant"},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"a"}}},
	}}
	all := configuration.Build(v).Webhooks
	last := all[len(all)-1]
	if last.Name != configuration.Guard || last.NamespaceSelector.MatchLabels != nil {
		t.Fatalf("%s guards", last.Name)
	}
	want := `["tier"].exists(k, (oldObject == null ? optional.none() : oldObject.?metadata.?labels[?k]) != ` +
		`(object == null ? optional.none() : object.?metadata.?labels[?k]))`
	if got := last.MatchConditions[0].Expression; got != want {
		t.Errorf("got %s", got)
	}
	if len(v.NamespaceSelector.MatchExpressions) != 1 {
		t.Error("the caller's selector has changed")
	}
}

func matches(t *testing.T, s *metav1.LabelSelector, set labels.Set) bool {
	t.Helper()
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		t.Fatal(err)
	}
	return selector.Matches(set)
}

func randomSelector(random *rand.Rand) *metav1.LabelSelector {
	s := &metav1.LabelSelector{}
	for range random.IntN(2) {
		if s.MatchLabels == nil {
			s.MatchLabels = map[string]string{}
		}
		s.MatchLabels[pick(random, "a", "b", "c")] = pick(random, "x", "y")
	}
	for range random.IntN(3) {
		r := metav1.LabelSelectorRequirement{Key: pick(random, "a", "b", "kubernetes.io/metadata.name")}
		switch random.IntN(4) {
		case 0:
			r.Operator, r.Values = metav1.LabelSelectorOpIn, []string{"x", "shop", "kubesphere-system"}
		case 1:
			r.Operator, r.Values = metav1.LabelSelectorOpNotIn, []string{"y", "a"}
		case 2:
			r.Operator = metav1.LabelSelectorOpExists
		default:
			r.Operator = metav1.LabelSelectorOpDoesNotExist
		}
		s.MatchExpressions = append(s.MatchExpressions, r)
	}
	return s
}

func pick(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

// Values of one call are not those of the next.
func TestBuild_sharesNothing(t *testing.T) {
	first, second := configuration.Build(everything), configuration.Build(everything)
	first.Webhooks[0].NamespaceSelector.MatchExpressions[0].Values[0] = "other"
	first.Webhooks[0].Rules[0].Resources[0] = "other"
	if s := second.Webhooks[0]; s.NamespaceSelector.MatchExpressions[0].Values[0] == "other" || s.Rules[0].Resources[0] == "other" {
		t.Error("what one caller changes, the next one has")
	}
}
