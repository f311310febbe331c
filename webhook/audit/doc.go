// Package audit re-checks the objects that exist: what was there before the webhook, what a new policy makes of it, and what got past
// the webhook while no replica answered. One leader reads them in pages without a cache, judges each as the webhook would judge its
// creation, and tells by metrics and by one report for each namespace. It writes nothing else but its Leases.
package audit
