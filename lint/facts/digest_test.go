package facts

import (
	"crypto"
	"crypto/sha256"
)

const cryptoSHA256 = crypto.SHA256

func digest(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
