package policies.lib.san_test

import data.policies.lib.san
import future.keywords.not

test_names if {
	every name in ["a.example.com", "A.Example.com", "a.example.com.", "x.wild.example.com", "node1"] {
		san.covers(_cert, name)
	}
	every name in ["b.example.com", "wild.example.com", "x.y.wild.example.com", "example.com", "node2", ""] {
		not san.covers(_cert, name)
	}
}

test_addresses if {
	every address in ["10.0.0.1", "fd00::1", "FD00:0:0::1"] {
		san.covers(_cert, address)
	}
	every address in ["10.0.0.2", "fd00::2", "10.0.0.9"] {
		not san.covers(_cert, address)
	}
}

test_an_unreadable_certificate_covers_nothing if {
	not san.covers({"unreadable": true}, "node1")
	not san.covers({"unreadable": true}, "10.0.0.1")
}

_cert := {
	"dns": ["a.example.com", "*.wild.example.com", "node1", "10.0.0.9"],
	"ips": ["10.0.0.1", "fd00::1"],
}
