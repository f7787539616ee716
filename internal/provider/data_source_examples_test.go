package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

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
		"neon_account_consumption": wantOutput("compute_hours", knownvalue.MapExact(map[string]knownvalue.Check{
			"2026-01": knownvalue.NotNull(), "2026-02": knownvalue.NotNull(),
		})),
		"neon_billing_period_consumption": wantOutput("cpu_hours", knownvalue.MapExact(map[string]knownvalue.Check{
			"shop": knownvalue.NotNull(), "river": knownvalue.Int64Exact(0),
		})),
		"neon_branch_consumption":  wantOutput("compute_hours", knownvalue.MapSizeExact(1)),
		"neon_project_consumption": wantOutput("compute_hours", knownvalue.MapPartial(map[string]knownvalue.Check{exampleProject: knownvalue.NotNull()})),
		"neon_connection_uri":      wantOutput("database_host", knownvalue.StringRegexp(regexp.MustCompile(`^ep-.*-pooler\.`))),
		"neon_current_user":        wantOutput("runs_as", knownvalue.StringExact("admin@partner.test")),
		"neon_org_invitations":     wantOutput("waiting_for_a_month", exactly("ben@example.com")),
		"neon_org_members":         wantOutput("without_mfa", exactly("admin@partner.test")),
		"neon_organization":        wantOutput("customer_is_supported", knownvalue.Bool(true)),
		"neon_organizations":       wantOutput("acme_id", knownvalue.StringExact(exampleOrg)),
		"neon_project":             expectString("neon_project.reports", "region_id", "aws-eu-central-1"),
		"neon_project_permissions": wantOutput("guests_from_elsewhere", exactly("bob@agency.example")),
		"neon_projects":            wantOutput("old_postgres", exactly("shop")),
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
					Invitations: []*emulator.Invitation{{Email: "ann@example.com", InvitedAt: time.Now()}, {Email: "ben@example.com", InvitedAt: time.Now().AddDate(0, -2, 0)}},
				})
				seed.Projects = []emulator.Project{
					{ID: exampleProject, Name: "shop", OrgID: exampleOrg, RegionID: "aws-eu-central-1", PgVersion: 15, CreatedAt: ides.AddDate(0, -2, 0), Permissions: []*emulator.Permission{
						{Email: "Ann@Example.com"}, {Email: "bob@agency.example"},
					}},
					{ID: "calm-river-12345678", Name: "river", OrgID: exampleOrg, CreatedAt: ides},
				}
				o.Seed, o.Clock = &seed, func() time.Time { return ides }
			})
			config := w.config(partnerAdmin, exampleOrg, string(example))
			w.run(
				resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{check}},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}
