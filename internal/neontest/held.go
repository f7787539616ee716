// Package neontest is for tests that do something at Neon behind the provider's back.
package neontest

import (
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Held looks at a project, whoever owns it, so that something can be written to it.
func Held(tb testing.TB, client *neon.Client, projectID string) *neon.Owned {
	tb.Helper()
	held, err := client.Look(tb.Context(), projectID, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return held
}
