package policies.lib.kubekey_releases_test

import data.policies.lib.kubekey_releases as releases
import future.keywords.not

# How many patch releases the source of each tag lists (pkg/files/file.go, version/components.json).
_counts := {
	"1.0.0": 17, "1.0.2": 17, "1.1.0": 20, "1.1.1": 21, "1.1.2": 21, "1.2.0": 25, "1.2.2": 25, "2.0.0": 27, "2.0.1": 27,
	"2.1.0": 30, "2.1.1": 30, "2.1.2": 57, "2.2.0": 57, "2.2.2": 58, "2.2.3": 58, "2.3.0": 49, "2.3.2": 49, "3.0.0": 64,
	"3.0.1": 68, "3.0.3": 68, "3.0.4": 73, "3.0.7": 73, "3.0.8": 93, "3.0.13": 93, "3.1.0": 135, "3.1.1": 135,
	"3.1.2": 147, "3.1.3": 151, "3.1.4": 151, "3.1.5": 153, "3.1.6": 155, "3.1.7": 163, "3.1.8": 181, "3.1.9": 185,
	"3.1.10": 189, "3.1.11": 199, "3.1.12": 199,
}

test_each_tag_lists_as_many_as_its_source[tag] if {
	some tag, n in _counts
	count(releases.patches(tag, "kubernetes")) == n
}

test_a_leading_v_does_not_matter if releases.patches("v3.0.7", "kubernetes") == releases.patches("3.0.7", "kubernetes")

test_a_tag_without_changes_has_the_list_before_it if {
	releases.patches("3.0.7", "kubernetes") == releases.patches("3.0.4", "kubernetes")
}

test_old_minors_are_dropped_with_two_three if {
	"1.18.8" in releases.patches("2.2.3", "kubernetes")
	not "1.18.8" in releases.patches("2.3.0", "kubernetes")
	"1.19.8" in releases.patches("2.3.0", "kubernetes")
}

test_a_patch_counts_not_its_minor if {
	"1.26.0" in releases.patches("3.0.7", "kubernetes")
	not "1.26.2" in releases.patches("3.0.7", "kubernetes")
	"1.26.2" in releases.patches("3.0.8", "kubernetes")
}

test_k3s_has_its_own_list if {
	releases.patches("1.0.2", "k3s") == set()
	releases.patches("1.1.0", "k3s") == {"1.20.2", "1.20.4"}
	releases.patches("3.1.12", "k3s") == {"1.20.2", "1.20.4", "1.21.4", "1.21.6", "1.23.13", "1.24.7"}
}

test_a_release_that_is_not_known_has_no_list if {
	every text in ["0.9.0", "3.1.13", "3.2.0", "4.0.0", "latest", "", null] {
		not releases.patches(text, "kubernetes")
	}
}

test_the_union_holds_what_was_dropped_and_what_only_a_branch_has if {
	count(releases.ever.kubernetes) == 216
	every patch in ["1.15.12", "1.34.0", "1.33.4"] {
		patch in releases.ever.kubernetes
	}
	every patch in ["1.19.16", "1.20.15", "1.29.13"] {
		not patch in releases.ever.kubernetes
	}
	count(releases.ever.k3s) == 6
}

test_a_later_minor_is_newer if {
	releases.is_newer("kubernetes", "v1.35.0")
	releases.is_newer("kubernetes", "v2.0.0")
	releases.is_newer("k3s", "v1.30.4")
}

test_a_later_patch_of_a_living_minor_is_newer if {
	releases.is_newer("kubernetes", "v1.34.1")
	releases.is_newer("kubernetes", "v1.33.5")
	releases.is_newer("kubernetes", "v1.30.15")
}

test_these_are_not_newer if {
	every text in ["v1.29.16", "v1.19.16", "v1.33.4", "v1.30.0", "v1.33", "latest"] {
		not releases.is_newer("kubernetes", text)
	}
	not releases.is_newer("k3s", "v1.24.8")
}

test_four_goes_by_the_minor if {
	releases.minors("4.0.2").max == "1.33"
	releases.minors("4.0.3").max == "1.34"
	releases.minors("v4.0.6").min == "1.23"
	releases.newest_minors.max == "1.34"
}

test_other_releases_have_no_minors if {
	every text in ["3.1.12", "4.0.7", "4.1.0", "latest", null] {
		not releases.minors(text)
	}
}
