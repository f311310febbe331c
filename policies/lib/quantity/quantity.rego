# METADATA
# title: Kubernetes quantities
# description: >-
#   Amounts of cpu, memory and storage as Kubernetes reads them: 500m, 1Gi, 1.5, 1e3. Numbers that YAML reads as
#   numbers are quantities too.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package policies.lib.quantity

# METADATA
# title: A number or a text that Kubernetes accepts as a quantity
# description: >-
#   As k8s.io/apimachinery pkg/api/resource ParseQuantity does, but for text without a digit (Gi, a sign, a dot), which
#   Kubernetes takes for 0 and nobody means. K, gi, MB and blanks are refused.
valid(x) if is_number(x)

valid(x) if {
	is_string(x)
	regex.match(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?$`, x)
}

# METADATA
# title: What a quantity amounts to, in units
# description: >-
#   Bytes, or cores: 1Gi is 1073741824, 250m is 0.25. 1E is 10 to the 18th, 1E3 is 1000. Undefined for what is no
#   quantity, and for numbers that no machine has (more than 40 digits, an exponent of more than two).
amount(x) := x if is_number(x)

amount(x) := to_number(sprintf("%s%s.%se0", [minus, whole, fraction])) * _powers[suffix] if {
	[minus, whole, fraction, suffix] := _split(x)
	_powers[suffix]
}

amount(x) := to_number(sprintf("%s%s.%s%s", [minus, whole, fraction, exponent])) * 1 if {
	[minus, whole, fraction, suffix] := _split(x)
	exponent := _exponent(suffix)
}

_split(x) := [trim(found[1], "+"), _digits(found[2]), _digits(found[3]), found[4]] if {
	is_string(x)
	valid(x)
	some found in regex.find_all_string_submatch_n(`^([+-]?)([0-9]{0,40})(?:\.([0-9]{0,40}))?([^0-9.].*)?$`, x, 1)
}

_digits("") := "0"

_digits(text) := text if text != ""

_powers := {
	"Ki": 1024, "Mi": 1048576, "Gi": 1073741824, "Ti": 1099511627776,
	"Pi": 1125899906842624, "Ei": 1152921504606846976,
}

# A decimal suffix becomes an exponent, so that 100m and 0.1 are read from the same digits.
_exponents := {
	"n": "e-9", "u": "e-6", "m": "e-3", "": "e0", "k": "e3", "M": "e6", "G": "e9", "T": "e12", "P": "e15", "E": "e18",
}

_exponent(suffix) := _exponents[suffix]

_exponent(suffix) := suffix if regex.match(`^[eE][+-]?[0-9]{1,2}$`, suffix)
