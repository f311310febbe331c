package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Shard is one of several runs that lint the same paths, each its share of them. The zero value is the only one.
type Shard struct{ Index, Count int }

var shardText = regexp.MustCompile(`^(\d{1,6})/(\d{1,6})$`)

// ParseShard reads I/N, where I is one of 0 to N-1.
func ParseShard(text string) (Shard, error) {
	var s Shard
	if m := shardText.FindStringSubmatch(text); m != nil {
		s.Index, _ = strconv.Atoi(m[1])
		s.Count, _ = strconv.Atoi(m[2])
	}
	if s.Index >= s.Count {
		return Shard{}, fmt.Errorf("%q: expected I/N with I from 0 to N-1, such as 0/4", text)
	}
	return s, nil
}

// takes tells whether a set is the shard's. It goes by the set's name alone, so that a set stays where it is when others come
// and go.
func (s Shard) takes(set string) bool {
	sum := sha256.Sum256([]byte(set))
	return s.Count < 2 || binary.BigEndian.Uint64(sum[:])%uint64(s.Count) == uint64(s.Index) //nolint:gosec // neither is negative
}

// Share is what of an input one shard lints: whole sets, because the files of a set are judged together. What lies in no
// cluster's folder is one set too.
type Share struct {
	shard Shard
	homes homes
	own   map[string]home // of the files that count in homes
}

// Divide finds the sets of an input and gives the share of a shard. All files are read for it, but only those are decoded that
// may be KubeKey's, and none is kept.
func Divide(in Input, shard Shard, decode func(*Source) []*Document) *Share {
	s := &Share{shard: shard, homes: homes{}, own: map[string]home{}}
	look := &look{share: s, decode: decode}
	r := &Reading{Problems: map[*Source]*Problem{}, seen: map[string]bool{}, glance: look.at}
	r.paths(in)
	look.count()
	return s
}

// Holds tells whether a file is of the share, by its name.
func (s *Share) Holds(name string) bool { return s.shard.takes(s.homes.root(name, s.own[name])) }

// Sets puts the share's files together as Sets does with all files of the input.
func (s *Share) Sets(files []*File) []*Set { return s.homes.sets(files) }

// look collects files that may be KubeKey's, and decodes them when there are enough of them to do it in parallel.
type look struct {
	share  *Share
	decode func(*Source) []*Document
	held   Reading
	size   int
}

const lookSize = 4 << 20 // bytes that are held at once

func (l *look) at(s *Source) {
	if !mayBeKubeKeys(s.Data) {
		return
	}
	l.held.Sources = append(l.held.Sources, s)
	if l.size += len(s.Data); l.size > lookSize {
		l.count()
	}
}

func (l *look) count() {
	for _, f := range Open(&l.held, l.decode) {
		if own := (home{}).with(f); own != (home{}) {
			l.share.own[f.Name] = own
			l.share.homes.add(f)
		}
	}
	l.held, l.size = Reading{}, 0
}

// kubeKeys are what stands, in small letters, in every text that is decoded to a KubeKey configuration: its group or, in a file
// without apiVersion, roleGroups in letters of any case; or a notation that could hide them.
var kubeKeys = [][]byte{
	[]byte("kubekey.kubesphere.io"), []byte("rolegroups"),
	[]byte(`\x`), []byte(`\u`), []byte(`\/`), []byte("\\\n"), []byte("\\\r"), []byte("!binary"), []byte(":binary"),
}

func mayBeKubeKeys(text []byte) bool {
	text = bytes.ToLower(text)
	return slices.ContainsFunc(kubeKeys, func(mark []byte) bool { return bytes.Contains(text, mark) })
}
