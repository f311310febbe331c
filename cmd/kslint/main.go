// Command kslint lints KubeKey, ks-installer and KubeSphere configuration.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A short run that makes some 20 MB of garbage: it should be over before the collector begins.
		debug.SetGCPercent(800)
		debug.SetMemoryLimit(256 << 20) // unless what is read needs more by itself, see collect
	}
	os.Exit(run(os.Args[1:], streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv}))
}
