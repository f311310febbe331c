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
	// limited names the resources with a limit above 0; exceeds says that the request of one is above its limit.
	limited []string
	exceeds bool
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
				if n == nil {
					return
				}
				if side == "limits" && n.Value.Compare(ast.Number("0")) > 0 {
					h.limited = append(h.limited, string(name))
				}
				switch {
				case name == "cpu":
					h.cores = highest(h.cores, n.Value)
				case side == "requests" && name != "memory" && name != "ephemeral-storage":
					extended = append(extended, resource)
				}
			})
		}
		items[i] = ast.Item(ast.StringTerm(side), ast.ObjectTerm(numbers...))
	}
	h.exceeds = exceeds(items[0][1], items[1][1])
	h.amounts, h.unusual, h.extended = ast.ObjectTerm(items...), arrayOf(unusual), arrayOf(extended)
	return h
}

// arrayOf is most often empty.
func arrayOf(elements []*ast.Term) *ast.Term {
	if len(elements) == 0 {
		return ast.InternedEmptyArray
	}
	return ast.ArrayTerm(elements...)
}

func exceeds(limits, requests *ast.Term) bool {
	of := limits.Value.(ast.Object) //nolint:forcetypeassert // made above
	return requests.Value.(ast.Object).Until(func(resource, request *ast.Term) bool {
		limit := of.Get(resource)
		return limit != nil && request.Value.Compare(limit.Value) > 0
	})
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
