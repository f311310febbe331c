package cluster

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
)

// source is a resource of the API server, in all namespaces.
type source struct {
	name    string // of the resource
	example runtime.Object
	client  any
	list    func(context.Context, metav1.ListOptions) (runtime.Object, error)
	watch   func(context.Context, metav1.ListOptions) (watch.Interface, error)
	// keep makes what is kept of an object; it may be called with what it made before.
	keep cache.TransformFunc
}

// mirror is a copy of all objects of a source.
type mirror struct {
	source
	informer cache.SharedIndexInformer
	log      *slog.Logger
	ended    chan struct{}
	last     atomic.Pointer[string] // trouble
}

func newMirror(s source, log *slog.Logger) *mirror {
	m := &mirror{source: s, log: log, ended: make(chan struct{})}
	lw := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{ListWithContextFunc: s.list, WatchFuncWithContext: s.watch}, s.client)
	m.informer = cache.NewSharedIndexInformerWithOptions(lw, s.example, cache.SharedIndexInformerOptions{
		Indexers: cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc},
	})
	// They fail only once the informer runs.
	_ = m.informer.SetTransform(s.keep)
	_ = m.informer.SetWatchErrorHandlerWithContext(func(ctx context.Context, _ *cache.Reflector, err error) {
		if ctx.Err() == nil {
			m.failed(err)
		}
	})
	return m
}

// run keeps the copy until ctx ends or stop is called. What the API server does not answer is asked for again, less and less often,
// twice a minute at last.
func (m *mirror) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-m.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	m.informer.RunWithContext(ctx)
}

// stop ends run. It must be called once at most.
func (m *mirror) stop() { close(m.ended) }

// failed is told of every watch that ends. Most do so as they should: after some minutes, or with the API server.
func (m *mirror) failed(err error) {
	if errors.Is(err, io.EOF) || apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		return
	}
	text := err.Error()
	m.last.Store(&text)
	m.log.Warn("the API server does not tell, what is known stays", "resource", m.name, "synced", m.synced(), "error", text)
}

// trouble is why nothing is known yet, as the end of a sentence.
func (m *mirror) trouble() string {
	if text := m.last.Load(); text != nil {
		return ": " + *text
	}
	return ""
}

// synced tells whether everything was known once; that does not change when the API server is gone.
func (m *mirror) synced() bool { return m.informer.HasSynced() }

func (m *mirror) count() int { return len(m.informer.GetIndexer().ListKeys()) }
