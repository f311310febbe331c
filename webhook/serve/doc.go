// Package serve is the process around the handler: a TLS server whose certificate may change under it, that leaves without
// losing a request, and that says whether it is ready, alive and how it fares.
//
// The API server keeps its connections and goes on using them after a replica has turned NotReady. A replica that is leaving,
// or whose certificate is about to expire, therefore has to end them itself: it answers each request with Connection: close.
package serve
