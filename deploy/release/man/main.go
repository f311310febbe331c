// Command man writes the manual pages of kslint to a folder, for packages: go run ./deploy/release/man -o DIR, in the
// repository's root. A test makes them, so that kslint does not carry what they are made with.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	dir := flag.String("o", "", "`folder` to write to; it is made where it is missing")
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./deploy/release/man -o DIR")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := write(ctx, *dir)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "man: %s\n", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // packages are made of it
		return err
	}
	command := exec.CommandContext(ctx, "go", "test", "./cmd/kslint", "-count=1", "-run", "^TestManPages$", "-args", "-man", dir) //nolint:gosec // the folder is one argument
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	command.Env = os.Environ()
	if os.Getenv("SOURCE_DATE_EPOCH") == "" {
		if day := committed(ctx); day != "" {
			command.Env = append(command.Env, "SOURCE_DATE_EPOCH="+day)
		}
	}
	return command.Run()
}

// committed is when the last commit was made, in seconds: pages of the same commit are the same. It is "" outside of a clone.
func committed(ctx context.Context) string {
	text, err := exec.CommandContext(ctx, "git", "log", "-1", "--format=%ct").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
