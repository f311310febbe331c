# METADATA
# title: Subject alternative names
# description: What a certificate of the facts may be presented for. The common name counts for nothing.
# related_resources:
# - ref: https://pkg.go.dev/crypto/x509#Certificate.VerifyHostname
package policies.lib.san

import data.policies.lib.cidr
import future.keywords.not

# METADATA
# title: A certificate that may be presented for a name or an address
# description: >-
#   As Go decides: letter case and a dot at the end do not count, a wildcard stands for the leftmost label, an address
#   needs an IP SAN. cert is an element of certs of facts.certificates.
covers(cert, name) if _plain(name) in cert.dns

covers(cert, name) if {
	labels := split(_plain(name), ".")
	concat(".", array.concat(["*"], array.slice(labels, 1, count(labels)))) in cert.dns
}

covers(cert, address) if {
	cidr.is_ip(address)
	some ip in cert.ips
	_same(ip, address)
}

_plain(name) := trim_suffix(lower(name), ".") if not cidr.is_ip(name)

_same(ip, address) if ip == address

# Go writes the address of the certificate, somebody else the other one.
_same(ip, address) if cidr.includes(sprintf("%s/128", [ip]), address)
