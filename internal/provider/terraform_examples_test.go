package provider

import (
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// shops are two projects of the examples' organization that match "shop", and one
// that doesn't.
var shops = []emulator.Project{
	{ID: "cool-breeze-12345678", Name: "shop", OrgID: coolBreeze},
	{ID: "dark-night-12345678", Name: "workshop", OrgID: coolBreeze},
	{ID: "deep-sea-12345678", Name: "blog", OrgID: coolBreeze},
}

// TestListResourceExamples runs each example, and imports what it finds.
func TestListResourceExamples(t *testing.T) {
	t.Parallel()
	requireActions(t)
	for resourceType, want := range map[string]int{"neon_project": 2} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			c := documented(t, shops...).cli(map[string]string{
				"main.tf":             requiredProviders,
				"example.tfquery.hcl": readRepo(t, "examples", "list-resources", resourceType, "list-resource.tfquery.hcl"),
			})
			c.must("query", "-generate-config-out=generated.tf")
			c.wantImported(want)
		})
	}
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
