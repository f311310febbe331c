package policies.lib.secret_test

import data.policies.lib.secret
import future.keywords.not

test_what_is_written_out if {
	every x in ["S3cret-root", "admin", "P@88w0rd", "a$b", " x1 ", "x@y", "xxy", "12*", 123456, 0, "<", "密码"] {
		secret.is_written(x)
	}
}

test_references_are_not if {
	every x in [
		"{{ .password }}", "${PASSWORD}", "$(PASSWORD)", "$PASSWORD", "$ANSIBLE_VAULT;1.1;AES256\n6162",
		"ENC[AES256_GCM,data:x]",
		"!vault abc", "@PASSWORD@", "__PASSWORD__",
	] {
		not secret.is_written(x)
	}
}

test_placeholders_are_not if {
	every x in [
		"<password>", "***", "*", "xxx", "X", "CHANGEME", "change_me", "TODO", "your-password", "<your pass>",
		"REPLACE_WITH_IT",
	] {
		not secret.is_written(x)
	}
}

test_nothing_is_not if {
	every x in ["", "  ", null, true, [], {}, ["a"], {"a": "b"}] {
		not secret.is_written(x)
	}
}

test_blanks_that_nobody_sees_are_another_fault if {
	not secret.is_written("abc\u00a0")
	not secret.is_written("\ufeffabc")
}
