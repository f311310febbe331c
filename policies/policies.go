// Package policies embeds the rules, their libraries and their tables.
package policies

import "embed"

// Files holds main.rego, the rules with their examples, the libraries and the tables.
//
//go:embed main.rego lib/*/*.rego tables/*.yaml rules/*/*/rule.rego rules/*/*/example.txtar
var Files embed.FS
