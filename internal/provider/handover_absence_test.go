package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// claimables are what claimable may say.
func claimables() map[string]string {
	return map[string]string{"claimable": "claimable = true", "not claimable": "claimable = false", "claimable not set": ""}
}

func (w *world) absentShop(arguments string) string {
	return w.partner(fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  %s\n}\n%s", arguments, shopGuest))
}

// absent has a project's own address answer 404 so many times; 0 is for good.
func (w *world) absent(times int) {
	w.t.Helper()
	w.fault(emulator.Fault{Method: "GET", Path: "/projects/*", Times: times, Effect: emulator.FaultEffect{Status: 404}})()
}

func TestAccProjectThatIsAbsentForAMomentIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	for name, arguments := range claimables() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.applied(w.absentShop(arguments))
			project := w.onlyProject()
			for _, times := range []int{1, 2, 3} {
				w.emu.ClearFaults()
				w.absent(times)
				c.wantEmptyPlan()
				w.emu.ClearFaults()
				w.absent(times)
				c.must("apply", "-auto-approve")
			}
			w.emu.ClearFaults()
			w.wantWrites(map[string]int{})
			c.wantAttribute(customer, "claimed", false)
			c.wantAttribute(customer, "id", project.ID)
			if left := w.guests(project.ID); left != "friend@else.test" {
				t.Errorf("the guests are %q", left)
			}
			c.wantQuiet()
		})
	}
}

func TestAccDestroyOfAProjectThatIsAbsentForAMomentForgetsNothing(t *testing.T) {
	t.Parallel()
	for name, arguments := range claimables() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.applied(strings.Replace(w.absentShop(arguments), shopGuest, "", 1))
			project := w.onlyProject()
			c.must("plan", "-destroy", "-out=late.tfplan")
			w.absent(0)
			c.mustFail([]string{"Neon's answers about a project contradict each other", project.ID, "the state was kept", "Apply again in a while"}, "apply", "late.tfplan")
			w.wantWrites(map[string]int{})
			w.emu.ClearFaults()
			c.wantAttribute(customer, "id", project.ID)
			c.must("destroy", "-auto-approve")
			w.wantWrites(map[string]int{deleteProject: 1})
		})
	}
}

func TestAccDestroyOfAProtectedProjectThatIsAbsentForAMomentIsRefused(t *testing.T) {
	t.Parallel()
	for name, arguments := range claimables() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.applied(strings.Replace(w.absentShop(arguments+"\n  deletion_protection = true"), shopGuest, "", 1))
			project := w.onlyProject()
			for times := range 4 {
				w.emu.ClearFaults()
				w.absent(times)
				if out, code := c.run("destroy", "-auto-approve"); code == 0 {
					t.Errorf("the project was forgotten after %d answers of 404: %s", times, afterPlan(out))
				}
			}
			w.emu.ClearFaults()
			w.wantWrites(map[string]int{})
			w.wantOwned(project.ID, acme)
			c.wantAttribute(customer, "id", project.ID)
			c.mustFail([]string{"Project is protected from deletion", project.ID}, "destroy", "-auto-approve")
		})
	}
}

// Neither a list nor recoverable projects of a personal account can be looked through.
func TestAccPersonalProjectThatVanishedIsKeptWithAnError(t *testing.T) {
	t.Parallel()
	for name, arguments := range claimables() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := func(arguments string) string {
				return w.config(partnerAdmin, "", fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  %s\n}", arguments))
			}
			c := w.applied(config(arguments))
			project := w.onlyProject()
			if project.OrgID != "" {
				t.Fatalf("the project is in organization %s, and should be personal", project.OrgID)
			}
			if err := neontest.Held(t, w.client(partnerAdmin), project.ID).Delete(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.emu.ClearRequests()
			why := []string{"Project not visible to this key", project.ID, "personal account", "the state was kept", "removed block with destroy = false, and apply that with -refresh=false"}
			c.mustFail(why, "plan")
			c.mustFail(why, "apply", "-auto-approve")
			c.wantAttribute(customer, "id", project.ID)
			w.wantWrites(map[string]int{})
			// The way on that the error names.
			c.write("main.tf", w.config(partnerAdmin, "", "removed {\n  from = neon_project.customer\n  lifecycle { destroy = false }\n}"))
			c.must("apply", "-refresh=false", "-auto-approve")
			w.wantWrites(map[string]int{})
			if left := c.must("state", "list"); left != "" {
				t.Errorf("the state still has %s", left)
			}
		})
	}
}
