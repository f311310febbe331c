package audit

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/kslint/kslint/webhook/verdict"
)

// harvest is what a pass has found of one kind.
type harvest struct {
	found        *results
	certificates *certificates
	born         map[string]bool // UIDs of what bears others
	denied       *denied
	compared     compared
}

// part is the look of a pass at one kind.
type part struct {
	*pass
	*harvest
	kind     *kind
	resource servedResource
	judged   bool
}

func (p *pass) newPart(k *kind, r servedResource) *part {
	return &part{
		pass: p, kind: k, resource: r, judged: k.judged(p.wanted),
		harvest: &harvest{newResults(maxKept - p.found.kept), newCertificates(), map[string]bool{}, newDenied(p.began), compared{}},
	}
}

// addNamed reads the objects that are known by their names. One that is not there is no error.
func (t *part) addNamed(ctx context.Context) error {
	for _, name := range t.kind.objects {
		text, err := t.api.get(ctx, inNamespace(t.kind.group, t.resource, t.kind.resource, name[0])+"/"+name[1])
		if err != nil {
			return err
		}
		if text == nil {
			continue
		}
		if err := t.add(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// add takes one object.
func (t *part) add(ctx context.Context, item json.RawMessage) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o, err := readObject(item, t.kind.group, t.kind.resource, t.resource)
	if err != nil {
		t.metrics.failed("object")
		return nil //nolint:nilerr // one odd object is no reason to leave the others out
	}
	if t.kind.bears {
		t.harvest.born[o.uid] = true
	}
	if t.kind.certificates && t.options.Certificates {
		t.harvest.certificates.add(o.Object, t.began)
	}
	if t.madeOfATemplate(o) {
		return nil
	}
	t.harvest.compared.hold(t.kind, o, t.named, maxCompared-t.pass.compared.bytes)
	if !t.judged {
		return nil
	}
	said := t.putAside(o, t.inspect(ctx, o, t.began))
	slipped := t.enforced.slipped(ctx, t, o, said)
	t.harvest.found.add(o, said, slipped)
	return nil
}

// madeOfATemplate tells whether a controller has made the object of a template that is judged itself: the owner has to be there, by
// its UID, for anybody may write an ownerReference. What was made since the pass began may have an owner that is as new.
func (t *part) madeOfATemplate(o *object) bool {
	if o.owner == "" {
		return false
	}
	if t.pass.born[o.owner] {
		return true
	}
	return bearers[o.ownerKind] && !o.created.Before(t.began.Add(-time.Minute))
}

// bearers are the kinds, in the words of an ownerReference, that make others.
var bearers = map[string]bool{
	"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "ReplicationController": true, "CronJob": true, "Job": true,
}

// inspect judges an object as if it were created at an instant.
func (p *pass) inspect(ctx context.Context, o *object, at time.Time) []verdict.Standing {
	ctx, cancel := context.WithTimeout(ctx, maxJudge)
	defer cancel()
	return p.reviewer.Inspect(ctx, &o.Request, at)
}

// key is another one for each row of the table.
func (k *kind) key() string {
	names := make([]string, 0, len(k.objects))
	for _, name := range k.objects {
		names = append(names, name[1])
	}
	return k.name() + " " + strings.Join(names, ",")
}

// memory is what the last pass has found, under one digest.
type memory struct {
	digest  string
	kinds   map[*kind]*harvest
	tries   map[*kind]int            // that failed one after the other
	secrets map[string]*certificates // by the selector of the list
}

// under drops what was found under another digest.
func (m *memory) under(digest string) {
	if m.digest != digest || m.kinds == nil {
		*m = memory{digest: digest, kinds: map[*kind]*harvest{}, tries: map[*kind]int{}, secrets: map[string]*certificates{}}
	}
}

func (m *memory) keep(k *kind, h *harvest) {
	m.kinds[k] = h
	m.tries[k] = 0
}

func (m *memory) forget(k *kind) {
	delete(m.kinds, k)
	m.tries[k] = 0
}

// fallBack gives what was found before, nil where nothing is known, and how often that was needed.
func (m *memory) fallBack(k *kind) (*harvest, int) {
	m.tries[k]++
	return m.kinds[k], m.tries[k]
}
