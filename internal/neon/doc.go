// Package neon is a client for the Neon control plane API (/api/v2).
//
// It knows nothing of Terraform. What it adds to plain HTTP is care: a request
// is repeated only when repeating it cannot do the work twice, a change whose
// answer was lost is reported as such (see OutcomeUnknownError), and requests
// are spread over the budgets Neon documents, so that a large plan meets no 429.
//
// The wire types follow the official OpenAPI document. Fields that a caller may
// leave out of a change are pointers, because zero and empty are values that
// Neon gives a meaning of their own (a quota of 0 is "unlimited").
package neon
