package lint

import "github.com/agnivade/levenshtein"

// Nearest gives the known word that a mistyped one probably meant, or "" when none is near.
func Nearest(word string, known []string) string {
	best, least := "", len([]rune(word))/3+2
	for _, k := range known {
		if d := levenshtein.ComputeDistance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}
