package facts

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// The kinds of facts about what stands around one document, in its namespace: what a rule of one document may ask for.
const (
	Limits   = "limits"
	Services = "services"
)

// KindsAround lists them.
func KindsAround() []string { return []string{Limits, Services} }

// Around is what the objects of a set say about the others of their namespace. It is immutable.
type Around struct {
	byNamespace map[string]map[string]ast.Value
	nothing     map[string]ast.Value
}

// AroundIn reads the LimitRanges and Services of a set.
func AroundIn(documents []*lint.Document) *Around {
	limits, services := map[string][]*lint.Document{}, map[string][]*lint.Document{}
	for _, d := range documents {
		switch {
		case d.Value == nil:
		case d.Has(lint.LimitRange):
			limits[d.Object.Namespace] = append(limits[d.Object.Namespace], d)
		case d.Has(lint.Service):
			services[d.Object.Namespace] = append(services[d.Object.Namespace], d)
		}
	}
	a := &Around{
		byNamespace: map[string]map[string]ast.Value{},
		nothing:     map[string]ast.Value{Limits: limitsOf(nil), Services: servicesOf(nil)},
	}
	for namespace, ranges := range limits {
		a.put(namespace, Limits, limitsOf(ranges))
	}
	for namespace, all := range services {
		a.put(namespace, Services, servicesOf(all))
	}
	return a
}

func (a *Around) put(namespace, kind string, v ast.Value) {
	if a.byNamespace[namespace] == nil {
		a.byNamespace[namespace] = map[string]ast.Value{}
	}
	a.byNamespace[namespace][kind] = v
}

// system is where KubeSphere's own objects live, which charts render without a namespace.
const system = "kubesphere-system"

// Input is what a rule that asks for the kinds gets as input.facts about an object of the namespace. One without a namespace may
// be KubeSphere's.
func (a *Around) Input(namespace string, kinds []string) ast.Value {
	var all fields
	for _, k := range kinds {
		v, ok := a.byNamespace[namespace][k]
		if !ok && namespace == "" {
			v, ok = a.byNamespace[system][k]
		}
		if !ok {
			v = a.nothing[k]
		}
		all.put(k, v)
	}
	return all.object()
}

// limitsOf names the resources that LimitRanges of type Container fill in: as API defaulting does, max stands in for default,
// and default and min for defaultRequest (kubernetes v1.36.3 pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem).
func limitsOf(ranges []*lint.Document) ast.Value {
	limits, requests := map[string]bool{}, map[string]bool{}
	for _, d := range ranges {
		for _, item := range elements(lint.Field(d.Value, "spec", "limits")) {
			if lint.StringAt(item, "type") != "Container" {
				continue
			}
			addKeys(limits, item, "default", "max")
			addKeys(requests, item, "defaultRequest", "default", "max", "min")
		}
	}
	var f fields
	f.put("limits", keys(limits))
	f.put("requests", keys(requests))
	return f.object()
}

func addKeys(found map[string]bool, item ast.Value, maps ...string) {
	for _, name := range maps {
		resources, ok := lint.Field(item, name).(ast.Object)
		if !ok {
			continue
		}
		resources.Foreach(func(key, amount *ast.Term) {
			if k, ok := key.Value.(ast.String); ok && isSet(amount.Value) {
				found[string(k)] = true
			}
		})
	}
}

func keys(of map[string]bool) ast.Value {
	var f fields
	for k := range of {
		f.put(k, ast.Boolean(true))
	}
	slices.SortFunc(f, func(a, b [2]*ast.Term) int { return a[0].Value.Compare(b[0].Value) })
	return f.object()
}

// servicesOf lists the Services that select pods: a selector, and the ports that they lead to.
func servicesOf(all []*lint.Document) ast.Value {
	services := []ast.Value{}
	for _, d := range all {
		selector, ok := lint.Field(d.Value, "spec", "selector").(ast.Object)
		if !ok || selector.Len() == 0 {
			continue
		}
		var f fields
		f.text("name", d.Object.Name)
		f.put("selector", selector)
		f.put("ports", list(elements(lint.Field(d.Value, "spec", "ports")), targetPort))
		services = append(services, f.object())
	}
	return list(services, func(v ast.Value) ast.Value { return v })
}

// targetPort is where a port of a Service leads to: targetPort, the port itself where it is absent.
func targetPort(port ast.Value) ast.Value {
	for _, key := range []string{"targetPort", "port"} {
		if v := lint.Field(port, key); isSet(v) {
			return v
		}
	}
	return ast.NullValue
}
