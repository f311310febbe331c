package policies.lib.corefile_test

import data.policies.lib.corefile
import future.keywords.not

_of(text) := corefile.blocks({"value": {"lines": split(text, "\n")}})

_text := `# forward . 1.1.1.1
example.com {
    errors
    forward . 10.10.10.10 # ours
    rewrite stop {
      name regex (.*)\.my\.domain {1}.svc.cluster.local
    }
}

.:53 {
    template IN A {
      answer "{{ .Name }} 60 IN A 10.0.0.1"
    }
    loop
    bind 169.254.25.10 eth0
    forward . 223.5.5.5   tls://1.1.1.1  {
      prefer_udp
    }
    forward a.b /etc/resolv.conf
}`

test_blocks if {
	_of(_text) == [
		{
			"header": "example.com",
			"binds": [],
			"forwards": [{"path": ["lines", 3], "targets": ["10.10.10.10"]}],
			"loop": false,
			"plain": true,
		},
		{
			"header": ".:53",
			"binds": ["169.254.25.10", "eth0"],
			"forwards": [
				{"path": ["lines", 15], "targets": ["223.5.5.5", "tls://1.1.1.1"]},
				{"path": ["lines", 18], "targets": ["/etc/resolv.conf"]},
			],
			"loop": true,
			"plain": true,
		},
	]
}

test_other_ports_and_protocols if {
	every header, plain in {
		".": true,
		".:5353": false,
		"tls://.": false,
		"a:53 b:53": true,
		"dns://.": true,
		".:53 .:54": false,
	} {
		[block.plain | some block in _of(concat(" ", [header, "{\n}"]))] == [plain]
	}
}

test_snippets_and_fragments if {
	_of("(snip) {\n  forward . 127.0.0.1\n}") == []
	_of("forward . 127.0.0.1") == []
	_of(".:53 {\n  forward . 127.0.0.1") == []
}

test_addresses if {
	every target, ip in {
		"10.0.0.1": "10.0.0.1",
		"10.0.0.1:53": "10.0.0.1",
		"dns://10.0.0.1": "10.0.0.1",
		"::1": "::1",
		"fd00::53": "fd00::53",
		"[::1]:53": "::1",
		"dns://[fd00::53]": "fd00::53",
	} {
		corefile.address(target) == ip
	}
}

test_no_addresses if {
	every target in ["10.0.0.1:5353", "tls://10.0.0.1", "/etc/resolv.conf", "[::1]:5353", "dns.example.com", ""] {
		not corefile.address(target)
	}
}
