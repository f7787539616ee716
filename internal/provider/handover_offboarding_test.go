package provider

import (
	"fmt"
	"strings"
	"testing"
)

// customers has a project and a link for each name.
func (w *world) customers(names ...string) string {
	return w.partner(fmt.Sprintf(`
resource "neon_project" "customer" {
  for_each  = toset([%s])
  name      = each.key
  claimable = true
}

resource "neon_project_transfer_request" "customer" {
  for_each   = neon_project.customer
  project_id = each.value.id
}`, `"`+strings.Join(names, `", "`)+`"`))
}

// The plan is made from the state before the refresh, so it promises a destruction.
func TestAccRemovedCustomerWhoClaimedKeepsTheDatabase(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.customers("bloom", "fern", "moss", "reed"))
		claimed, live, kept := w.named("bloom"), w.named("fern"), w.named("reed")
		w.handOver(claimed.ID, to)
		c.write("main.tf", w.customers("reed"))

		shown := c.says([]string{
			`neon_project.customer["bloom"] will be destroyed`, `neon_project.customer["fern"] will be destroyed`,
			"Warning: Project " + live.ID + " will be deleted", "Warning: Project " + w.named("moss").ID + " will be deleted",
		}, "plan")
		isForgotten := strings.Contains(shown, "Claimed project will only be forgotten") && strings.Contains(shown, fmt.Sprintf("Project %s (%q) was claimed", claimed.ID, "bloom"))
		if !isForgotten && !strings.Contains(shown, "Warning: Project "+claimed.ID+" is not visible") {
			t.Errorf("the plan does not say that the customer's project is not deleted: %s", afterPlan(shown))
		}
		if strings.Contains(shown, claimed.ID+" will be deleted") {
			t.Errorf("the plan says that the customer's project will be deleted: %s", shown)
		}
		w.emu.ClearRequests()
		c.says([]string{claimedForgotten, fmt.Sprintf("Project %s (%q) belonged to %s", claimed.ID, "bloom", acme)}, "apply", "-auto-approve")
		w.wantWrites(map[string]int{deleteProject: 2})
		w.wantOwned(claimed.ID, to.orgID)
		w.wantOwned(kept.ID, acme)
		if n := len(w.projects()); n != 2 {
			t.Errorf("%d projects are left, want the customer's and the one that is still configured", n)
		}
		if left := c.must("state", "list"); strings.Contains(left, "bloom") || strings.Contains(left, "fern") {
			t.Errorf("the state still has %s", left)
		}
		c.wantQuiet()
	})
}

func TestAccClaimBetweenASavedDestroyPlanAndItsApply(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(claimFlow))
		project := w.onlyProject()
		c.says([]string{"Warning: Project " + project.ID + " will be deleted", "unless it is claimed before that"}, "plan", "-destroy", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{claimedForgotten, project.ID, "belonged to " + acme}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
		if left := c.must("state", "list"); left != "" {
			t.Errorf("the state still has %s", left)
		}
	})
}

// Without a refresh nothing but the look before the deletion can see the claim.
func TestAccClaimedProjectIsDestroyedWithoutARefresh(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(claimFlow))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{claimedForgotten, project.ID}, "destroy", "-refresh=false", "-auto-approve")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
	})
}

// deletion_protection does not hold up the farewell of a customer, and goes on
// protecting what was not claimed.
func TestAccProtectedCustomerWhoClaimedIsForgotten(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		body := strings.Replace(w.customers("bloom", "fern"), "claimable = true", "claimable = true\n  deletion_protection = true", 1)
		c := w.applied(body)
		project := w.named("bloom")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.write("main.tf", strings.Replace(body, `"bloom", `, "", 1))
		c.says([]string{claimedForgotten, project.ID}, "apply", "-auto-approve")
		c.write("main.tf", w.partner(""))
		c.mustFail([]string{"Project is protected from deletion", w.named("fern").ID, "apply deletion_protection = false first"}, "plan")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
	})
}

// A project that may not be claimed is not forgotten, and not deleted either.
func TestAccMovedProjectThatMayNotBeClaimedIsNotDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  claimable = false\n}")
	c := w.applied(config)
	project := w.onlyProject()
	c.must("plan", "-destroy", "-out=late.tfplan")
	w.move(acme, labs, project.ID)
	w.emu.ClearRequests()
	c.mustFail([]string{
		"Project not deleted", fmt.Sprintf("Project %s (%q) belonged to %s", project.ID, "shop", acme), "belongs to " + labs,
		`set org_id = "` + labs + `"`, "apply -refresh-only", "removed block",
	}, "apply", "late.tfplan")
	w.wantWrites(map[string]int{})
	w.wantOwned(project.ID, labs)
	// The way on that the error names.
	c.must("apply", "-refresh-only", "-auto-approve")
	c.must("destroy", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1})
}

// Running a refused destroy once more is no acceptance of the new owner: a pipeline
// that tries again must not delete what somebody else has.
func TestAccRefusedDestroyIsRefusedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.partner("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  claimable = false\n}"))
	project := w.onlyProject()
	w.move(acme, labs, project.ID)
	w.emu.ClearRequests()
	for range 3 {
		c.mustFail([]string{"Project not deleted", "belongs to " + labs}, "destroy", "-auto-approve")
	}
	w.wantWrites(map[string]int{})
	w.wantOwned(project.ID, labs)
	c.must("apply", "-refresh-only", "-auto-approve")
	c.must("destroy", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1})
}
