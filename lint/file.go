package lint

import (
	"runtime"
	"sync"
)

// File is a source with its documents.
type File struct {
	*Source
	Documents []*Document
	Config    *Config
}

// Set is what belongs to one cluster.
type Set struct {
	// Root is the folder, or the KubeKey file, that the set is named for.
	Root  string
	Files []*File
	// Versions are those that all documents of the set agree on.
	Versions Versions
}

// Documents lists the documents of the set in the order of their files.
func (s *Set) Documents() []*Document { return Documents(s.Files) }

// Documents lists the documents of files in their order.
func Documents(files []*File) []*Document {
	var all []*Document
	for _, f := range files {
		all = append(all, f.Documents...)
	}
	return all
}

// largeRun is how many bytes a run reads before it becomes frugal.
const largeRun = 1 << 20

// Open decodes and classifies sources, in parallel. A source that could not be read becomes a file with one unreadable document.
func Open(r *Reading, decode func(*Source) []*Document) []*File {
	size := 0
	for _, s := range r.Sources {
		size += len(s.Data)
	}
	files := make([]*File, len(r.Sources))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for i := range next {
				s := r.Sources[i]
				s.Frugal = size > largeRun
				f := &File{Source: s}
				if p := r.Problems[s]; p != nil {
					f.Documents = []*Document{{Source: s, Problem: p}}
				} else {
					f.Documents = decode(s)
					Classify(f.Documents)
					if s.Frugal {
						f.pack()
					}
				}
				files[i] = f
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	workers.Wait()
	return files
}

// pack lets the values of ordinary workloads go.
func (f *File) pack() {
	for _, d := range f.Documents {
		d.pack()
	}
}
