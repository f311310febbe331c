package serve

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// watched is what is made of the content of some files, made anew when the content changes. Contents are compared, not times
// or inodes: mounts of Kubernetes replace a symbolic link above the files, and not every file system tells about that.
type watched[T any] struct {
	what  string
	files []string
	parse func(content [][]byte, old *T) (*T, error)
	log   *slog.Logger

	current atomic.Pointer[T]
	mu      sync.Mutex
	tried   [sha256.Size]byte
	problem error
}

// load reads the files. What is unreadable or wrong leaves the old value in use; it is logged once for each content, and kept
// as the problem until there is a content that is right.
func (w *watched[T]) load() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	content, err := w.read()
	sum := digest(content)
	if err == nil && sum == w.tried {
		return w.problem
	}
	var value *T
	if err == nil {
		value, err = w.parse(content, w.current.Load())
	}
	if err != nil && (w.problem == nil || err.Error() != w.problem.Error()) {
		w.log.Error(w.what+" not loaded", "files", w.files, "error", err, "kept", w.current.Load() != nil)
	}
	w.tried, w.problem = sum, err
	if err == nil {
		w.current.Store(value)
		w.log.Info(w.what+" loaded", "files", w.files)
	}
	return err
}

// read reads the files until two readings agree, so that a swap between the first file and the last is no mixture of both.
func (w *watched[T]) read() ([][]byte, error) {
	var before [][]byte
	for range 5 {
		now := make([][]byte, len(w.files))
		for i, name := range w.files {
			var err error
			if now[i], err = os.ReadFile(name); err != nil {
				return nil, err
			}
		}
		if before != nil && slices.EqualFunc(before, now, slices.Equal) {
			return now, nil
		}
		before = now
	}
	return nil, errors.New("the files keep changing")
}

// state gives the problem of the newest content; nil when it is in use.
func (w *watched[T]) state() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.problem
}

// watch loads the files again and again until ctx ends.
func (w *watched[T]) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = w.load() // it has logged it
		}
	}
}

func digest(content [][]byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, c := range content {
		part := sha256.Sum256(c)
		h.Write(part[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}
