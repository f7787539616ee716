// Package release tests the archives that a release is made of. There is no code
// in it: `make release-snapshot` builds them, and `make release-test` runs its tests.
package release
