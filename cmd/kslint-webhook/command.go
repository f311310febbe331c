package main

import "io"

// commands are what the first argument may name; without one of them the webhook serves. Each gives the exit status.
var commands = map[string]func(args []string, out, errs io.Writer) int{
	"audit":         runAudit,
	"version":       tellVersion,
	"configuration": runConfiguration,
	"doctor":        runDoctor,
	"emergency-off": runEmergencyOff,
	"uninstall":     runUninstall,
	"verdict":       runVerdict,
}
