// Package policies embeds the rules, their libraries and their tables.
package policies

import "embed"

// Files holds the rules with their examples, the libraries and the tables, and the images that
// are compiled of them: make generate writes these.
//
//go:embed lib/*/*.rego tables/*.yaml rules/*/*/rule.rego rules/*/*/example.txtar compiled/*.bin
var Files embed.FS
