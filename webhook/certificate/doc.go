// Package certificate gives the webhook certificates of its own: a CA in a Secret, a leaf in the memory of each replica, and the
// caBundle by which the API server trusts them. It rotates the CA without a handshake that fails.
//
// Three rules carry that. What a replica serves, it has claimed before in a Lease of its own, and after claiming it has seen that
// the CA still signs. A CA signs only after the API servers have been shown it for a while. And a CA that a replica claims stays
// in the caBundle until that claim is gone or has run out: whether the replica answers is not asked, because one that has lost
// the API server may still be called by it.
package certificate
