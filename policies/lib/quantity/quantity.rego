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
valid(x) if amount(x)

valid(x) if {
	is_string(x)
	regex.match(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?$`, x)
}

# METADATA
# title: What a quantity amounts to, in units
# description: >-
#   Bytes, or cores: 1Gi is 1073741824, 250m is 0.25. 1E is 10 to the 18th, 1E3 is 1000. Undefined for what is no
#   quantity, and for numbers that no machine has (more than 40 digits, an exponent of more than two).
#   kslint.amount is a builtin of ours.
amount(x) := kslint.amount(x)
