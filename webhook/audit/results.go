package audit

import (
	"slices"

	"github.com/kslint/kslint/webhook/verdict"
)

// maxKept is how many results are held of a whole pass; beyond it they are counted only. It is some 30 MB.
const maxKept = 50_000

// results is what a pass has found, or a part of it.
type results struct {
	reports  map[string]*bucket // by namespace, "" for what is in none
	findings map[series]int     // that no exemption accepts
	objects  int
	slipped  int // objects
	// kept is how many results are held, most how many may be.
	kept, most int
}

// series is one of the gauge of findings.
type series struct{ rule, severity string }

// bucket is what goes into one report.
type bucket struct {
	summary summary
	kept    []reportResult
}

func newResults(most int) *results {
	return &results{reports: map[string]*bucket{}, findings: map[series]int{}, most: most}
}

func (r *results) bucket(namespace string) *bucket {
	b := r.reports[namespace]
	if b == nil {
		b = &bucket{}
		r.reports[namespace] = b
	}
	return b
}

// add takes what is to be said about an object; slipped names the marks of what the webhook should have denied.
func (r *results) add(o *object, said []verdict.Standing, slipped map[string]bool) {
	r.objects++
	if len(slipped) > 0 {
		r.slipped++
	}
	r.tell(o, said, slipped)
}

// tell is add for an object that was counted before.
func (r *results) tell(o *object, said []verdict.Standing, slipped map[string]bool) {
	for i := range said {
		s := &said[i]
		one := resultOf(o, s, slipped[s.Mark])
		if s.Exempt == "" && !s.Failed {
			r.findings[series{one.Policy, s.Severity.String()}]++
		}
		r.put(o.Namespace, one)
	}
}

func (r *results) put(namespace string, one reportResult) {
	b := r.bucket(namespace)
	b.summary.add(one.counts())
	if r.kept >= r.most {
		return
	}
	b.kept = append(b.kept, one)
	r.kept++
	if len(b.kept) >= 2*maxResults {
		r.kept -= b.trim(maxResults)
	}
}

// trim keeps the gravest, and gives how many it dropped.
func (b *bucket) trim(most int) int {
	b.sort()
	dropped := max(0, len(b.kept)-most)
	clear(b.kept[len(b.kept)-dropped:])
	b.kept = b.kept[:len(b.kept)-dropped]
	return dropped
}

func (b *bucket) sort() {
	slices.SortFunc(b.kept, func(x, y reportResult) int { return compare(&x, &y) })
}

// merge takes over the other's, which stays what it is.
func (r *results) merge(other *results) {
	r.objects += other.objects
	r.slipped += other.slipped
	for s, n := range other.findings {
		r.findings[s] += n
	}
	for _, namespace := range sortedKeys(other.reports) {
		from, b := other.reports[namespace], r.bucket(namespace)
		b.summary.add(from.summary)
		from.sort()
		room := min(len(from.kept), max(0, r.most-r.kept))
		b.kept = append(b.kept, from.kept[:room]...)
		if r.kept += room; len(b.kept) > maxResults {
			r.kept -= b.trim(maxResults)
		}
	}
}

// content is the report of a namespace. What it has no room for is counted in its summary and in a note.
func (r *results) content(namespace string) reportContent {
	b := r.reports[namespace]
	b.trim(maxResults)
	c := reportContent{Source: source, Summary: b.summary}
	size := 0
	for i := range b.kept {
		if size += b.kept[i].size(); size > maxResultBytes {
			break
		}
		c.Results = append(c.Results, b.kept[i])
	}
	if left := b.summary.all() - len(c.Results); left > 0 {
		if len(c.Results) == maxResults {
			c.Results, left = c.Results[:maxResults-1], left+1
		}
		c.Results = append(c.Results, leftOut(left))
	}
	return c
}
