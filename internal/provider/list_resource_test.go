package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// worldToList has two projects in Acme, one in Labs, and a deleted one.
func worldToList(t *testing.T) *world {
	t.Helper()
	seed := emulator.DefaultSeed()
	seed.Projects = []emulator.Project{
		{ID: "cool-breeze-1", Name: "shop", OrgID: acme},
		{ID: "calm-river-2", Name: "blog", OrgID: acme},
		{ID: "dark-night-3", Name: "gone", OrgID: acme},
		{ID: "deep-sea-4", Name: "shop", OrgID: labs},
	}
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	w.call(partnerAdmin, "DELETE", "/projects/dark-night-3", "")
	return w
}

func TestListProjects(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, orgID, config string
		want               string // names and ids
	}{
		"of the provider's organization": {partnerAdmin, acme, `{}`, "blog calm-river-2, shop cool-breeze-1"},
		"of another organization":        {partnerAdmin, acme, `{"org_id": "` + labs + `"}`, "shop deep-sea-4"},
		"of the key's organization":      {partnerOrgKey, "", `{}`, "blog calm-river-2, shop cool-breeze-1"},
		"that match":                     {partnerAdmin, acme, `{"search": "shop"}`, "shop cool-breeze-1"},
		"when there are none":            {partnerAdmin, acme, `{"search": "nothing"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, diags := worldToList(t).protocol(test.key, test.orgID).list(query{of: "neon_project", config: test.config})
			var got []string
			for _, item := range items {
				got = append(got, item.name+" "+item.identity.(map[string]any)["project_id"].(string))
				if item.resource != nil {
					t.Errorf("nobody asked for the resource: %v", item.resource)
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" || diags != "" {
				t.Error(diags, diff)
			}
		})
	}
}

// No page is fetched that the limit does not need, and no project by itself.
func TestListOfManyProjects(t *testing.T) {
	t.Parallel()
	w := manyProjects(t, 410)
	p := w.protocol(partnerAdmin, acme)
	for limit, want := range map[int64]struct{ items, pages int }{1: {1, 1}, 400: {400, 1}, 410: {410, 2}, 0: {410, 3}} {
		w.emu.ClearRequests()
		items, diags := p.list(query{of: "neon_project", config: `{}`, limit: limit, whole: true})
		got := w.requests()
		if len(items) != want.items || got["GET /projects"] != want.pages || len(got) != 1 || diags != "" {
			t.Errorf("with a limit of %d there are %d items, want %v; requests %v; %s", limit, len(items), want, got, diags)
		}
	}
}

// A failure comes after the items that were there before it.
func TestListThatFailsOnTheWay(t *testing.T) {
	t.Parallel()
	w := manyProjects(t, 401)
	w.fault(emulator.Fault{Method: "GET", Path: "/projects", Skip: 1, Times: 0, Effect: emulator.FaultEffect{Status: 403}})()
	items, diags := w.protocol(partnerAdmin, acme).list(query{of: "neon_project", config: `{}`})
	if want := "Projects not listed"; len(items) != 400 || !strings.Contains(diags, want) {
		t.Errorf("%d items, want 400; want %q, got %s", len(items), want, diags)
	}
}

func TestListThatIsRefused(t *testing.T) {
	t.Parallel()
	const project, member, guests = "neon_project", "neon_org_member", "neon_project_permission"
	for name, test := range map[string]struct {
		of, key, orgID, config string
		want                   []string
		isSent                 bool
	}{
		"no organization":              {project, partnerAdmin, "", `{}`, []string{`AttributeName("org_id")`, "Projects not listed", "set org_id here"}, true},
		"organization not to see":      {project, customerOwner, "", `{"org_id": "` + acme + `"}`, []string{`AttributeName("org_id")`, "Projects not listed", "does not see organization " + acme}, true},
		"provider's not to see either": {project, customerOwner, acme, `{}`, []string{"Projects not listed", "is the provider's org_id"}, true},
		"key not accepted":             {project, "napi_wrong", acme, `{}`, []string{"Projects not listed", "Status 401"}, true},
		"organization's name":          {project, partnerAdmin, acme, `{"org_id": "acme"}`, []string{`AttributeName("org_id")`, "Invalid organization id"}, false},
		"empty search":                 {project, partnerAdmin, acme, `{"search": ""}`, []string{`AttributeName("search")`}, false},
		"people of no organization":    {member, partnerAdmin, "", `{}`, []string{`AttributeName("org_id")`, "No organization"}, true},
		"people not to see":            {member, customerOwner, "", `{"org_id": "` + acme + `"}`, []string{`AttributeName("org_id")`, "Members not listed", "does not see organization " + acme}, true},
		"invitations not to see":       {"neon_org_invitation", customerOwner, acme, `{}`, []string{"Invitations not listed", "is the provider's org_id"}, true},
		"keys of a name":               {"neon_org_api_key", partnerAdmin, acme, `{"org_id": "acme"}`, []string{`AttributeName("org_id")`, "Invalid organization id"}, false},
		"guests of nothing":            {guests, partnerAdmin, acme, `{"project_id": "nobody-knows-1"}`, []string{`AttributeName("project_id")`, "Permissions not listed", "Status 404"}, true},
		"guests of a name":             {guests, partnerAdmin, acme, `{"project_id": "A Shop"}`, []string{`AttributeName("project_id")`, "Invalid project id"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldToList(t)
			w.emu.ClearRequests()
			items, diags := w.protocol(test.key, test.orgID).list(query{of: test.of, config: test.config})
			for _, want := range test.want {
				if len(items) != 0 || !strings.Contains(diags, want) {
					t.Errorf("%d items; want %q, got %s", len(items), want, diags)
				}
			}
			if !test.isSent {
				w.wantNoRequests()
			}
		})
	}
}
