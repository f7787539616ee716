package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// shops are two projects of the examples' organization that match "shop", and one
// that doesn't.
var shops = []emulator.Project{
	{ID: "cool-breeze-12345678", Name: "shop", OrgID: coolBreeze},
	{ID: "dark-night-12345678", Name: "workshop", OrgID: coolBreeze},
	{ID: "deep-sea-12345678", Name: "blog", OrgID: coolBreeze},
}

// TestListResourceExamples runs all examples at once, and imports what they find.
func TestListResourceExamples(t *testing.T) {
	t.Parallel()
	requireActions(t)
	w := documented(t, shops...)
	admin := w.client(partnerAdmin)
	_, invited := admin.Invite(t.Context(), coolBreeze, "ann@example.com", neon.RoleMember)
	_, granted := neontest.Held(t, admin, "cool-breeze-12345678").Grant(t.Context(), "bob@agency.example")
	_, made := admin.CreateOrgAPIKey(t.Context(), coolBreeze, neon.APIKeyCreate{KeyName: "ci"})
	if err := errors.Join(invited, granted, made); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"main.tf": requiredProviders}
	for _, name := range []string{"neon_org_api_key", "neon_org_invitation", "neon_org_member", "neon_project", "neon_project_permission"} {
		files[name+".tfquery.hcl"] = readRepo(t, "examples", "list-resources", name, "list-resource.tfquery.hcl")
	}
	c := w.cli(files)
	c.must("query", "-generate-config-out=generated.tf")
	c.wantImported(1 + 1 + 1 + 2 + 1)
}

// TestActionExamples invokes each example as its comment says.
func TestActionExamples(t *testing.T) {
	t.Parallel()
	requireActions(t)
	for actionType, test := range map[string]struct {
		invoke  string
		prepare func(*world)
		want    string // printed
		in      string // the projects that calmRiver has then
		live    int    // how many projects there are then
	}{
		"neon_transfer_projects": {"consolidate", func(*world) {}, "2 of 2 projects are in " + calmRiver, "cool-breeze-12345678 dark-night-12345678", 3},
		"neon_recover_project": {
			"shop", func(w *world) { w.call(partnerAdmin, "DELETE", "/projects/cool-breeze-12345678", "") },
			"Project cool-breeze-12345678 is ready", "", 3,
		},
	} {
		t.Run(actionType, func(t *testing.T) {
			t.Parallel()
			w := documented(t, shops...)
			test.prepare(w)
			c := w.cli(map[string]string{"main.tf": requiredProviders + readRepo(t, "examples", "actions", actionType, "action.tf")})
			out := c.must("apply", "-input=false", "-auto-approve", "-invoke=action."+actionType+"."+test.invoke)
			if !strings.Contains(out, test.want) {
				t.Errorf("want %q, got %s", test.want, out)
			}
			w.wantIn(calmRiver, test.in)
			if live := len(w.projects()); live != test.live {
				t.Errorf("%d projects, want %d", live, test.live)
			}
		})
	}
}
