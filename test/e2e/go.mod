// Module e2e runs kslint-webhook behind a real API server. It is a module of its own so that none of it counts as a dependency
// of the product, and it imports nothing of the product: it knows the webhook by its flags, as a cluster does.
module github.com/kslint/kslint/test/e2e

go 1.26.0

require golang.org/x/sys v0.50.0
