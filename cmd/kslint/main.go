// Command kslint lints KubeKey, ks-installer and KubeSphere configuration.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A short run that makes much garbage: measured, the collector is half of the time otherwise.
		debug.SetGCPercent(400)
	}
	os.Exit(run(os.Args[1:], streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv}))
}
