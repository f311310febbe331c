package policy

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
)

// TestAmount_isKubernetes holds amounts against apimachinery's, for all sorts of texts.
func TestAmount_isKubernetes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	pieces := []string{"0", "1", "9", "25", "00", "1024", ".", "", "", "-", "+", "e", "E", "3", "m", "n", "k", "M", "Gi", "Ki", "Ei", "K", " ", "i"}
	accepted := 0
	for range 200_000 {
		text := ""
		for range 1 + random.IntN(5) {
			text += pieces[random.IntN(len(pieces))]
		}
		n, ok := amount(text)
		q, err := resource.ParseQuantity(text)
		if !ok {
			if err == nil && hasDigit(text) && len(text) < 10 && !bigExponent(text) {
				t.Errorf("%q is refused, and is a quantity", text)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%q is taken for %s: %v", text, n, err)
		}
		got, _ := new(big.Rat).SetString(n.String())
		if got.Cmp(largest) > 0 || got.Cmp(new(big.Rat).Neg(largest)) < 0 {
			continue // apimachinery cuts these
		}
		want, _ := new(big.Rat).SetString(q.AsDec().String())
		// ParseQuantity rounds up to the next nano.
		if difference := new(big.Rat).Sub(want, got); difference.Abs(difference).Cmp(big.NewRat(1, 1_000_000_000)) >= 0 {
			t.Fatalf("%q: got %s, want %s", text, n, q.AsDec())
		}
		accepted++
	}
	if accepted < 10_000 {
		t.Errorf("only %d texts were quantities", accepted)
	}
}

var largest = big.NewRat(1<<62, 1)

// hasDigit tells whether a digit stands in front of the suffix: apimachinery takes text without any for 0, which nobody means.
func hasDigit(text string) bool {
	for _, c := range text {
		if c == 'e' || c == 'E' {
			return false // what stands behind is an exponent
		}
		if '0' <= c && c <= '9' {
			return true
		}
	}
	return false
}

// bigExponent holds for exponents of more than two digits, which no machine needs.
func bigExponent(text string) bool {
	for i, c := range text {
		if c == 'e' || c == 'E' {
			return len(text)-i > 3
		}
	}
	return false
}

func BenchmarkAmount(b *testing.B) {
	for b.Loop() {
		if _, ok := amount("1536Mi"); !ok {
			b.Fatal("refused")
		}
	}
}
