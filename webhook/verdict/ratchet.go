package verdict

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kslint/kslint/lint"
)

// tolerate turns what was there before the update into warnings: a request is denied only for what it makes worse. A rule that
// could not be evaluated before or now is no news either.
func (j judgement) tolerate(before judgement) {
	old := map[string]int{}
	for i := range before {
		old[before[i].fingerprint()]++
	}
	for i := range j {
		one := &j[i]
		if !one.tolerable() {
			continue
		}
		if mark := one.fingerprint(); old[mark] > 0 {
			old[mark]--
			one.tolerated, one.action = true, lint.Warn
		}
	}
}

// fingerprint is the same for the same violation before and after: the rule, its message, where it stands, with list elements by
// their names, and what the message says of it. A larger or smaller value is another violation.
func (i *item) fingerprint() string {
	if i.mark == "" {
		i.mark = strings.Join([]string{i.found.Rule.ID, i.found.Message, i.found.Identity, normal(i.found.Args)}, "\x00")
	}
	return i.mark
}

// normal writes arguments so that two ways to write a value are one: 1Gi and 1024Mi, a list in another order.
func normal(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(&b, "%q:%s,", key, normal(v[key]))
		}
		return "{" + b.String() + "}"
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = normal(v[i])
		}
		slices.Sort(words)
		return "[" + strings.Join(words, ",") + "]"
	case string:
		return normalText(v)
	case json.Number:
		return normalText(v.String())
	}
	return fmt.Sprint(v)
}

// maxQuantity is how long a text may be to be taken for a quantity.
const maxQuantity = 32

func normalText(text string) string {
	if text == "" || len(text) > maxQuantity || !strings.ContainsAny(text[:1], "+-.0123456789") {
		return fmt.Sprintf("%q", text)
	}
	q, err := resource.ParseQuantity(text)
	if err != nil {
		return fmt.Sprintf("%q", text)
	}
	return q.AsDec().String()
}
