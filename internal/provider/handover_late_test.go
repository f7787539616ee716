package provider

import (
	"fmt"
	"strings"
	"testing"
)

func (w *world) shop(name, more string) string {
	return w.partner(fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = %q\n  claimable = true\n}\n%s", name, more))
}

const shopGuest = `
resource "neon_project_permission" "guest" {
  project_id = neon_project.customer.id
  email      = "friend@else.test"
}`

func TestAccRenamePlannedBeforeAClaimIsNotSent(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.shop("shop", ""))
		project := w.onlyProject()
		c.write("main.tf", w.shop("renamed", ""))
		c.says([]string{customer + " will be updated in-place", `~ name = "shop" -> "renamed"`}, "plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{
			"Warning: Project was claimed since the plan was made", fmt.Sprintf("Project %s (%q) belonged to %s", project.ID, "shop", acme), "Nothing was sent to Neon",
		}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		if got := w.onlyProject().Name; got != "shop" {
			t.Errorf("the customer's project is named %q", got)
		}
		c.wantUnchanged(w)
		c.wantAttribute(customer, "claimed", true)
	})
}

// An approval prompt waits: the claim comes between the refresh and the apply.
func TestAccRenameWithoutARefreshIsNotSentToAClaimer(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.shop("shop", ""))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		c.write("main.tf", w.shop("renamed", ""))
		w.emu.ClearRequests()
		c.says([]string{"Warning: Project was claimed since the plan was made", project.ID}, "apply", "-refresh=false", "-auto-approve")
		w.wantWrites(map[string]int{})
		c.wantUnchanged(w)
	})
}

func TestAccGuestRemovalPlannedBeforeAClaimIsNotSent(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.shop("shop", shopGuest))
		project := w.onlyProject()
		c.write("main.tf", w.shop("shop", ""))
		c.says([]string{guest + " will be destroyed"}, "plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{"Warning: Guest stays on a project that changed hands", project.ID, "friend@else.test"}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		if left := w.guests(project.ID); left != "friend@else.test" {
			t.Errorf("the guests of the customer's project are %q", left)
		}
		c.wantUnchanged(w)
	})
}

func TestAccGuestOfAClaimedProjectStaysAndIsNamed(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.shop("shop", shopGuest))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		c.wantUnchanged(w) // the guest stays in state
		c.wantAttribute(guest, "email", "friend@else.test")
		c.says([]string{"Warning: Guest stays on a project that changed hands", "friend@else.test", project.ID}, "destroy", "-auto-approve")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
		if left := w.guests(project.ID); left != "friend@else.test" {
			t.Errorf("the guests of the customer's project are %q", left)
		}
	})
}

// A rename of a project that may not be claimed is not sent elsewhere either.
func TestAccRenamePlannedBeforeAMoveIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(name string) string {
		return strings.Replace(w.shop(name, ""), "claimable = true", "claimable = false", 1)
	}
	c := w.applied(config("shop"))
	project := w.onlyProject()
	c.write("main.tf", config("renamed"))
	c.must("plan", "-out=late.tfplan")
	w.move(acme, labs, project.ID)
	w.emu.ClearRequests()
	c.mustFail([]string{"Project was moved since the plan was made", project.ID, acme, labs, "Make a new plan"}, "apply", "late.tfplan")
	w.wantWrites(map[string]int{})
	c.wantAttribute(customer, "name", "shop")
}
