package document

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kslint/kslint/lint"
)

// manyChunks is how many documents of a large file are worth the start of further goroutines.
const manyChunks = 32

// sideBySide decodes the chunks of a file on all cores. It gives up where they cost more together than the file may: which of
// them is refused then must not depend on who came first.
func (d *decoder) sideBySide(chunks []*chunk) ([]*lint.Document, bool) {
	documents := make([][]*lint.Document, len(chunks))
	var next, spent atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(chunks)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(chunks) && spent.Load() <= int64(d.budget); i = next.Add(1) - 1 {
				own := decoder{source: d.source, budget: d.budget}
				documents[i] = own.stretch(chunks[i], nil)
				spent.Add(int64(d.budget - own.budget))
			}
		})
	}
	workers.Wait()
	if spent.Load() > int64(d.budget) {
		return nil, false
	}
	d.budget -= int(spent.Load())
	return slices.Concat(documents...), true
}
