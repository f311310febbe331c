package policies.lib.value_test

import data.policies.lib.value
import future.keywords.not

test_braces_make_a_template if value.is_template("{{ .host }}")

test_other_text_is_no_template if {
	every x in ["", "$(IP)", "${IP}", "}}", 1, null, ["{{"]] {
		not value.is_template(x)
	}
}

test_absent_null_and_empty_say_nothing if {
	every mapping in [{}, {"a": null}, {"a": ""}, null, [], "text"] {
		value.unset(mapping, "a")
		not value.is_set(mapping, "a")
	}
}

test_false_zero_and_empty_lists_say_something if {
	every x in [false, 0, [], {}, " "] {
		value.is_set({"a": x}, "a")
		not value.unset({"a": x}, "a")
	}
}

test_jinja_takes_these_for_true if {
	every x in [true, 1, -1, 0.5, "false", "0", " "] {
		value.truthy(x)
	}
}

test_jinja_takes_these_for_false if {
	every x in [false, 0, "", null, [], {}] {
		not value.truthy(x)
	}
}

_root := {"spec": {"a": [{"b": false}], "n": null}}

test_at_gives_the_value_with_its_path if {
	value.at(_root, ["spec", "a", 0, "b"]) == {"path": ["spec", "a", 0, "b"], "value": false}
}

test_at_is_undefined_for_absent_and_null if {
	every path in [["spec", "n"], ["spec", "A"], ["spec", "a", 1], ["spec", "a", 0, "b", "c"]] {
		not value.at(_root, path)
	}
}

test_at_is_undefined_in_what_is_no_mapping if {
	every root in [null, [], "text", 1] {
		not value.at(root, ["spec"])
	}
}

test_distinct_keeps_the_first_of_equals_in_place if {
	value.distinct(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]
}

test_distinct_leaves_a_list_without_repetitions if {
	every list in [[], ["b", "a"]] {
		value.distinct(list) == list
	}
}
