package facts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/lint/facts/facttest"
)

// The facts as tests read them: what doc.go promises, by its own names.
type (
	input struct {
		Now          int64
		Certificates []holder
		Hosts        []hostFact
		Etcd         etcd
		Kubeconfigs  []kubeconfig
		Webhooks     struct {
			ClientConfigs []clientConfig `json:"client_configs"`
			Secrets       []secretFact
		}
	}
	place struct {
		Document int
		Path     []any
	}
	holder struct {
		place
		ID                     int
		File, Host, Name, Role string
		Content                string
		NamedFor               string `json:"named_for"`
		Read                   []string
		Certs                  []cert
	}
	cert struct {
		place
		Subject, Issuer, CN, SHA256, Signature string
		NotBefore                              string `json:"not_before"`
		NotAfter                               string `json:"not_after"`
		Starts, Ends                           int64
		IsCA                                   bool `json:"is_ca"`
		DNS, IPs                               []string
		Usages                                 []string
		Unreadable                             bool
	}
	hostFact struct {
		place
		Name   string
		Folder *string
		IPv4   string `json:"node_ipv4"`
		IPv6   string `json:"node_ipv6"`
		Roles  []string
	}
	etcd struct {
		OneCluster    bool `json:"one_cluster"`
		Members       []member
		Clients       []client
		InUse         []use `json:"in_use"`
		Authorities   []use
		Pairs         []pair
		PairsComplete bool `json:"pairs_complete"`
		Keypairs      []keypair
	}
	member struct {
		Source, Host string
		Name         *string
		Document     int
		ConfigFile   bool `json:"config_file"`
		Settings     map[string]setting
	}
	setting struct {
		Path    []any
		Value   *string
		Bool    *bool
		URLs    []endpoint
		Entries []struct {
			Name string
			URL  *endpoint
		}
		Certificate *int
		PEM         *bool
		File        string
		Folder      []string
	}
	endpoint struct {
		URL, Scheme, Host, Port string
		IsIP                    bool `json:"is_ip"`
		Loopback, Unspecified   bool
	}
	client struct {
		place
		Kind, Host    string
		Servers       []endpoint
		CA, Cert, Key *setting
	}
	use struct {
		Certificate int
		Known       string
		Uses        []struct {
			place
			Kind string
		}
	}
	pair struct {
		Kind     string
		Leaf, CA struct {
			place
			Certificate int
		}
		Verifies    bool
		VerifiesNow bool `json:"verifies_now"`
	}
	keypair struct {
		place
		Kind        string
		Certificate int
		Match       bool
		Cert        place
	}
	kubeconfig struct {
		place
		File, Host, Kind, Role string
		Carrier                *place
		User, Cluster          *identity
	}
	identity struct {
		Name          string
		Path          []any
		Embedded      bool
		Certificate   *int
		OtherAuth     bool `json:"other_auth"`
		Insecure      bool
		TLSServerName string `json:"tls_server_name"`
		Server        *struct {
			Path []any
			URL  *endpoint
		}
		Verifies []int
	}
	clientConfig struct {
		place
		Exported, Injected bool
		Service            *struct {
			Name, Namespace string
			Port            int
			Listed          bool
		}
		CAPath      []any `json:"ca_path"`
		Certificate *int
		Secrets     []struct {
			Secret      int
			Verifies    bool
			VerifiesNow bool `json:"verifies_now"`
		}
	}
	secretFact struct {
		Document                 int
		Name, Namespace, Service string
		Server, CA               *int
	}
)

// seen is what a set says, with its documents.
type seen struct {
	input
	t         *testing.T
	documents []*lint.Document
}

// look reads files and works out all facts.
func look(t *testing.T, files map[string][]byte) *seen {
	t.Helper()
	documents := facttest.Documents(files)
	return see(t, documents, facts.Of(documents, facttest.Now).Input(facts.Kinds()...))
}

func see(t *testing.T, documents []*lint.Document, v ast.Value) *seen {
	t.Helper()
	raw, err := ast.JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	s := &seen{t: t, documents: documents}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s.input); err != nil {
		t.Fatal(err)
	}
	return s
}

// at writes a place as file and path.
func (s *seen) at(p place) string {
	return s.documents[p.Document].File + " " + toPath(p.Path).String()
}

// file is that of a holder.
func (s *seen) file(id int) string { return s.Certificates[id].File }

// uses writes uses one a line: file, how it is known, kinds.
func (s *seen) uses(all []use) []string {
	var lines []string
	for _, u := range all {
		var kinds []string
		for _, by := range u.Uses {
			kinds = append(kinds, by.Kind)
		}
		slices.Sort(kinds)
		lines = append(lines, fmt.Sprintf("%s %s %s", s.file(u.Certificate), u.Known, strings.Join(slices.Compact(kinds), ",")))
	}
	slices.Sort(lines)
	return lines
}

// pairs writes pairs one a line: kind, leaf, CA, verdicts.
func (s *seen) pairs() []string {
	var lines []string
	for _, p := range s.Etcd.Pairs {
		lines = append(lines, fmt.Sprintf("%s %s <- %s %v %v", p.Kind, s.file(p.Leaf.Certificate), s.file(p.CA.Certificate), p.Verifies, p.VerifiesNow))
	}
	slices.Sort(lines)
	return lines
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func toPath(raw []any) lint.Path {
	path := make(lint.Path, len(raw))
	for i, step := range raw {
		path[i] = step
		if n, ok := step.(float64); ok {
			path[i] = int(n)
		}
	}
	return path
}
