// Package faults holds what can go wrong between the provider and Neon, and
// everything that a resource does while it goes wrong. It is for tests.
//
// A [Scenario] is one thing that somebody does: create a project, say. A [Fault]
// is one thing that goes wrong at one request. The matrix is each request of each
// scenario with each fault. To add a resource, add its scenarios, and a [Kind]
// that says what of it exists at Neon.
package faults
