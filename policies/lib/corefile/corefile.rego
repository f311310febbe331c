# METADATA
# title: Corefiles
# description: >-
#   The configuration of CoreDNS and nodelocaldns, target corefile. What is no server block of the usual form, such as
#   snippets and what is imported, is left out.
# related_resources:
# - ref: https://coredns.io/manual/configuration/
# - ref: https://coredns.io/plugins/forward/
package policies.lib.corefile

import future.keywords.not

# METADATA
# title: The server blocks of a Corefile
# description: >-
#   Each with header, the text in front of its bracket; binds, the arguments of plugin bind; forwards, each with path and
#   targets; loop, whether it has that plugin; and plain, whether it answers plain DNS on port 53.
blocks(document) := [_block(found[1], found[2]) |
	text := concat("\n", [sprintf("%d\t%s", [i, _uncommented(line)]) | some i, line in document.value.lines])
	some found in regex.find_all_string_submatch_n(_pattern, text, -1)
	not startswith(found[1], "(")
]

# METADATA
# title: The IP address of a target that is asked for plain DNS on port 53
# description: >-
#   Such as 10.0.0.1, dns://10.0.0.1:53, [fd00::1]:53 or fd00::1; not checked to be an address. Undefined for files, names,
#   other ports and other protocols.
address(target) := concat("", array.slice(found, 1, 4)) if {
	pattern := `^(?:dns://)?(?:\[([0-9a-fA-F:.]+)\](?::53)?|([0-9.]+)(?::53)?|([0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*))$`
	[found] := regex.find_all_string_submatch_n(pattern, target, 1)
}

# Each line has its number in front, so that it is known where in a block something stands. Blocks hold those of plugins,
# and plugins such as template have brackets of their own.
_pattern := sprintf(`(?:^|\n)[0-9]+\t[ \t]*([^{}\n]*?)[ \t]*\{((?:[^{}]|%s)*)\}`, [_nested])

_nested := `\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}`

_uncommented(line) := regex.replace(line, `(^|\s)#.*$`, "")

_block(header, body) := {
	"header": header,
	"binds": [word | some found in _lines(`bind[ \t]+([^\n{]*)`, body); some word in _words(found[2])],
	"forwards": [{"path": ["lines", to_number(found[1])], "targets": _words(found[2])} |
		some found in _lines(`forward[ \t]+[^ \t\n]+[ \t]+([^\n{]*)`, body)
	],
	"loop": count(_lines(`loop[ \t]*($)`, body)) > 0,
	"plain": _is_plain(header),
}

_lines(pattern, body) := regex.find_all_string_submatch_n(sprintf(`(?m)^([0-9]+)\t[ \t]*%s`, [pattern]), body, -1)

_words(text) := regex.find_n(`\S+`, text, -1)

_is_plain(header) if {
	not regex.match(`(tls|https|https3|grpc|quic)://`, header)
	{port | some port in regex.find_n(`:[0-9]+`, header, -1)} - {":53"} == set()
} else := false
