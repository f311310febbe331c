# METADATA
# title: What every evaluation asks
# description: >-
#   The one entrypoint. Go names the rules that apply to the documents of the input (input.rules); this module asks each of
#   them, and those of input.notes also for what they did not check. A rule that is not named costs nothing.
package policies.main

findings contains object.union(fault, {"rule": rule.id}) if {
	some rule in input.rules
	some fault in data.policies.rules[rule.area][rule.id].deny
}

unchecked contains object.union(lack, {"rule": rule.id}) if {
	some rule in input.notes
	some lack in data.policies.rules[rule.area][rule.id].unchecked
}
