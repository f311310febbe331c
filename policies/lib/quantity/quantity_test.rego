package policies.lib.quantity_test

import data.policies.lib.quantity
import future.keywords.not

# What k8s.io/apimachinery pkg/api/resource makes of each text.
_amounts := {
	"0": 0, "1": 1, "+1": 1, "-1": -1, "007": 7, "1.5": 1.5, "5.": 5, ".5": 0.5, "-.5": -0.5,
	"1n": 0.000000001, "1u": 0.000001, "100m": 0.1, "250m": 0.25, "1000m": 1, "128974848000m": 128974848,
	"1k": 1000, "12M": 12000000, "1G": 1000000000, "1.5G": 1500000000, "1T": 1000000000000,
	"1P": 1000000000000000, "1E": 1000000000000000000, "12E": 12000000000000000000,
	"1Ki": 1024, "1Mi": 1048576, "1Gi": 1073741824, "0.5Gi": 536870912, "1.5Gi": 1610612736, "1024Mi": 1073741824,
	"1Ti": 1099511627776, "1Pi": 1125899906842624, "1Ei": 1152921504606846976, "-1Ki": -1024,
	"1e3": 1000, "1E3": 1000, "1e+3": 1000, "12E6": 12000000, "1e-3": 0.001, "1.5e3": 1500, ".5e1": 5, "4e9": 4000000000,
	"1e0": 1, "00.10": 0.1,
}

test_amounts[text] if {
	some text, amount in _amounts
	quantity.valid(text)
	quantity.amount(text) == amount
}

test_every_amount_was_asked if count(test_amounts) == count(_amounts)

test_numbers_are_amounts_themselves if {
	every x in [0, 1, -1, 0.5, 1e3, 4194304] {
		quantity.valid(x)
		quantity.amount(x) == x
	}
}

test_equal_amounts_are_equal_however_they_are_written if {
	{quantity.amount(x) | some x in ["1000m", "1", 1, "1e0", "0.001k", "1000000u"]} == {1}
	{quantity.amount(x) | some x in ["100m", "0.1", 0.1, "1e-1"]} == {0.1}
	quantity.amount("1Gi") == quantity.amount("1024Mi")
	quantity.amount("1000Mi") < quantity.amount("1Gi")
}

test_these_are_no_quantities if {
	every x in [
		"", " ", "1 Gi", "2 Gi", "1gb", "512MB", "4gi", "1K", "2GiB", "1,5Gi", "1e", "e3", "1e3.5", ".", "+", "-Gi", "1..5",
		"1GiMi", "abc", "0x10", "1_000", null, true, [], {"a": 1},
	] {
		not quantity.valid(x)
		not quantity.amount(x)
	}
}

test_monstrous_numbers_are_valid_but_amount_to_nothing if {
	every x in ["1e100", "1e-999999999", "9999999999999999999999999999999999999999999"] {
		quantity.valid(x)
		not quantity.amount(x)
	}
}
