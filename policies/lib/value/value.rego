# METADATA
# title: Values
# description: What rules of every area ask about a value, whatever document it stands in.
# related_resources:
# - description: The sections Everywhere and Areas J and K of the catalogue's terms say what the words mean.
#   ref: https://jinja.palletsprojects.com/en/stable/templates/
package policies.lib.value

import future.keywords.not

# METADATA
# title: A string that a template engine still has to fill in
# description: Helm, Jinja and KubeKey v4 write {{ }}. Such a value is never judged.
is_template(x) if {
	is_string(x)
	contains(x, "{{")
}

# METADATA
# title: A field that says something
# description: Absent, null and the empty string are the same, false and 0 are not.
is_set(mapping, key) if {
	x := mapping[key]
	not x in {null, ""}
}

# METADATA
# title: A field that says nothing
# description: The opposite of is_set, for fields that are absent, null or the empty string.
unset(mapping, key) if not is_set(mapping, key)

# METADATA
# title: True as Jinja sees it
# description: >-
#   True, a number other than 0 and a non-empty string, so also the string "false". Lists and mappings are left
#   out: no field that ks-installer switches by is one.
truthy(x) if x == true

truthy(x) if {
	is_number(x)
	x != 0
}

truthy(x) if {
	is_string(x)
	x != ""
}

# METADATA
# title: The value at a path, with its path
# description: Letter case counts. Undefined where the value is absent or null.
at(root, path) := {"path": path, "value": x} if {
	is_object(root)
	x := object.get(root, path, null)
	x != null
}

# METADATA
# title: A list without repetitions
# description: The first of equal elements stays, in its place.
distinct(list) := list if count(list) == count({x | some x in list})

distinct(list) := [pair[1] | some pair in sort(firsts)] if {
	count(list) > count({x | some x in list})
	pairs := sort([[x, i] | some i, x in list])
	firsts := [[pair[1], pair[0]] |
		some i, pair in pairs
		_new(pairs, i)
	]
}

_new(_, 0)

_new(pairs, i) if pairs[i][0] != pairs[i - 1][0]
