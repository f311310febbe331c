package facttest

import (
	"crypto/x509"
	"path"
	"time"
)

// Edit changes what a certificate of a layout is made of, before it is made. name is the path of its file without ending:
// node1/etc/ssl/etcd/ssl/member-node1. Copies on other hosts are made once, and go by the file that is written first.
type Edit func(name string, s *Spec)

// On is an edit of the certificates whose base name matches a pattern such as member-* or ca.
func On(pattern string, change func(s *Spec)) Edit {
	return func(name string, s *Spec) {
		if must(path.Match(pattern, path.Base(name))) {
			change(s)
		}
	}
}

// Ends lets certificates end so long after Now; a negative time means that they have expired.
func Ends(pattern string, after time.Duration) Edit {
	return On(pattern, func(s *Spec) { s.To = Now.Add(after) })
}

// Begins lets certificates begin so long after Now.
func Begins(pattern string, after time.Duration) Edit {
	return On(pattern, func(s *Spec) { s.From = Now.Add(after) })
}

// IssuedBy lets another CA sign certificates.
func IssuedBy(pattern string, ca *Pair) Edit {
	return On(pattern, func(s *Spec) { s.Issuer = ca })
}

// Names gives certificates other SANs.
func Names(pattern string, dns, ips []string) Edit {
	return On(pattern, func(s *Spec) { s.DNS, s.IPs = dns, ips })
}

// Uses gives certificates other extended usages; none takes the extension away.
func Uses(pattern string, usages ...x509.ExtKeyUsage) Edit {
	return On(pattern, func(s *Spec) { s.Usages = usages })
}

// OtherKey puts a key beside certificates that is not theirs.
func OtherKey(pattern string) Edit {
	return On(pattern, func(s *Spec) { s.ShowKey = NewKey() })
}

// NewCA makes a CA of its own.
func NewCA(cn string) *Pair { return Make(Spec{CN: cn, IsCA: true}) }
