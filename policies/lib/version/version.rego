# METADATA
# title: Versions
# description: >-
#   Versions as text, such as v1.26.14, 1.26, v1.21.4-k3s or 1.28.9+k3s1: what stands behind the numbers is
#   ignored, a missing patch counts as 0. Text that does not begin with two numbers is no version, and every
#   question about it is undefined.
package policies.lib.version

import future.keywords.not

# METADATA
# title: The numbers of a version
# description: Major and minor, and patch where the text has one.
parse(text) := object.union({"major": to_number(numbers[1]), "minor": to_number(numbers[2])}, _patch(numbers[3])) if {
	is_string(text)
	some numbers in regex.find_all_string_submatch_n(
		`^v?(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})(?:\.(0|[1-9][0-9]{0,5}))?`,
		text, 1,
	)
}

# METADATA
# title: The minor version, such as 1.26
# description: Without a leading v.
minor(text) := sprintf("%d.%d", [v.major, v.minor]) if v := parse(text)

# METADATA
# title: How two versions compare
# description: -1 where the first is older, 0 where they are the same, 1 where it is newer.
compare(a, b) := -1 if _triple(a) < _triple(b)

compare(a, b) := 0 if _triple(a) == _triple(b)

compare(a, b) := 1 if _triple(a) > _triple(b)

# METADATA
# title: A version that is not older than another
# description: 1.26.14 is at least 1.26.
at_least(text, bound) if _triple(text) >= _triple(bound)

# METADATA
# title: A version that is older than another
# description: Undefined for text that is no version, which "not at_least" would let through.
below(text, bound) if _triple(text) < _triple(bound)

# METADATA
# title: A version that is not newer than another
# description: A bound without patch means the whole minor version, so 3.4.1 is at most 3.4.
at_most(text, bound) if {
	parse(bound).patch
	_triple(text) <= _triple(bound)
}

at_most(text, bound) if {
	not parse(bound).patch
	array.slice(_triple(text), 0, 2) <= array.slice(_triple(bound), 0, 2)
}

# METADATA
# title: A version within two others, both included
# description: The upper bound is that of at_most, so 3.4.1 is between 3.2 and 3.4.
between(text, low, high) if {
	at_least(text, low)
	at_most(text, high)
}

_patch("") := {}

_patch(digits) := {"patch": to_number(digits)} if digits != ""

_triple(text) := [v.major, v.minor, object.get(v, "patch", 0)] if v := parse(text)
