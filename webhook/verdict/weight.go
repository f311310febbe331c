package verdict

import (
	"bytes"

	"github.com/kslint/kslint/lint"
)

// What is judged of one object, with what stands in its strings. Whatever rules do is done for each container and each document, and
// the API server takes objects with 100,000 of them: these took 800 MB, and seconds after the deadline was over. Nobody's workload
// comes near.
const (
	maxContainers = 1000
	maxDocuments  = 1000
)

// manyDocuments tells of a text, before it is decoded, whether its strings hold too many documents, by the lines between them, as the
// API server writes them. Those in base64 are seen by tooMuch.
func manyDocuments(raw []byte) bool {
	const line = `\n---`
	return len(raw) > maxDocuments*len(line) && bytes.Count(raw, []byte(line))-bytes.Count(raw, []byte(line+"-")) > maxDocuments
}

// tooMuch tells whether there is more than that.
func tooMuch(documents []*lint.Document) bool {
	if len(documents) > maxDocuments {
		return true
	}
	pod := lint.Field(documents[0].Value, lint.PodPath(documents[0].Object)...)
	n := 0
	for _, field := range []string{"containers", "initContainers", "ephemeralContainers"} {
		if list, ok := lint.Field(pod, field).(interface{ Len() int }); ok {
			n += list.Len()
		}
	}
	return n > maxContainers
}
