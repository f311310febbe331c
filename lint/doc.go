// Package lint holds the nouns of kslint and the steps that belong to no format: a Source is read and decoded into Documents,
// these are classified by what they are and put together in Sets; rules find Findings in them, which users may waive.
// It prints nothing, exits nowhere, and asks neither clock, environment nor network.
package lint
