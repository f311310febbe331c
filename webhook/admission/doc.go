// Package admission is the HTTP side of the webhook: it reads AdmissionReviews, hands each as a Request to a Reviewer and answers.
//
// It is our own handler because an answer without the uid of its request is no answer: the API server then applies its
// failurePolicy, so that under Ignore whatever is too large, too slow or too much to be looked at gets in unseen. Here every
// review whose first 16 KiB hold a uid gets a well-formed answer, whatever happens to the rest of it. What the package holds:
//
//   - bodies up to 20 MiB, which is more than the API server can make of an object that etcd takes;
//   - two lanes, so that a few large reviews neither fill the memory nor stand in the way of the small ones;
//   - a queue that waits a quarter of a second at most, then the answer that the entry has for an overload;
//   - a deadline below the API server's own, and answers for what is late, panics or cannot be read;
//   - limits of what is answered, since the API server cuts warnings and nobody reads a denial of 200 kB.
//
// It reads and writes nothing but its connection, and no body of an object ever gets to a log.
package admission
