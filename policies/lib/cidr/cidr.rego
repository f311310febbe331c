# METADATA
# title: Addresses and ranges
# description: >-
#   IP addresses and CIDR ranges as text. Nothing here fails on text that is neither: such calls are undefined.
#   What the text means is what Go's net package says, as in KubeKey and kubeadm: no leading zeros, no zone.
#   IPv4-mapped IPv6 addresses belong to no family and are refused.
# related_resources:
# - ref: https://pkg.go.dev/net#ParseCIDR
package policies.lib.cidr

import future.keywords.not

# METADATA
# title: A range in CIDR notation
# description: Address, slash, length. Bits behind the length may be set, see has_host_bits.
valid(text) if {
	is_string(text)
	net.cidr_is_valid(text)
	not regex.match(`(?i)^(::|(0{1,4}:){5})ffff:([0-9a-f]{1,4}:[0-9a-f]{1,4}|[0-9.]+)/`, text)
}

# METADATA
# title: One literal IP address
# description: Without length, port, brackets, blank or zone.
is_ip(text) if valid(_single(text))

# METADATA
# title: The family of a range or an address, 4 or 6
# description: Undefined for other text.
family(text) := 6 if {
	_known(text)
	contains(text, ":")
}

family(text) := 4 if {
	_known(text)
	not contains(text, ":")
}

# METADATA
# title: The length of a range
# description: The number behind the slash.
prefix(text) := to_number(split(text, "/")[1]) if valid(text)

# METADATA
# title: The parts of a comma list
# description: Blanks around a part are taken off; an empty text has no parts.
parts(text) := [trim_space(part) | some part in split(text, ",")] if {
	is_string(text)
	trim_space(text) != ""
}

parts(text) := [] if {
	is_string(text)
	trim_space(text) == ""
}

# METADATA
# title: Two ranges that share an address
# description: Ranges of different families share none.
overlaps(a, b) if {
	valid(a)
	valid(b)
	family(a) == family(b)
	net.cidr_intersects(a, b)
}

# METADATA
# title: An address inside a range
# description: Of the same family.
includes(range, ip) if {
	valid(range)
	is_ip(ip)
	family(range) == family(ip)
	net.cidr_contains(range, ip)
}

# METADATA
# title: Two texts for one address
# description: IPv6 addresses may be written in several ways.
same(a, b) if includes(_single(a), b)

# METADATA
# title: A range whose address is not its first one
# description: Such as 10.0.0.5/24, which means 10.0.0.0/24.
has_host_bits(text) if {
	valid(text)
	some network in net.cidr_merge([text])
	some address in net.cidr_merge([_single(split(text, "/")[0])])
	split(network, "/")[0] != split(address, "/")[0]
}

_single(ip) := concat("/", [ip, "128"]) if {
	is_string(ip)
	contains(ip, ":")
}

_single(ip) := concat("/", [ip, "32"]) if {
	is_string(ip)
	not contains(ip, ":")
}

_known(text) if valid(text)

_known(text) if is_ip(text)
