package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// The documentation's examples are applied as they stand, in a world that has the
// organization and the project that they name.
func TestAccDataSourceExamples(t *testing.T) {
	t.Parallel()
	const exampleOrg, exampleProject = "org-cool-breeze-12345678", "cool-breeze-12345678"
	outputs := map[string]statecheck.StateCheck{
		"neon_organization":  wantOutput("customer_is_supported", knownvalue.Bool(true)),
		"neon_organizations": wantOutput("acme_id", knownvalue.StringExact(exampleOrg)),
		"neon_project":       expectString("neon_project.reports", "region_id", "aws-eu-central-1"),
		"neon_projects":      wantOutput("old_postgres", exactly("shop")),
	}
	for name, check := range outputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example, err := os.ReadFile(filepath.Join("..", "..", "examples", "data-sources", name, "data-source.tf"))
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, func(o *emulator.Options) {
				seed := emulator.DefaultSeed()
				seed.Organizations = append(seed.Organizations, emulator.Organization{
					ID: exampleOrg, Name: "Acme", Plan: "launch", Members: []*emulator.Member{{Email: "admin@partner.test", Role: "admin"}},
				})
				seed.Projects = []emulator.Project{{ID: exampleProject, Name: "shop", OrgID: exampleOrg, RegionID: "aws-eu-central-1", PgVersion: 15}}
				o.Seed = &seed
			})
			config := w.config(partnerAdmin, exampleOrg, string(example))
			w.run(
				resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{check}},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}
