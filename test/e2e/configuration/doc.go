// Package configuration holds what the API server makes of the ValidatingWebhookConfiguration, with the API server's own code and
// without a running one: rules, selectors and matchConditions.
package configuration
