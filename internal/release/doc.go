// Package release tests the workflows that make a release, and the archives that
// one is made of. There is no code in it: `make release-snapshot` builds the
// archives, and `make release-test` runs their tests.
package release
