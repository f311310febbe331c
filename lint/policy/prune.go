package policy

import "github.com/open-policy-agent/opa/v1/ast"

// prune leaves those rules of the libraries that somebody asks. Compiling is most of what a short run does, and libraries are a
// good part of what is compiled.
func prune(modules map[string]*ast.Module) {
	s := search{libraries: map[string][]*library{}, kept: map[*ast.Rule]bool{}}
	var roots []*library
	for _, m := range modules {
		l := newLibrary(m)
		if m.Package.Path.HasPrefix(libraries) {
			noun := string(m.Package.Path[len(libraries)].Value.(ast.String))
			s.libraries[noun] = append(s.libraries[noun], l)
			continue
		}
		roots = append(roots, l)
	}
	for _, l := range roots {
		for _, r := range l.module.Rules {
			s.keep(l, r)
		}
	}
	for _, all := range s.libraries {
		for _, l := range all {
			rules := l.module.Rules
			l.module.Rules = nil
			for _, r := range rules {
				if s.kept[r] {
					l.module.Rules = append(l.module.Rules, r)
				}
			}
		}
	}
}

// library is a module with its rules by name, and the libraries that it imports by the names it knows them by.
type library struct {
	module  *ast.Module
	rules   map[ast.Var][]*ast.Rule
	imports map[ast.Var]string
}

func newLibrary(m *ast.Module) *library {
	l := &library{module: m, rules: map[ast.Var][]*ast.Rule{}, imports: map[ast.Var]string{}}
	for _, r := range m.Rules {
		if name, ok := r.Head.Ref()[0].Value.(ast.Var); ok {
			l.rules[name] = append(l.rules[name], r)
		}
	}
	for _, i := range m.Imports {
		path, ok := i.Path.Value.(ast.Ref)
		if ok && path.HasPrefix(libraries) && len(path) > len(libraries) {
			l.imports[i.Name()] = string(path[len(libraries)].Value.(ast.String))
		}
	}
	return l
}

// search follows names through modules; a name that could mean a rule does.
type search struct {
	libraries map[string][]*library
	kept      map[*ast.Rule]bool
}

// keep marks a rule and everything that it asks.
func (s *search) keep(l *library, r *ast.Rule) {
	if s.kept[r] {
		return
	}
	s.kept[r] = true
	ast.WalkTerms(r, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Var:
			s.name(l, v)
		case ast.Ref:
			s.ref(l, v)
		}
		return false
	})
}

func (s *search) name(l *library, name ast.Var) {
	for _, r := range l.rules[name] {
		s.keep(l, r)
	}
}

func (s *search) ref(l *library, ref ast.Ref) {
	head, ok := ref[0].Value.(ast.Var)
	if !ok {
		return
	}
	s.name(l, head)
	noun, imported := l.imports[head]
	if !imported {
		return
	}
	for _, other := range s.libraries[noun] {
		if field, ok := fieldOf(ref); ok {
			s.name(other, field)
			continue
		}
		for _, r := range other.module.Rules {
			s.keep(other, r)
		}
	}
}

// fieldOf is the name that a reference to a library asks for; without one it may be any.
func fieldOf(ref ast.Ref) (ast.Var, bool) {
	if len(ref) < 2 {
		return "", false
	}
	field, ok := ref[1].Value.(ast.String)
	return ast.Var(field), ok
}
