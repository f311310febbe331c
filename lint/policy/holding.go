package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

var sides = []string{"limits", "requests"}

// mebibyte is what no program fits below: less than that is a unit that was mistaken.
var mebibyte = ast.Number("1048576")

// holding is what a container or a pod asks for: amounts are its limits and requests as numbers, unusual the [side, resource] of what
// lib/workload says, extended the resources requested beside the three that every node has.
type holding struct {
	amounts, unusual, extended *ast.Term
	// cores is the highest cpu of either side, nil for none.
	cores ast.Value
}

func holdingOf(holder ast.Value) (h holding) {
	resources := lint.Field(holder, "resources")
	items := make([][2]*ast.Term, len(sides))
	var unusual, extended []*ast.Term
	for i, side := range sides {
		var numbers [][2]*ast.Term
		if written, ok := lint.Field(resources, side).(ast.Object); ok {
			written.Foreach(func(resource, x *ast.Term) {
				n := amountTerm(x)
				if n != nil {
					numbers = append(numbers, ast.Item(resource, n))
				}
				name, _ := resource.Value.(ast.String)
				if isUnusual(string(name), x.Value, n) {
					unusual = append(unusual, ast.ArrayTerm(ast.StringTerm(side), resource))
				}
				switch {
				case n == nil:
				case name == "cpu":
					h.cores = highest(h.cores, n.Value)
				case side == "requests" && name != "memory" && name != "ephemeral-storage":
					extended = append(extended, resource)
				}
			})
		}
		items[i] = ast.Item(ast.StringTerm(side), ast.ObjectTerm(numbers...))
	}
	h.amounts, h.unusual, h.extended = ast.ObjectTerm(items...), ast.ArrayTerm(unusual...), ast.ArrayTerm(extended...)
	return h
}

// isUnusual tells what rules have to look at: what is no quantity, memory too small for any program, cores counted in thousands.
func isUnusual(resource string, written ast.Value, n *ast.Term) bool {
	if n == nil {
		return true
	}
	switch resource {
	case "memory", "ephemeral-storage":
		return n.Value.Compare(mebibyte) < 0
	case "cpu":
		text, ok := written.(ast.String)
		return ok && strings.IndexByte("ikMGTPE", text[len(text)-1]) >= 0 // what amounts to something has a last letter
	}
	return false
}

// highest is the higher of two numbers; nil counts as none.
func highest(a, b ast.Value) ast.Value {
	if a == nil || b != nil && b.Compare(a) > 0 {
		return b
	}
	return a
}
