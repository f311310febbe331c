package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

// chooseShard reads --shard. Files that are named one by one are refused: what they are judged with depends on what else is named.
func (o *options) chooseShard(text string) (err error) {
	if text == "" {
		return nil
	}
	if o.shard, err = lint.ParseShard(text); err != nil {
		return fmt.Errorf("--shard %w", err)
	}
	for _, name := range o.input.Paths {
		full := name
		if !filepath.IsAbs(name) {
			full = filepath.Join(o.input.Dir, name)
		}
		if info, err := os.Stat(full); name == "-" || err == nil && !info.IsDir() {
			return fmt.Errorf("--shard divides directories: expected directories, found %q", name)
		}
	}
	return nil
}

// divide leaves the share of the shard of the input.
func (o *options) divide() {
	if o.shard != (lint.Shard{}) {
		o.share = lint.Divide(o.input, o.shard, document.Decode)
		o.input.Own = o.share.Holds
	}
}

// sets puts files together, whatever shard they are of.
func (o *options) sets(files []*lint.File) []*lint.Set {
	if o.share != nil {
		return o.share.Sets(files)
	}
	return lint.Sets(files)
}
