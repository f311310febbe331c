// Package cluster knows what verdicts need of the cluster beside the request: the labels of namespaces, and the LimitRanges and
// Services that rules look at. It keeps copies that the API server tells the changes of, and writes nothing. Whoever asks it is
// answered at once, from the copies, whether the API server can be reached or not.
package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// Options of a Cluster.
type Options struct {
	// Kubeconfig is the file that says how the API server is reached; "" for what a Pod is given.
	Kubeconfig string
	// Agent is the name that the API server's log has for us.
	Agent string
	// Snapshot gives what is in force: copies are kept only of what its rules look at.
	Snapshot func() *snapshot.Snapshot
	// Interval is how often Snapshot is looked at; 1 s where it is 0.
	Interval time.Duration
	// Log is told of trouble with the API server; slog.Default where it is nil.
	Log *slog.Logger
}

// Cluster implements verdict.Namespaces, and Around of verdict.Options. It is safe for concurrent use.
type Cluster struct {
	options    Options
	without    bool    // there is no API server to ask
	namespaces *mirror // nil without
	facts      []*fact
	waited     atomic.Bool // namespaces are no longer waited for
}

// fact is one kind of facts and the copy that it is made of, nil while no rule asks for it.
type fact struct {
	surroundings
	source source
	mirror atomic.Pointer[mirror]
}

// New prepares to read from the API server that the kubeconfig names, or else from the one whose Pod this is. Where there is
// neither, nothing will be known of the cluster, and a line of the log says so. It fails for a kubeconfig that cannot be used, and
// connects to nothing yet.
func New(o Options) (*Cluster, error) {
	o = o.withDefaults()
	config, err := reach(o.Kubeconfig)
	if err != nil && o.Kubeconfig == "" { // nobody said that there is one
		o.Log.Info("there is no API server to ask: the labels, LimitRanges and Services of namespaces are not known", "why", err)
		return &Cluster{options: o, without: true}, nil
	}
	if err != nil {
		return nil, err
	}
	names, objects, err := clients(config, o.Agent)
	if err != nil {
		return nil, err
	}
	return newCluster(names, objects, o), nil
}

func newCluster(names metadata.Interface, objects dynamic.Interface, o Options) *Cluster {
	o = o.withDefaults()
	c := &Cluster{options: o, namespaces: newMirror(namespaceSource(names), o.Log)}
	for _, s := range allSurroundings {
		c.facts = append(c.facts, &fact{surroundings: s, source: s.source(objects)})
	}
	return c
}

func (o Options) withDefaults() Options {
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Run keeps the copies until ctx ends.
func (c *Cluster) Run(ctx context.Context) {
	if c.without {
		return
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { c.namespaces.run(ctx) })
	tick := time.NewTicker(c.options.Interval)
	defer tick.Stop()
	var seen *snapshot.Snapshot
	for {
		if now := c.options.Snapshot(); now != seen {
			seen = now
			c.follow(ctx, verdict.FactsAsked(now), &all)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// follow begins to copy what is asked for and drops what is no longer.
func (c *Cluster) follow(ctx context.Context, asked []string, all *sync.WaitGroup) {
	for _, f := range c.facts {
		wanted := false
		for _, kind := range asked {
			wanted = wanted || kind == f.kind
		}
		m := f.mirror.Load()
		switch {
		case wanted && m == nil:
			m = newMirror(f.source, c.options.Log)
			f.mirror.Store(m)
			all.Go(func() { m.run(ctx) })
		case !wanted && m != nil:
			f.mirror.Store(nil)
			m.stop()
		}
	}
}

// Labels gives the labels of a namespace, which must not be changed; known is false for one that was not heard of yet.
func (c *Cluster) Labels(name string) (labels map[string]string, known bool) {
	if c.without {
		return nil, false
	}
	return labelsIn(c.namespaces, name)
}

// Around gives the LimitRanges and Services of a namespace, and the kinds of facts that are not known yet. Without an API server
// objects are judged as the command judges a file that holds nothing else, and no kind is named.
func (c *Cluster) Around(namespace string) (beside []*lint.Document, unknown []string) {
	for _, f := range c.facts {
		m := f.mirror.Load()
		if m == nil || !m.synced() {
			unknown = append(unknown, f.kind) // where no rule asks for it, that changes nothing
			continue
		}
		beside = documentsIn(m, namespace, beside)
	}
	return beside, unknown
}

// NamespacesReady is a check of readiness: it waits until the namespaces are known for the first time, and not for ever after,
// because what is known stays known when the API server is gone. A replica that needs no labels does not wait: one that cannot
// reach the API server must not be missing for that.
func (c *Cluster) NamespacesReady() (string, error) {
	switch {
	case c.without:
		return "not known, there is no API server to ask", nil
	case c.namespaces.synced():
		c.waited.Store(true)
		return fmt.Sprintf("%d known", c.namespaces.count()), nil
	case !verdict.LabelsAsked(c.options.Snapshot()):
		c.waited.Store(true)
	}
	if c.waited.Load() {
		return "not known yet" + c.namespaces.trouble(), nil
	}
	return "", fmt.Errorf("not known yet%s", c.namespaces.trouble())
}

// FactsReady is a check that always passes and says which kinds of facts are not known, so that rules that look at them are not
// asked.
func (c *Cluster) FactsReady() (string, error) {
	if c.without {
		return "not known, there is no API server to ask", nil
	}
	var said []string
	for _, f := range c.facts {
		switch m := f.mirror.Load(); {
		case m == nil:
			said = append(said, f.kind+": no rule asks")
		case m.synced():
			said = append(said, fmt.Sprintf("%s: %d known", f.kind, m.count()))
		default:
			said = append(said, f.kind+": not known yet, the rules that look at them are not asked"+m.trouble())
		}
	}
	return strings.Join(said, "; "), nil
}
