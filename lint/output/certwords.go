package output

import (
	"fmt"
	"strings"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
)

// certVocabulary holds the words of lists of certificates in one language.
type certVocabulary struct {
	head struct{ days, date, what, place string }
	// kinds have a star where the name stands; what is in front of and behind it in brackets goes with the name.
	kinds    map[certs.Kind]string
	renewers map[certs.Renewer]string
	chain    string

	// Labels of details; label is the column that their texts begin at, counted from where they do.
	label                                           int
	subject, issuer, sans, valid, usedBy, renewedBy string
	notYet, span, unused, hint                      string
	tally                                           func(*Certificates) string
}

var certVocabularies = map[lint.Lang]certVocabulary{
	lint.English: {
		head:  struct{ days, date, what, place string }{"DAYS", "ENDS", "CERTIFICATE", "PLACE"},
		kinds: englishKinds, chain: "chain of %s", renewers: englishRenewers,
		label: 12, subject: "subject", issuer: "issuer", sans: "SANs", valid: "valid", usedBy: "used by", renewedBy: "renewed by",
		notYet: "not valid before", span: "%s to %s", unused: "nothing among these files names it",
		hint:  "kslint certs -v tells what uses them and who renews them.",
		tally: englishCertTally,
	},
	lint.Chinese: {
		head:  struct{ days, date, what, place string }{"剩余天数", "到期日", "证书", "位置"},
		kinds: chineseKinds, chain: "%s（证书链）", renewers: chineseRenewers,
		label: 10, subject: "主题", issuer: "签发者", sans: "SAN", valid: "有效期", usedBy: "使用者", renewedBy: "续期",
		notYet: "尚未生效，生效时间", span: "%s 至 %s", unused: "这些文件里没有任何配置引用它",
		hint:  "用 kslint certs -v 查看谁在使用、由谁续期。",
		tally: chineseCertTally,
	},
}

func (o Options) certVocabulary() certVocabulary {
	if v, ok := certVocabularies[o.Lang]; ok {
		return v
	}
	return certVocabularies[lint.English]
}

// what says in plain words what a certificate is.
func (v certVocabulary) what(r *certs.Row) string {
	words, name := v.kinds[r.Kind], r.Name
	if r.Kind == certs.Other || r.Kind == certs.OtherCA {
		name = r.Subject // all that is known
	}
	if before, rest, ok := strings.Cut(words, "["); ok {
		named, after, _ := strings.Cut(rest, "]")
		if name == "" {
			named = ""
		}
		words = before + strings.Replace(named, "*", name, 1) + after
	}
	if r.Chain {
		return fmt.Sprintf(v.chain, words)
	}
	return words
}

// englishCertTally is the last line: "12 certificates at 40 places in 38 files: 1 expired, 2 more to end within 30 days, 1 failure".
func englishCertTally(c *Certificates) string {
	ended, soon := c.count()
	line := "no certificates in " + Plural(c.Files, "file")
	if n := c.different(); n > 0 {
		line = fmt.Sprintf("%s at %s in %s", Plural(n, "certificate"), Plural(len(c.Rows), "place"), Plural(c.Files, "file"))
		line += fmt.Sprintf(": %d expired", ended)
		if c.Soon > 0 {
			line += fmt.Sprintf(", %d more to end within %s", soon, spell(c.Soon, "day", "hour"))
		}
	}
	if n := len(c.Failures); n > 0 {
		line += ", " + Plural(n, "failure")
	}
	return line
}

// chineseCertTally is the same: 共 12 个证书、40 处（38 个文件）：1 处已过期，另有 2 处将在 30 天内到期，1 处未能检查.
func chineseCertTally(c *Certificates) string {
	ended, soon := c.count()
	line := fmt.Sprintf("%d 个文件中没有证书", c.Files)
	if n := c.different(); n > 0 {
		line = fmt.Sprintf("共 %d 个证书、%d 处（%d 个文件）", n, len(c.Rows), c.Files)
		line += fmt.Sprintf("：%d 处已过期", ended)
		if c.Soon > 0 {
			line += fmt.Sprintf("，另有 %d 处将在 %s内到期", soon, spell(c.Soon, "天", "小时"))
		}
	}
	if n := len(c.Failures); n > 0 {
		line += fmt.Sprintf("，%d 处未能检查", n)
	}
	return line
}

// spell writes a time in whole days or hours, as it is given where it has none; English nouns take an s.
func spell(d time.Duration, day, hour string) string {
	n, noun := int(d/(24*time.Hour)), day
	if d%(24*time.Hour) != 0 {
		n, noun = int(d/time.Hour), hour
	}
	switch {
	case d%time.Hour != 0:
		return d.String()
	case noun[0] < 0x80:
		return Plural(n, noun)
	}
	return fmt.Sprintf("%d %s", n, noun)
}
