package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const myOrganization = "data.neon_organization.mine"

func TestNewOrganizationModel(t *testing.T) {
	t.Parallel()
	created, updated := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2025, 4, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	api := neon.Organization{
		ID: acme, Name: "Acme", Handle: "acme-" + acme, Plan: "scale", ManagedBy: "console", CreatedAt: created, UpdatedAt: updated,
	}
	want := organizationModel{
		ID: types.StringValue(acme), Name: types.StringValue("Acme"), Handle: types.StringValue("acme-" + acme),
		Plan: types.StringValue("scale"), ManagedBy: types.StringValue("console"),
		CreatedAt: timetypes.NewRFC3339ValueMust("2025-03-01T12:00:00Z"), UpdatedAt: timetypes.NewRFC3339ValueMust("2025-04-01T11:00:00Z"),
		RequireMFA: types.BoolNull(), AllowHipaaProjects: types.BoolNull(),
	}
	if diff := cmp.Diff(want, newOrganizationModel(api)); diff != "" {
		t.Errorf("what Neon leaves out (-want +got):\n%s", diff)
	}
	api.RequireMFA, api.AllowHipaaProjects = new(true), new(false)
	want.RequireMFA, want.AllowHipaaProjects = types.BoolValue(true), types.BoolValue(false)
	if diff := cmp.Diff(want, newOrganizationModel(api)); diff != "" {
		t.Errorf("all that Neon tells (-want +got):\n%s", diff)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	var organizations []neon.Organization
	for i := 21; i > 0; i-- {
		organizations = append(organizations, neon.Organization{ID: fmt.Sprintf("org-some-words-%02d", i), Name: fmt.Sprintf("No. %d", i)})
	}
	lines := strings.Split(choices(organizations), "\n")
	if len(lines) != 21 || lines[0] != "  - org-some-words-01 (No. 1)" || lines[20] != "  and 1 more, which the data source neon_organizations lists" {
		t.Errorf("choices are:\n%s", strings.Join(lines, "\n"))
	}
	if got, want := choices(organizations[20:]), "  - org-some-words-01 (No. 1)"; got != want {
		t.Errorf("one choice is %q, want %q", got, want)
	}
}

func TestAccOrganizationData(t *testing.T) {
	t.Parallel()
	const whichever = `data "neon_organization" "mine" {}`
	for name, c := range map[string]struct{ key, orgID, body, want string }{
		"by its own id":                  {partnerAdmin, acme, `data "neon_organization" "mine" { id = "` + labs + `" }`, labs},
		"by the provider's org_id":       {partnerAdmin, acme, whichever, acme},
		"the only one of a person":       {customerOwner, "", whichever, bloom},
		"the one of an organization key": {partnerOrgKey, "", whichever, acme},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.config(c.key, c.orgID, c.body)
			w.run(
				resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{expectString(myOrganization, "id", c.want)}},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}

func TestAccOrganizationDataAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Organizations[0].Handle = "acme-" + acme
		seed.Organizations[0].RequireMFA = new(true)
		seed.Organizations[0].CreatedAt = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
		seed.Organizations[0].UpdatedAt = time.Date(2025, 4, 1, 12, 0, 0, 0, time.UTC)
		o.Seed = &seed
	})
	config := w.partner(`
data "neon_organization" "mine" {}
output "mine" { value = data.neon_organization.mine }
`)
	w.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{wantOutput("mine", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": knownvalue.StringExact(acme), "name": knownvalue.StringExact("Partner Acme"), "handle": knownvalue.StringExact("acme-" + acme),
				"plan": knownvalue.StringExact("scale"), "managed_by": knownvalue.StringExact("console"),
				"created_at": knownvalue.StringExact("2025-03-01T12:00:00Z"), "updated_at": knownvalue.StringExact("2025-04-01T12:00:00Z"),
				"require_mfa": knownvalue.Bool(true), "allow_hipaa_projects": knownvalue.Null(),
			}))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
}

func TestAccOrganizationDataRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	named := `data "neon_organization" "mine" { id = "` + bloom + `" }`
	w.run(
		resource.TestStep{
			Config:      w.partner(`data "neon_organization" "mine" { id = "acme" }`),
			ExpectError: diagnostic(`Invalid organization id.*"acme" is not an id`),
		},
	)
	w.wantNoRequests()
	w.run(
		resource.TestStep{Config: w.partner(named), ExpectError: diagnostic(`Organization not read.*does not see organization ` + bloom)},
		resource.TestStep{Config: w.config("napi_wrong", acme, named), ExpectError: diagnostic(`Organization not read.*does not accept the API key.*supplied credentials do not pass authentication`)},
		resource.TestStep{
			Config:      w.config(partnerAdmin, "", `data "neon_organization" "mine" {}`),
			ExpectError: diagnostic(`Several organizations to choose from.*` + acme + ` \(Partner Acme\).*` + labs + ` \(Partner Labs\)`),
		},
	)
}

func TestOrganizationDataRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Users = append(seed.Users, emulator.User{Email: "new@nowhere.test", Keys: []*emulator.Key{{Secret: "napi_new"}}})
		o.Seed = &seed
	})
	read := func(key, orgID string, arguments map[string]any) (string, []string) {
		t.Helper()
		state, diags := w.readData(&organizationDataSource{}, key, orgID, arguments)
		var m organizationModel
		if !diags.HasError() {
			diags.Append(state.Get(t.Context(), &m)...)
		}
		var errs []string
		for _, d := range diags {
			errs = append(errs, d.Summary())
		}
		return m.ID.ValueString(), errs
	}
	for _, c := range []struct {
		name, key, orgID string
		arguments        map[string]any
		want             string
		requests         map[string]int
	}{
		{"own id wins", partnerAdmin, acme, map[string]any{"id": labs}, labs, map[string]int{"GET /organizations/{org_id}": 1}},
		{"provider's id", partnerAdmin, acme, nil, acme, map[string]int{"GET /organizations/{org_id}": 1}},
		{"the list is enough", customerOwner, "", nil, bloom, map[string]int{"GET /users/me/organizations": 1}},
	} {
		if got, errs := read(c.key, c.orgID, c.arguments); got != c.want || len(errs) > 0 {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, errs, c.want)
		}
		w.wantExactRequests(c.requests)
	}

	_, diags := w.readData(&organizationDataSource{}, partnerAdmin, bloom, nil)
	wantOneError(t, diags, "", "Organization not read", bloom, "the provider's org_id", "Neon says: organization not found", "Status 404")
	_, diags = w.readData(&organizationDataSource{}, partnerAdmin, acme, map[string]any{"id": bloom})
	wantOneError(t, diags, "id", "Organization not read", bloom, "neon_organizations")
	_, diags = w.readData(&organizationDataSource{}, partnerAdmin, "", nil)
	wantOneError(t, diags, "id", "Several organizations to choose from", acme, labs)
	_, diags = w.readData(&organizationDataSource{}, "napi_new", "", nil)
	wantOneError(t, diags, "id", "No organization", "sees no organization")
	_, diags = w.readData(&organizationDataSource{}, "napi_wrong", "", nil)
	wantOneError(t, diags, "", "Organization not read", "does not accept the API key", "Status 401")
}

// An id that comes from a resource is not known before apply; the read waits.
func TestAccOrganizationDataOfUnknownID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{
		Config: w.partner(`
resource "neon_project" "app" {}
data "neon_organization" "mine" { id = neon_project.app.owner_id }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			expectString(myOrganization, "id", acme),
		},
	})
}
