package policies.lib.kubesphere_releases_test

import data.policies.lib.kubesphere_releases as releases
import future.keywords.not

test_a_row_is_found_with_and_without_v if {
	releases.row("3.4.1").max == "1.26"
	releases.row("v3.4.1").max == "1.26"
}

test_what_is_no_row_is_undefined if {
	every text in ["3.4.2", "3.5.0", "4.1.3", "3.4", "latest", ""] {
		not releases.row(text)
		not releases.severity(text, "1.30.0")
	}
}

# Each line: KubeSphere, and what is said of Kubernetes 1.14 to 1.27, e for error, w for warning, - for nothing.
_judgements := {
	"2.1.1": "-----eeeeeeeee",
	"3.0.0": "e-------eeeeee",
	"3.1.0": "e------weeeeee",
	"3.1.1": "e------weeeeee",
	"3.2.0": "ewwww----wwwww",
	"3.2.1": "eeeee----wwwww",
	"3.3.0": "eeeee-----weee",
	"3.3.1": "eeeee------eee",
	"3.3.2": "eeeee------eee",
	"3.4.0": "eeeee--------w",
	"3.4.1": "eeeeeww------w",
}

test_pairs_are_judged[note] if {
	some kubesphere, judgements in _judgements
	some i, want in split(judgements, "")
	kubernetes := sprintf("v1.%d.9+k3s1", [14 + i])
	note := sprintf("%s on %s", [kubesphere, kubernetes])
	_said(kubesphere, kubernetes) == want
}

test_every_pair_was_judged if count(test_pairs_are_judged) == 11 * 14

_said(kubesphere, kubernetes) := substring(releases.severity(kubesphere, kubernetes), 0, 1)

_said(kubesphere, kubernetes) := "-" if not releases.severity(kubesphere, kubernetes)

test_unknown_kubernetes_is_not_judged if {
	every text in ["latest", "", null] {
		not releases.severity("3.4.1", text)
	}
}

test_one_step_is_an_upgrade if {
	releases.upgrades("v3.3.2", "v3.4.1")
	releases.upgrades("2.1.1", "3.0.0")
	releases.upgrades("3.4.0", "3.4.1")
}

test_skipping_and_going_back_is_none if {
	not releases.upgrades("3.1.1", "3.4.1")
	not releases.upgrades("3.2.1", "3.4.0")
	not releases.upgrades("3.4.1", "3.4.0")
	not releases.upgrades("3.4.1", "4.1.3")
}
