package lint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Product is a piece of software whose version decides which rules hold.
type Product string

// The products that rules name in their versions.
const (
	KubeSphere Product = "kubesphere"
	Kubernetes Product = "kubernetes"
	KubeKey    Product = "kubekey"
)

// Products lists every product.
func Products() []Product { return []Product{KubeSphere, Kubernetes, KubeKey} }

// Versions holds what is known; a product that is missing has no known version.
type Versions map[Product]Version

// Version is a release, such as 3.4.1. Patch is -1 where the text names only the minor version ("1.26").
type Version struct{ Major, Minor, Patch int }

var versionText = regexp.MustCompile(`^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:[-+].*)?$`)

// ParseVersion reads v1.26.14, 1.26, v1.21.4-k3s, 1.28.9+k3s1. What stands behind the numbers is ignored.
// Words such as latest or nightly-20230101 are no version: the second result is false.
func ParseVersion(text string) (Version, bool) {
	m := versionText.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Version{}, false
	}
	v := Version{Patch: -1}
	v.Major, _ = strconv.Atoi(m[1])
	v.Minor, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		v.Patch, _ = strconv.Atoi(m[3])
	}
	return v, true
}

// String writes the version without a leading v, as input.versions holds it.
func (v Version) String() string {
	if v.Patch < 0 {
		return fmt.Sprintf("%d.%d", v.Major, v.Minor)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// Compare gives -1, 0 or 1. A missing patch counts as 0.
func (v Version) Compare(w Version) int {
	for _, d := range []int{v.Major - w.Major, v.Minor - w.Minor, max(v.Patch, 0) - max(w.Patch, 0)} {
		if d < 0 {
			return -1
		}
		if d > 0 {
			return 1
		}
	}
	return 0
}

// Constraint is a range of versions: all of its bounds hold.
type Constraint []bound

type bound struct {
	op      string
	version Version
}

var boundText = regexp.MustCompile(`^(>=|<=|>|<|=)(.+)$`)

// ParseConstraint reads ">=3.2 <3.5": bounds with >=, >, <=, < or =, separated by blanks.
func ParseConstraint(text string) (Constraint, error) {
	var c Constraint
	for _, word := range strings.Fields(text) {
		m := boundText.FindStringSubmatch(word)
		if m == nil {
			return nil, fmt.Errorf("%q is no range of versions, expected bounds such as \">=3.2 <3.5\"", text)
		}
		v, ok := ParseVersion(m[2])
		if !ok {
			return nil, fmt.Errorf("%q is no version, expected numbers such as 3.4.1", m[2])
		}
		c = append(c, bound{m[1], v})
	}
	if c == nil {
		return nil, fmt.Errorf("an empty range of versions, expected bounds such as \">=3.2 <3.5\"")
	}
	return c, nil
}

// Holds tells whether the version is within the range.
func (c Constraint) Holds(v Version) bool {
	for _, b := range c {
		d := v.Compare(b.version)
		ok := map[string]bool{">=": d >= 0, "<=": d <= 0, ">": d > 0, "<": d < 0, "=": d == 0}[b.op]
		if !ok {
			return false
		}
	}
	return true
}
