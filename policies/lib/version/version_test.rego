package policies.lib.version_test

import data.policies.lib.version
import future.keywords.not

test_the_numbers_are_parsed if {
	version.parse("v1.26.14") == {"major": 1, "minor": 26, "patch": 14}
	version.parse("1.26") == {"major": 1, "minor": 26}
}

test_what_stands_behind_is_ignored if {
	every text in ["v1.28.9+k3s1", "v1.28.9-k3s", "1.28.9-eks-1234", "v1.28.9-rc.1", "1.28.9.7"] {
		version.parse(text) == {"major": 1, "minor": 28, "patch": 9}
	}
	version.parse("v1.22.x") == {"major": 1, "minor": 22}
}

test_other_things_are_no_versions if {
	every x in [
		"", "latest", "nightly-20230101", "release-3.4", "v1", "1.", "V1.26.5", " 1.26", "01.26.1", 1.26, null, {},
	] {
		not version.parse(x)
	}
}

test_minor_has_no_v_and_no_patch if {
	version.minor("v1.26.14") == "1.26"
	not version.minor("latest")
}

test_numbers_are_compared_as_numbers if {
	version.compare("1.9.0", "v1.10.0") == -1
	version.compare("1.26", "v1.26.0-k3s") == 0
	version.compare("2.0.0", "1.99.99") == 1
}

test_junk_does_not_compare if {
	not version.compare("latest", "1.0")
	not version.compare("1.0", "latest")
}

test_at_least if {
	version.at_least("1.26.14", "1.26")
	version.at_least("1.26", "1.26.0")
	not version.at_least("1.25.16", "1.26")
	not version.at_least("latest", "1.26")
}

test_below if {
	version.below("1.25.16", "1.26")
	not version.below("1.26", "1.26")
	not version.below("latest", "1.26")
}

test_at_most_means_the_whole_minor_without_a_patch if {
	version.at_most("3.4.1", "3.4")
	not version.at_most("3.5.0", "3.4")
}

test_at_most_means_the_very_patch_otherwise if {
	version.at_most("3.0.7", "3.0.7")
	not version.at_most("3.0.8", "3.0.7")
	not version.at_most("latest", "3.0.7")
	not version.at_most("3.0.7", "latest")
}

test_both_ends_are_between if {
	every text in ["3.2", "3.2.0", "3.3.1", "3.4.1"] {
		version.between(text, "3.2", "3.4")
	}
	not version.between("3.1.9", "3.2", "3.4")
	not version.between("3.5.0", "3.2", "3.4")
}
