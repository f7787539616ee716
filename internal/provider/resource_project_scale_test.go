package provider

import (
	"fmt"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// wantPlan asserts what `plan` finds, by its exit code (0 for no changes, 2 for
// some), and the most requests that it may make of each route.
func (c *cli) wantPlan(w *world, exitCode int, most map[string]int) {
	c.t.Helper()
	w.emu.ClearRequests()
	out, code := c.run("plan", "-input=false", "-detailed-exitcode")
	if code != exitCode {
		c.t.Errorf("plan ended with %d, want %d: %s", code, exitCode, out)
	}
	got := w.requests()
	for route, n := range got {
		if n > most[route] {
			c.t.Errorf("plan made the requests %v, want at most %v", got, most)
		}
	}
}

// TestPlanOfManyProjects: a plan reads pages of the list, and sees all the same
// what was changed, hidden, moved and deleted outside.
func TestPlanOfManyProjects(t *testing.T) {
	t.Parallel()
	const n = 30
	w := manyProjects(t, n)
	const all = `
locals { names = toset([for i in range(%d) : "big-project-${i + 1}"]) }

resource "neon_project" "all" {
  for_each = local.names
  name     = each.key
}
`
	const imported = `
import {
  for_each = local.names
  to       = neon_project.all[each.key]
  id       = each.key
}`
	c := w.cli(map[string]string{"main.tf": w.partner(fmt.Sprintf(all, n)), "import.tf": imported})
	c.must("apply", "-input=false", "-auto-approve")
	c.write("import.tf", "")
	const one, list = "GET /projects/{project_id}", "GET /projects"
	c.wantPlan(w, 0, map[string]int{one: 3, list: 1})

	// A project that the list names and does not show is there all the same.
	w.fault(emulator.Fault{Path: "/projects", Effect: emulator.FaultEffect{Unavailable: []string{"big-project-7"}}})()
	c.wantPlan(w, 0, map[string]int{one: 4, list: 1})
	w.emu.ClearFaults()

	// So are all, where the list is refused.
	w.fault(emulator.Fault{Path: "/projects", Effect: emulator.FaultEffect{Status: 403}})()
	c.wantPlan(w, 0, map[string]int{one: n, list: 1})
	w.emu.ClearFaults()

	client := w.client(partnerAdmin)
	name := "renamed"
	if _, err := neontest.Held(t, client, "big-project-3").Update(t.Context(), neon.ProjectUpdate{Name: &name}); err != nil {
		t.Fatal(err)
	}
	c.wantPlan(w, 2, map[string]int{one: 3, list: 1})
	c.must("apply", "-input=false", "-auto-approve")
	c.wantPlan(w, 0, map[string]int{one: 3, list: 1})

	// The empty page that ends the list does not say that the project is gone: its
	// own GET does, twice, with a list that was read after that, and the list of the
	// deleted ones says why. One list more looks for what a broken-off run may have
	// left of the project that is planned anew.
	if err := neontest.Held(t, client, "big-project-4").Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.wantPlan(w, 2, map[string]int{one: 5, list: 6})
}
