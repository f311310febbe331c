package lint

// Range is a place in a Source: lines and columns from 1, columns in characters, the end behind the last character.
// The zero Range means that there is no text.
type Range struct{ Line, Column, EndLine, EndColumn int }

// Locator finds where the value of a path stands, or the key of its nearest parent that exists.
type Locator interface{ Locate(Path) Range }
