// Package configuration builds the ValidatingWebhookConfiguration: what the API server sends to the webhook, and what becomes of
// a request that no replica answers. Under enforce it fails closed only where that cannot hurt: with every replica dead,
// workloads heal and scale, nodes join, leases are renewed; what waits is changes by people and pipelines, and of KubeSphere's
// configuration.
//
// No object is sent that no rule looks at, and none by two entries.
package configuration
