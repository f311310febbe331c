package output

import (
	"regexp"
	"slices"
	"strings"
)

// Words in the names of keys whose values are secret, in small letters and without signs: clientSecret, private_key.
var (
	secretWords = []string{
		"password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "privatekey", "accesskey", "apikey",
		"certificatekey", "encryptionkey", "signingkey", "keydata", "dockerconfigjson", "dockercfg", "lastappliedconfiguration",
		"密码", "口令", "密钥", "令牌",
	}
	secretNames    = []string{"auth", "pass", "pw", "kubeconfig"}
	secretEndings  = []string{".key", "-key.pem", "_pass", "requirepass", "masterauth", "id_rsa", "id_ed25519"}
	passwordWords  = []string{"password", "passwd", "pwd", "privatekey", "accesskey", "secretkey"}
	referenceNames = []string{"secretname", "secretnamespace", "secretref", "secretkeyref", "imagepullsecrets"}
)

var signs = strings.NewReplacer("-", "", "_", "", ".", "", " ", "", "/", "")

// namesSecret tells whether a key's value is secret. The name of an object that holds a secret is none.
func namesSecret(name string) bool {
	if len(name) < len("pw") {
		return false
	}
	small := strings.ToLower(name)
	if endsIn(small, secretEndings...) {
		return true
	}
	small = signs.Replace(small)
	return contains(small, secretWords) && !slices.Contains(referenceNames, small) || slices.Contains(secretNames, small)
}

// namesPassword is the narrower question whether a word is meant for a key even where no space follows its colon.
func namesPassword(name string) bool {
	return contains(signs.Replace(strings.ToLower(name)), passwordWords)
}

func contains(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// isAbout tells that a value says where a secret is, or for how long, rather than what: privateKeyPath, accessTokenMaxAge.
func isAbout(name, value string) bool {
	small := signs.Replace(strings.ToLower(name))
	if value != "" && strings.IndexByte("/~.", value[0]) >= 0 {
		return endsIn(small, "path", "file", "kubeconfig")
	}
	return duration.MatchString(value) && endsIn(small, "age", "timeout", "ttl", "seconds", "expiration", "period")
}

var duration = regexp.MustCompile(`^\d+(?:ms|s|m|h|d)?$`)

func endsIn(text string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(text, end) })
}

// What may stand between a key and its value: tags, signs of blocks, line breaks.
const between = `(?:\W|\d|[!&]\S+\s)*?`

// unescape brings text that stands in a string nearer to what it says.
var unescape = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\u003e`, ">", `\"`, `"`)

var kindBefore = regexp.MustCompile(`(?i)kind["']?\s*[:=]` + between + `$`)

// holdsSecret tells whether a document is, holds or carries a Secret.
func holdsSecret(lines []string) bool {
	text := strings.Join(lines, "\n")
	for at := 0; ; {
		i := strings.Index(text[at:], "Secret")
		if i < 0 {
			return false
		}
		before := text[max(at, at+i-100) : at+i]
		at += i + len("Secret")
		rest := strings.TrimPrefix(text[at:], "List")
		if (rest == "" || !isLetter(rest[0])) && kindBefore.MatchString(unescape.Replace(before)) {
			return true
		}
	}
}

var nameOfValue = regexp.MustCompile(`(?i)(?:name|key)["']?\s*:` + between + `([a-z_][\w./-]*)`)

// namedValue tells whether a line beside a "value" gives it the name of a secret, as variables of containers have it.
func namedValue(lines []string, at int) bool {
	if !strings.Contains(lines[at], "value") {
		return false
	}
	near := beside(lines, at, -1)
	slices.Reverse(near)
	near = append(append(near, lines[at]), beside(lines, at, 1)...)
	text := unescape.Replace(strings.Join(near, "\n"))
	if small := strings.ToLower(text); !contains(signs.Replace(small), secretWords) && !contains(small, secretNames) {
		return false // nearly always, and cheaper to say
	}
	return slices.ContainsFunc(nameOfValue.FindAllStringSubmatch(text, -1), func(m []string) bool { return namesSecret(m[1]) })
}

// beside gives the lines above or below that belong to the same item of a list.
func beside(lines []string, at, step int) (near []string) {
	own, item := indentation(lines[at])
	if item && step < 0 {
		return nil
	}
	for i := at + step; i >= 0 && i < len(lines) && len(near) < 8; i += step {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		column, item := indentation(lines[i])
		outside := item || column < own
		if outside && step > 0 {
			break
		}
		near = append(near, lines[i])
		if outside {
			break
		}
	}
	return near
}

// What is secret wherever it stands; the first group where there is one.
var secretForms = []*regexp.Regexp{
	regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*`),                        // JSON web tokens
	regexp.MustCompile(`://[^\s/@"']*?:([^\s"']+)@`),                                   // https://user:password@host
	regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._~-]{6,})`),            // Authorization
	regexp.MustCompile(`LS0tLS1[A-Za-z0-9+/=]*`),                                       // PEM in base64
	regexp.MustCompile(`^[\s"'-]*([A-Za-z0-9+/=]{40,})[\s"',]*$`),                      // lines of base64
	regexp.MustCompile(`\$(?:2[aby]|[156y]|apr1|argon2\w*)\$[^\s"',]+`),                // hashes of passwords
	regexp.MustCompile(`(?i)\b(?:auth_pass|requirepass|masterauth)\s+["']?([^\s"']+)`), // keepalived, Redis
	regexp.MustCompile(`(?i)--?[\w-]*` + argumentWords + `[\w-]*["']?(?:\s+|\s*,\s*)["']?([^\s"',\]-][^\s"',\]]*)`),
}

const argumentWords = `(?:password|passwd|pwd|passphrase|secret|token|credential|private-?key|access-?key|api-?key|certificate-key)`

// argumentAbove matches an item of a list of arguments whose value is the next item.
var argumentAbove = regexp.MustCompile(`(?i)^\s*-?\s*["']?--?[\w-]*` + argumentWords + `[\w-]*["']?\s*,?\s*$`)

// maskAlone hides what a line itself, or the argument above, shows to be secret.
func maskAlone(text, before string) []span {
	var spans []span
	for _, form := range secretForms {
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			spans = append(spans, span{m[len(m)-2], m[len(m)-1]})
		}
	}
	if start := contentStart(text, 0); start < len(text) && argumentAbove.MatchString(before) {
		spans = append(spans, span{start, len(text)})
	}
	return spans
}

// merge orders spans and joins those that overlap or touch.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var merged []span
	for _, s := range spans {
		switch last := len(merged) - 1; {
		case s.from >= s.to:
		case last >= 0 && s.from <= merged[last].to:
			merged[last].to = max(merged[last].to, s.to)
		default:
			merged = append(merged, s)
		}
	}
	return merged
}
