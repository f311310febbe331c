package policies.lib.cidr_test

import data.policies.lib.cidr
import future.keywords.not

_junk := [
	"", " ", "x", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/8/8", " 10.0.0.0/8", "010.0.0.0/8", "fd00::/129",
	"fe80::%eth0/64", "lb.kubesphere.local", null, 10, ["10.0.0.0/8"], {},
]

test_ranges_are_valid if {
	every text in ["10.233.64.0/18", "10.0.0.5/24", "0.0.0.0/0", "10.0.0.1/32", "fd00::/48", "::/0"] {
		cidr.valid(text)
	}
}

test_other_things_are_no_ranges if {
	every text in _junk {
		not cidr.valid(text)
	}
}

test_mapped_ranges_are_refused if {
	every text in ["::ffff:10.0.0.0/104", "::FFFF:a00:0/104", "0:0:0:0:0:ffff:10.0.0.0/104"] {
		not cidr.valid(text)
	}
}

test_an_unmapped_range_with_ffff_is_valid if cidr.valid("::ffff:1:2:3/128")

test_literal_addresses_are_ips if {
	every text in ["10.0.0.1", "0.0.0.0", "::1", "2022::2", "fe80::1", "64:ff9b::192.0.2.1"] {
		cidr.is_ip(text)
	}
}

test_other_things_are_no_ips if {
	every text in array.concat(
		[
			"10.0.0.1/24", "10.0.0.1:22", "10.0.0.1 ", "10.0.0.256", "1.2.3", "010.0.0.1", "[::1]", "fe80::1%eth0",
			"::ffff:10.0.0.1", "::ffff:a00:1", "172.16.0.2,2022::2",
		],
		_junk,
	) {
		not _is_literal(text)
	}
}

# 10.0.0.0 is in the list of junk as a range; as an address it is fine.
_is_literal(text) if {
	text != "10.0.0.0"
	cidr.is_ip(text)
}

test_family_of_ranges_and_addresses if {
	cidr.family("10.0.0.0/8") == 4
	cidr.family("10.0.0.1") == 4
	cidr.family("fd00::/8") == 6
	cidr.family("fd00::1") == 6
}

test_junk_has_no_family if {
	every text in _junk {
		not cidr.family(text) == 6
		not _is_four(text)
	}
}

_is_four(text) if {
	text != "10.0.0.0"
	cidr.family(text) == 4
}

test_prefix_is_a_number if cidr.prefix("10.233.64.0/18") == 18

test_junk_has_no_prefix if not cidr.prefix("10.0.0.0")

test_parts_are_trimmed if cidr.parts("10.0.0.0/8, fd00::/64 ") == ["10.0.0.0/8", "fd00::/64"]

test_an_empty_part_stays if cidr.parts("10.0.0.0/8,") == ["10.0.0.0/8", ""]

test_empty_text_has_no_parts if {
	cidr.parts("") == []
	cidr.parts("  ") == []
}

test_what_is_no_text_has_undefined_parts if not cidr.parts(["10.0.0.0/8"])

test_a_range_overlaps_one_inside_it if {
	cidr.overlaps("10.233.0.0/16", "10.233.64.0/18")
	cidr.overlaps("10.233.64.0/18", "10.233.0.0/16")
	cidr.overlaps("10.233.64.7/18", "10.233.64.0/18")
	cidr.overlaps("fd00::/48", "fd00::/64")
}

test_adjacent_halves_do_not_overlap if not cidr.overlaps("10.233.0.0/18", "10.233.64.0/18")

test_families_do_not_overlap if not cidr.overlaps("0.0.0.0/0", "::/0")

test_junk_overlaps_nothing if {
	every text in _junk {
		not cidr.overlaps(text, "0.0.0.0/0")
		not cidr.overlaps("0.0.0.0/0", text)
	}
}

test_a_range_includes_its_addresses if {
	cidr.includes("192.168.0.0/18", "192.168.63.255")
	cidr.includes("192.168.0.9/18", "192.168.0.1")
	cidr.includes("fd00::/64", "fd00::1")
}

test_a_range_includes_no_other_address if {
	not cidr.includes("192.168.0.0/18", "192.168.64.0")
	not cidr.includes("::/0", "10.0.0.1")
	not cidr.includes("0.0.0.0/0", "node1")
	not cidr.includes("junk", "10.0.0.1")
	not cidr.includes("10.0.0.0/8", "10.0.0.0/16")
}

test_bits_behind_the_length_are_host_bits if {
	cidr.has_host_bits("10.0.0.5/24")
	cidr.has_host_bits("fd00::1/64")
}

test_a_network_has_no_host_bits if {
	every text in ["10.0.0.0/24", "10.0.0.5/32", "fd00:0::/64", "junk", null] {
		not cidr.has_host_bits(text)
	}
}

test_one_address_in_two_texts if {
	cidr.same("10.0.0.1", "10.0.0.1")
	cidr.same("fd00:0:0::A", "fd00::a")
	not cidr.same("10.0.0.1", "10.0.0.10")
	not cidr.same("10.0.0.1", "fd00::a")
	not cidr.same("node1", "node1")
	not cidr.same(null, "10.0.0.1")
}
