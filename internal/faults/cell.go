package faults

import (
	"fmt"
	"hash/fnv"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
	"github.com/neon-orgs/terraform-provider-neon/internal/provider"
)

// Cell is one request of a scenario, and the fault that it meets.
type Cell struct {
	Scenario Scenario
	Place    Place
	Fault    Fault
}

func (c Cell) String() string {
	return fmt.Sprintf("%s/%s number %d/%s", c.Scenario.Name, c.Place.Route, c.Place.Nth+1, c.Fault.Name)
}

// IsLie reports whether nobody could see that something is wrong.
func (c Cell) IsLie() bool { return slices.Contains(c.Fault.Lies, c.Place.Route) }

// IsChosen picks about one of so many cells, without regard to what they are and
// always the same ones.
func (c Cell) IsChosen(every uint32) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(c.String()))
	return hash.Sum32()%every == 0
}

// Schemas are the provider's. They have to be had before a bubble begins.
func Schemas(tb testing.TB) *tfprotov6.GetProviderSchemaResponse {
	tb.Helper()
	_, _ = contract.Shared() // loads the document outside of the bubbles that use it
	schemas, err := minicli.Schemas(tb.Context(), provider.NewServer("test", provider.Options{})())
	if err != nil {
		tb.Fatal(err)
	}
	return schemas
}
