package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

var (
	probeKinds   = []string{"livenessProbe", "readinessProbe", "startupProbe"}
	handlerNames = []string{"exec", "grpc", "httpGet", "tcpSocket"}
	probeNumbers = []string{"failureThreshold", "initialDelaySeconds", "periodSeconds", "successThreshold", "timeoutSeconds"}
)

func (p *pod) addProbes(container *ast.Term, value ast.Value, at []*ast.Term) {
	for _, kind := range probeKinds {
		probe, ok := lint.Field(value, kind).(ast.Object)
		if !ok {
			continue
		}
		name := ast.StringTerm(kind)
		handlers := handlersOf(probe)
		term := ast.ObjectTerm(
			ast.Item(keyPath, ast.ArrayTerm(slices.Concat(at, []*ast.Term{name})...)), ast.Item(keyValue, ast.NewTerm(probe)),
			ast.Item(keyKind, name), ast.Item(keyContainer, container), ast.Item(keyHandlers, ast.ArrayTerm(handlers...)))
		p.probes = append(p.probes, term)
		p.candidates.probe(term, probe, handlers)
	}
}

// handlersOf names the handlers of a probe; one that is null or "" counts as absent.
func handlersOf(probe ast.Object) []*ast.Term {
	var names []*ast.Term
	for _, name := range handlerNames {
		switch v := lint.Field(probe, name).(type) {
		case nil, ast.Null:
			continue
		case ast.String:
			if v == "" {
				continue
			}
		}
		names = append(names, ast.StringTerm(name))
	}
	return names
}

// hasNamedPort tells whether the port of a handler is text.
func hasNamedPort(probe ast.Object, handlers []*ast.Term) bool {
	return slices.ContainsFunc(handlers, func(handler *ast.Term) bool {
		name, _ := handler.Value.(ast.String)
		_, ok := lint.Field(probe, string(name), "port").(ast.String)
		return ok
	})
}

// isPlain tells what is as in nearly every probe, and so nothing that a rule would have to look at more closely: one handler, a port
// that is a number in range or a name, no number below 0, no successThreshold above 1, no grace period of its own.
func isPlain(probe ast.Object, handlers []*ast.Term) bool {
	if len(handlers) != 1 || lint.Field(probe, "terminationGracePeriodSeconds") != nil {
		return false
	}
	for _, name := range probeNumbers {
		most := ast.Number("2147483647")
		if name == "successThreshold" {
			most = "1"
		}
		if x := lint.Field(probe, name); x != nil && !inRange(x, "0", most) {
			return false
		}
	}
	handler, _ := handlers[0].Value.(ast.String)
	switch port := lint.Field(probe, string(handler), "port").(type) {
	case nil:
		return true
	case ast.String:
		return handler != "grpc" && isPortName(string(port))
	default:
		return inRange(port, "1", "65535")
	}
}

// inRange tells whether a value is a number of a range.
func inRange(x ast.Value, least, most ast.Number) bool {
	n, ok := x.(ast.Number)
	if !ok {
		return false
	}
	if i, err := strconv.Atoi(string(n)); err == nil { // most are short
		a, _ := strconv.Atoi(string(least))
		b, _ := strconv.Atoi(string(most))
		return a <= i && i <= b
	}
	return n.Compare(least) >= 0 && n.Compare(most) <= 0
}

// isPortName is IsValidPortName of k8s.io/apimachinery pkg/util/validation.
func isPortName(text string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	return len(text) <= 15 && strings.ContainsAny(text, letters) && strings.Trim(text, letters+"0123456789-") == "" &&
		!strings.HasPrefix(text, "-") && !strings.HasSuffix(text, "-") && !strings.Contains(text, "--")
}
