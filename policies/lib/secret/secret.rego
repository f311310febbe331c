# METADATA
# title: Secrets in files
# description: What tells a secret that somebody wrote out from a reference to one and from what is still to be filled in.
# related_resources:
# - ref: https://github.com/getsops/sops
# - ref: https://docs.ansible.com/ansible/latest/vault_guide/index.html
package policies.lib.secret

import future.keywords.not

# METADATA
# title: A secret that is written out
# description: >-
#   A number or a string that says something: no template, no variable of a shell or envsubst ($X, ${X}, $(X)), nothing
#   that SOPS, Ansible Vault or a renderer (@X@, __X__) puts in later, no placeholder such as <password>, ***, xxx or
#   CHANGEME, and free of the blanks that nobody sees.
is_written(x) if is_number(x)

is_written(x) if {
	is_string(x)
	text := trim_space(x)
	text != ""
	not regex.match(_reference, text)
	not regex.match(_placeholder, text)
	not regex.match(`[\x{00a0}\x{00ad}\x{2000}-\x{200f}\x{202f}\x{2060}\x{3000}\x{feff}]`, x)
}

_reference := `\{\{|\$\{|\$\(|^\$|^ENC\[|^!vault|^@[^@]+@$|^__.+__$`

_placeholder := `(?i)^(<.*>|[*]+|x+|change_?me|replace_?me|todo|tbd|fixme|your[-_].*|replace_with.*)$`
