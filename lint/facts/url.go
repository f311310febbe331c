package facts

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// endpoint is a URL as far as it says where to dial. It never holds user and password.
type endpoint struct {
	scheme, host, port              string
	isIP, isLoopback, isUnspecified bool
}

// parseURL gives nil for what is no URL with a host.
func parseURL(text string) *endpoint {
	text = strings.TrimSpace(text)
	if isTemplate(text) || strings.Contains(text, "$(") {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return nil
	}
	e := &endpoint{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Hostname()), port: u.Port()}
	if ip, ok := plainIP(e.host); ok {
		e.host, e.isIP = ip.String(), true
		e.isLoopback, e.isUnspecified = ip.IsLoopback(), ip.IsUnspecified()
	}
	e.isLoopback = e.isLoopback || e.host == "localhost"
	return e
}

// plainIP reads an IP literal; an IPv4 address in IPv6 is the IPv4 address.
func plainIP(text string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, false
	}
	return ip.Unmap(), true
}

// plainHost writes an IP literal as Go does and leaves all else alone.
func plainHost(text string) string {
	if ip, ok := plainIP(text); ok {
		return ip.String()
	}
	return text
}

// parseURLs reads a list with commas; what is empty or no URL is left out.
func parseURLs(list string) []*endpoint {
	var all []*endpoint
	for part := range strings.SplitSeq(list, ",") {
		if e := parseURL(part); e != nil {
			all = append(all, e)
		}
	}
	return all
}

// String is the same for equal addresses.
func (e *endpoint) String() string {
	host := e.host
	switch {
	case e.port != "":
		host = net.JoinHostPort(e.host, e.port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return e.scheme + "://" + host
}

func (e *endpoint) value() ast.Value {
	var f fields
	f.text("url", e.String())
	f.text("scheme", e.scheme)
	f.text("host", e.host)
	f.text("port", e.port)
	f.truth("is_ip", e.isIP)
	f.truth("loopback", e.isLoopback)
	f.truth("unspecified", e.isUnspecified)
	return f.object()
}

// entry is one member of ETCD_INITIAL_CLUSTER.
type entry struct {
	name string
	url  *endpoint
}

// parseEntries splits as etcd does: at commas, then at the first equals sign; empty parts are skipped.
func parseEntries(list string) []entry {
	var all []entry
	for part := range strings.SplitSeq(list, ",") {
		if part != "" {
			name, address, _ := strings.Cut(part, "=")
			all = append(all, entry{name, parseURL(address)})
		}
	}
	return all
}

func (e entry) value() ast.Value {
	var f fields
	f.text("name", e.name)
	if e.url != nil {
		f.put("url", e.url.value())
	}
	return f.object()
}
