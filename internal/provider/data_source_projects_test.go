package provider

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const allProjects = "data.neon_projects.all"

// withProjects is a world in which organizations have projects.
func withProjects(projects ...emulator.Project) func(*emulator.Options) {
	return func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Projects = projects
		o.Seed = &seed
	}
}

// threeProjects are two of Acme and one of Labs.
func threeProjects() func(*emulator.Options) {
	return withProjects(
		emulator.Project{ID: shopID, Name: "shop", OrgID: acme, CreatedAt: march, UpdatedAt: march},
		emulator.Project{ID: "calm-lake-22222222", Name: "Reports", OrgID: acme, CreatedAt: march, UpdatedAt: march},
		emulator.Project{ID: "young-river-33333333", Name: "lab-shop", OrgID: labs, CreatedAt: march, UpdatedAt: march},
	)
}

func exactly(ids ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(ids))
	for i, id := range ids {
		checks[i] = knownvalue.StringExact(id)
	}
	return knownvalue.ListExact(checks)
}

func expectProjectIDs(ids ...string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(allProjects, tfjsonpath.New("ids"), exactly(ids...))
}

func TestProjectsModelReadFrom(t *testing.T) {
	t.Parallel()
	m := projectsModel{OrgID: types.StringValue(acme)}
	diags := m.readFrom(t.Context(), []neon.ProjectListItem{
		{ProjectFields: neon.ProjectFields{ID: "young-river-33333333"}, DeletedAt: &march, RecoverableUntil: new(march.AddDate(0, 0, 7))},
		{ProjectFields: neon.ProjectFields{ID: "calm-lake-22222222"}, HistoryRetentionSeconds: new(int64(60))},
	})
	if diags.HasError() {
		t.Fatal(diags)
	}
	if want := []types.String{types.StringValue("calm-lake-22222222"), types.StringValue("young-river-33333333")}; !slices.Equal(m.IDs, want) {
		t.Errorf("ids are %v, want %v", m.IDs, want)
	}
	live, deleted := m.Projects[0], m.Projects[1]
	if live.ID != m.IDs[0] || !live.DeletedAt.IsNull() || !live.RecoverableUntil.IsNull() || live.HistoryRetentionSeconds.ValueInt64() != 60 {
		t.Errorf("the first is %+v", live)
	}
	if deleted.DeletedAt.ValueString() != "2025-03-01T12:00:00Z" || deleted.RecoverableUntil.ValueString() != "2025-03-08T12:00:00Z" || !deleted.HistoryRetentionSeconds.IsNull() {
		t.Errorf("the second is %+v", deleted)
	}
	if m.readFrom(t.Context(), nil); m.IDs == nil || m.Projects == nil {
		t.Error("no projects give null lists, want empty ones")
	}
}

func TestProjectsFailure(t *testing.T) {
	t.Parallel()
	own, none := types.StringValue(acme), types.StringNull()
	for name, c := range map[string]struct {
		own   types.String
		orgID string
		err   error
		at    string
	}{
		"none named and refused":       {none, "", &neon.Error{Status: 400}, "org_id"},
		"none named, key not accepted": {none, "", &neon.Error{Status: 401}, ""},
		"none named, no connection":    {none, "", errors.New("connection refused"), ""},
		"own, not seen":                {own, acme, &neon.Error{Status: 404}, "org_id"},
		"own, forbidden":               {own, acme, &neon.Error{Status: 403}, "org_id"},
		"provider's, not seen":         {none, acme, &neon.Error{Status: 404}, ""},
		"own, Neon is down":            {own, acme, &neon.Error{Status: 500}, ""},
	} {
		f := projectsFailure(c.own, c.orgID, c.err)
		if f.at.String() != c.at {
			t.Errorf("%s: blames %q, want %q", name, f.at, c.at)
		}
	}
}

func TestAccProjectsData(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key, orgID, arguments string
		want                  []string
	}{
		"of the provider's organization": {partnerAdmin, acme, ``, []string{"calm-lake-22222222", shopID}},
		"of its own organization":        {partnerAdmin, acme, `org_id = "` + labs + `"`, []string{"young-river-33333333"}},
		"of an organization key":         {partnerOrgKey, "", ``, []string{"calm-lake-22222222", shopID}},
		"by name":                        {partnerAdmin, acme, `search = "report"`, []string{"calm-lake-22222222"}},
		"by id":                          {partnerAdmin, acme, `search = "meadow"`, []string{shopID}},
		"that don't exist":               {partnerAdmin, acme, `search = "nothing"`, []string{}},
		"deleted ones":                   {partnerAdmin, acme, `recoverable = true`, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, threeProjects())
			config := w.config(c.key, c.orgID, "data \"neon_projects\" \"all\" {\n"+c.arguments+"\n}")
			w.run(
				resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{expectProjectIDs(c.want...)}},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}

func TestAccProjectsDataAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withShop)
	config := w.partner(`data "neon_projects" "all" {}`)
	item := tfjsonpath.New("projects").AtSliceIndex(0)
	expect := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(allProjects, item.AtMapKey(attribute), value)
	}
	w.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				expectProjectIDs(shopID),
				expect("id", knownvalue.StringExact(shopID)),
				expect("name", knownvalue.StringExact("shop")),
				expect("org_id", knownvalue.StringExact(acme)),
				expect("owner_id", knownvalue.StringExact(acme)),
				expect("region_id", knownvalue.StringExact("aws-eu-central-1")),
				expect("pg_version", knownvalue.Int64Exact(16)),
				expect("history_retention_seconds", knownvalue.Int64Exact(3600)),
				expect("created_at", knownvalue.StringExact("2025-03-01T12:00:00Z")),
				expect("deleted_at", knownvalue.Null()),
				expect("recoverable_until", knownvalue.Null()),
				statecheck.ExpectKnownValue(allProjects, item.AtMapKey("settings").AtMapKey("quota").AtMapKey("logical_size_bytes"), knownvalue.Int64Exact(1<<30)),
				statecheck.ExpectKnownValue(allProjects, item.AtMapKey("default_endpoint_settings").AtMapKey("autoscaling_limit_max_cu"), knownvalue.Float64Exact(2)),
			},
		},
		resource.TestStep{
			// Deleted from outside: it is listed among the recoverable ones.
			PreConfig: w.deleteShop,
			Config: w.partner(`
data "neon_projects" "all" {}
data "neon_projects" "deleted" { recoverable = true }
output "kept_for" {
  value = [for p in data.neon_projects.deleted.projects : timecmp(timeadd(p.deleted_at, "168h"), p.recoverable_until)]
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				expectProjectIDs(),
				statecheck.ExpectKnownValue("data.neon_projects.deleted", tfjsonpath.New("ids"), exactly(shopID)),
				wantOutput("kept_for", knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(0)})),
			},
		},
	)
}

func TestAccProjectsDataRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const all = `data "neon_projects" "all" {}`
	w.run(
		resource.TestStep{Config: w.partner(`data "neon_projects" "all" { org_id = "acme" }`), ExpectError: diagnostic(`Invalid organization id.*"acme" is not an id`)},
		resource.TestStep{Config: w.partner(`data "neon_projects" "all" { search = "" }`), ExpectError: diagnostic(`search string length must be at least 1`)},
	)
	w.wantNoRequests()
	w.run(
		resource.TestStep{Config: w.config(partnerAdmin, "", all), ExpectError: diagnostic(`Projects not listed.*set org_id here.*Neon says: org_id is required`)},
		resource.TestStep{Config: w.config(customerOwner, acme, all), ExpectError: diagnostic(`Projects not listed.*does not see organization ` + acme)},
		resource.TestStep{Config: w.config("napi_wrong", "", all), ExpectError: diagnostic(`Projects not listed.*does not accept the API key`)},
	)
}

func TestProjectsDataRequests(t *testing.T) {
	t.Parallel()
	// The clock stands still, as projects grow by the hour.
	w := newWorld(t, withProjects(emulator.Project{ID: "busy-town-%d", OrgID: acme, Count: 401}), func(o *emulator.Options) {
		o.Clock = func() time.Time { return march }
	})
	// 400 to a page, then the last one, then the empty page that ends the list.
	state, diags := w.readData(&projectsDataSource{}, partnerAdmin, acme, nil)
	var m projectsModel
	if diags.Append(state.Get(t.Context(), &m)...); diags.HasError() {
		t.Fatal(diags)
	}
	if len(m.IDs) != 401 || len(m.Projects) != 401 || !slices.IsSortedFunc(m.IDs, byText) {
		t.Errorf("%d ids and %d projects are listed, sorted: %v; want 401, sorted", len(m.IDs), len(m.Projects), slices.IsSortedFunc(m.IDs, byText))
	}
	w.wantExactRequests(map[string]int{"GET /projects": 3})

	// A project that Neon names but can't show in time is read by itself, and the
	// result is the same.
	w.fault(emulator.Fault{Path: "/projects", Effect: emulator.FaultEffect{Unavailable: []string{"busy-town-7"}}})()
	again, diags := w.readData(&projectsDataSource{}, partnerAdmin, acme, nil)
	if diags.HasError() || !again.Raw.Equal(state.Raw) {
		t.Errorf("with an unavailable project the result differs, %v", diags)
	}
	w.wantExactRequests(map[string]int{"GET /projects": 3, "GET /projects/{project_id}": 1})

	_, diags = w.readData(&projectsDataSource{}, partnerAdmin, "", nil)
	wantOneError(t, diags, "org_id", "Projects not listed", "set org_id here", "NEON_ORG_ID", "Neon says: org_id is required")
	w.wantExactRequests(map[string]int{"GET /projects": 1})
	_, diags = w.readData(&projectsDataSource{}, customerOwner, "", map[string]any{"org_id": acme})
	wantOneError(t, diags, "org_id", "Projects not listed", "does not see organization "+acme)
	_, diags = w.readData(&projectsDataSource{}, customerOwner, acme, nil)
	wantOneError(t, diags, "", "Projects not listed", "the provider's org_id")
	_, diags = w.readData(&projectsDataSource{}, "napi_wrong", "", nil)
	wantOneError(t, diags, "", "Projects not listed", "does not accept the API key", "Status 401")
}

func byText(a, b types.String) int { return cmp.Compare(a.ValueString(), b.ValueString()) }
