package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestNewOrganizationsModel(t *testing.T) {
	t.Parallel()
	m := newOrganizationsModel([]neon.Organization{{ID: labs, Name: "Labs"}, {ID: acme, Name: "Acme"}})
	for i, want := range []neon.Organization{{ID: acme, Name: "Acme"}, {ID: labs, Name: "Labs"}} {
		if m.IDs[i] != types.StringValue(want.ID) || m.Organizations[i].ID != m.IDs[i] || m.Organizations[i].Name != types.StringValue(want.Name) {
			t.Errorf("number %d is %v (%v), want %s", i, m.IDs[i], m.Organizations[i].Name, want.Name)
		}
	}
	if m := newOrganizationsModel(nil); m.IDs == nil || m.Organizations == nil {
		t.Error("no organizations give null lists, want empty ones")
	}
}

const allOrganizations = `
data "neon_organizations" "mine" {}
output "ids" { value = data.neon_organizations.mine.ids }
output "plans" { value = { for o in data.neon_organizations.mine.organizations : o.id => "${o.name}, ${o.plan}" } }
`

func TestAccOrganizationsData(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Organizations[0], seed.Organizations[1] = seed.Organizations[1], seed.Organizations[0]
		o.Seed = &seed
	})
	personal, organization := w.config(partnerAdmin, "", allOrganizations), w.config(partnerOrgKey, "", allOrganizations)
	w.run(
		resource.TestStep{
			Config: personal,
			ConfigStateChecks: []statecheck.StateCheck{
				wantOutput("ids", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(acme), knownvalue.StringExact(labs)})),
				wantOutput("plans", knownvalue.MapExact(map[string]knownvalue.Check{
					acme: knownvalue.StringExact("Partner Acme, scale"), labs: knownvalue.StringExact("Partner Labs, scale"),
				})),
			},
		},
		resource.TestStep{Config: personal, ConfigPlanChecks: unchanged()},
		resource.TestStep{
			Config: organization,
			ConfigStateChecks: []statecheck.StateCheck{
				wantOutput("ids", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(acme)})),
			},
		},
		resource.TestStep{Config: w.config("napi_wrong", "", allOrganizations), ExpectError: diagnostic(`Organizations not read.*does not accept the API key`)},
	)
}

func TestOrganizationsDataRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, diags := w.readData(&organizationsDataSource{}, partnerAdmin, acme, nil); diags.HasError() {
		t.Fatal(diags)
	}
	w.wantExactRequests(map[string]int{"GET /users/me/organizations": 1})
	_, diags := w.readData(&organizationsDataSource{}, "napi_wrong", acme, nil)
	wantOneError(t, diags, "", "Organizations not read", "Status 401")
}
