#!/usr/bin/env bash
# Writes what packages hold beside the binary, completions and man pages, to a folder: assets.sh DIR
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: assets.sh DIR" >&2; exit 2; }
rm -rf "$1"
mkdir -p "$1/completions" "$1/man"
go build -trimpath -o "$1/kslint" ./cmd/kslint
for shell in bash zsh fish powershell; do
	"$1/kslint" completion "$shell" > "$1/completions/kslint.$shell"
done
rm "$1/kslint"
go run ./deploy/release/man -o "$1/man"
gzip -n -9 "$1"/man/*.1
