package provider

import (
	"fmt"
	"strings"
	"testing"
)

const (
	hasLeft    = "Warning: Project has left, and is kept as claimed"
	forgetShop = "removed {\n  from = neon_project.customer\n  lifecycle { destroy = false }\n}"
)

// left is a shop without claimable that was claimed, and a CLI that has seen that.
func (w *world) left(to taker) (*cli, string) {
	w.t.Helper()
	c := w.applied(w.plainShop(""))
	project := w.onlyProject()
	w.handOver(project.ID, to)
	w.emu.ClearRequests()
	owner := "no longer where this configuration last saw it"
	if to == inSight {
		owner = fmt.Sprintf("belonged to %s, and now belongs to %s. It stays", acme, labs)
	}
	for range 3 {
		out, code := c.run("plan", "-detailed-exitcode")
		if code != 0 {
			w.t.Fatalf("the plan is not empty: %s", out)
		}
		for _, want := range []string{hasLeft, fmt.Sprintf("Project %s (%q)", project.ID, "shop"), "set claimable = true", "`-replace` creates a new, empty one", "removed block", owner} {
			if !strings.Contains(out, want) {
				w.t.Errorf("the plan does not say %q: %s", want, out)
			}
		}
		c.must("apply", "-auto-approve")
	}
	w.wantWrites(map[string]int{})
	c.wantAttribute(customer, "claimed", true)
	return c, project.ID
}

func (w *world) plainShop(arguments string) string {
	return w.partner(fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  %s\n}", arguments))
}

func TestAccClaimWithoutClaimableIsKeptAndTheWaysOnWork(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(t *testing.T, w *world, c *cli, id string){
		"claimable = true": func(_ *testing.T, w *world, c *cli, _ string) {
			c.write("main.tf", w.plainShop("claimable = true"))
			c.must("apply", "-auto-approve")
			w.wantWrites(map[string]int{})
			c.wantQuiet()
			c.wantAttribute(customer, "claimed", true)
		},
		"-replace": func(t *testing.T, w *world, c *cli, id string) {
			t.Helper()
			c.says([]string{hasLeft, claimedForgotten, id}, "apply", "-replace="+customer, "-auto-approve")
			w.wantWrites(map[string]int{createProject: 1})
			c.wantQuiet()
			c.wantAttribute(customer, "claimed", false)
			if c.attribute(customer, "id") == id {
				t.Errorf("the state still has %s", id)
			}
		},
		"a removed block": func(_ *testing.T, w *world, c *cli, _ string) {
			c.write("main.tf", w.partner(forgetShop))
			c.must("apply", "-auto-approve")
			w.wantWrites(map[string]int{})
			c.wantAttribute(customer, "id", nil)
		},
		"removed from the configuration": func(_ *testing.T, w *world, c *cli, id string) {
			c.write("main.tf", w.partner(""))
			c.says([]string{claimedForgotten, id}, "apply", "-auto-approve")
			w.wantWrites(map[string]int{})
			c.wantAttribute(customer, "id", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forBothTakers(t, func(t *testing.T, to taker) {
				t.Helper()
				w := newWorld(t)
				c, id := w.left(to)
				way(t, w, c, id)
				w.wantOwned(id, to.orgID)
			})
		})
	}
}

// Out of sight, a project that nobody may claim is planned anew.
func TestAccVanishedProjectThatMayNotBeClaimedIsCreatedAnew(t *testing.T) {
	t.Parallel()
	for name, isLate := range map[string]bool{"from the start": false, "set afterwards": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var c *cli
			var id string
			if isLate {
				c, id = w.left(outOfSight)
				c.write("main.tf", w.plainShop("claimable = false"))
				c.must("apply", "-auto-approve")
			} else {
				c = w.applied(w.plainShop("claimable = false"))
				id = w.onlyProject().ID
				w.handOver(id, outOfSight)
				w.emu.ClearRequests()
			}
			c.says([]string{"Warning: Project is gone", id, customer + " will be created"}, "apply", "-auto-approve")
			w.wantWrites(map[string]int{createProject: 1})
			c.wantQuiet()
			w.wantOwned(id, bloom)
			if n := len(w.projects()); n != 2 {
				t.Errorf("%d projects exist, want the claimed one and the new one", n)
			}
		})
	}
}

// In sight, another owner is drift of org_id, and what is configured decides.
func TestAccMovedProjectThatMayNotBeClaimedIsDrift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.plainShop("claimable = false\n  org_id = \"" + acme + "\"")
	c := w.applied(config)
	id := w.onlyProject().ID
	w.move(acme, labs, id)
	w.emu.ClearRequests()
	c.says([]string{customer + " will be updated in-place", "Warning: Project will be transferred", id}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{transferRoute: 1})
	w.wantOwned(id, acme)
	c.wantQuiet()
}
