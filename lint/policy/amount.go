package policy

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// quantityText is what k8s.io/apimachinery pkg/api/resource ParseQuantity accepts, but for text without a digit, with as many
// digits as anybody writes.
var quantityText = regexp.MustCompile(`^([+-]?)([0-9]{0,40})(?:\.([0-9]{0,40}))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,2})?$`)

var (
	decimalSuffixes = map[string]int{"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
	binarySuffixes  = map[string]uint{"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
)

// amount reads a quantity; the number is written without an exponent and without zeros that say nothing.
func amount(text string) (json.Number, bool) {
	if n, ok := plainAmount(text); ok {
		return n, true
	}
	m := quantityText.FindStringSubmatch(text)
	if m == nil || m[2] == "" && m[3] == "" {
		return "", false
	}
	n, _ := new(big.Rat).SetString(m[1] + "0" + m[2] + "." + m[3] + "0")
	if shift, ok := binarySuffixes[m[4]]; ok {
		n.Mul(n, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), shift)))
	} else {
		exponent, ok := decimalSuffixes[m[4]]
		if !ok {
			exponent, _ = strconv.Atoi(m[4][1:])
		}
		power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exponent, -exponent))), nil))
		if exponent < 0 {
			power.Inv(power)
		}
		n.Mul(n, power)
	}
	return decimal(n), true
}

// decimal writes a number whose denominator is a product of twos and fives.
func decimal(n *big.Rat) json.Number {
	if n.IsInt() {
		return json.Number(n.Num().String())
	}
	digits, _ := n.FloatPrec()
	return json.Number(n.FloatString(digits))
}

// plainAmount reads the quantities that nearly everybody writes: few digits, with m, Ki, Mi, Gi or nothing behind.
func plainAmount(text string) (json.Number, bool) {
	digits := 0
	for digits < len(text) && '0' <= text[digits] && text[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > 9 {
		return "", false
	}
	n, err := strconv.Atoi(text[:digits])
	if err != nil {
		return "", false
	}
	switch suffix := text[digits:]; suffix {
	case "":
		return json.Number(strconv.Itoa(n)), true
	case "m":
		return thousandths(n), true
	case "Ki", "Mi", "Gi":
		return json.Number(strconv.Itoa(n << binarySuffixes[suffix])), true
	}
	return "", false
}

func thousandths(n int) json.Number {
	whole, rest := strconv.Itoa(n/1000), n%1000
	if rest == 0 {
		return json.Number(whole)
	}
	return json.Number(whole + "." + strings.TrimRight(strconv.Itoa(1000 + rest)[1:], "0"))
}

// amountTerm is nil for what is no quantity.
func amountTerm(x *ast.Term) *ast.Term {
	switch v := x.Value.(type) {
	case ast.Number:
		return x
	case ast.String:
		if n, ok := amount(string(v)); ok {
			return ast.NumberTerm(n)
		}
	}
	return nil
}
