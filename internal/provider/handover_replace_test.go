package provider

import (
	"fmt"
	"strings"
	"testing"
)

// triggered is a project that is replaced when the trigger changes.
func triggered(trigger, arguments string, lifecycle ...string) string {
	return fmt.Sprintf(`
resource "terraform_data" "trigger" {
  input = %q
}

resource "neon_project" "customer" {
  name = "shop"
  %s
  lifecycle {
    replace_triggered_by = [terraform_data.trigger]
    %s
  }
}`, trigger, arguments, strings.Join(lifecycle, "\n    "))
}

func TestAccReplacingAClaimedProjectIsRefused(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(triggered("one", "claimable = true")))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		refusal := []string{"Claimed project is not created again", fmt.Sprintf("Project %s (%q) was claimed", project.ID, "shop"), "Nothing was created"}
		w.emu.ClearRequests()
		c.mustFail(refusal, "plan", "-replace="+customer) // also in the run that sees the claim
		c.wantUnchanged(w)
		c.mustFail(refusal, "plan", "-replace="+customer)
		c.mustFail(refusal, "apply", "-replace="+customer, "-auto-approve")
		c.write("main.tf", w.partner(triggered("two", "claimable = true")))
		c.mustFail(refusal, "plan")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
		c.write("main.tf", w.partner(triggered("one", "claimable = true")))
		c.wantUnchanged(w)
	})
}

// The plan was made when the project was still there to be replaced.
func TestAccReplacementPlannedBeforeAClaimCreatesNothing(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(triggered("one", "claimable = true")))
		project := w.onlyProject()
		c.says([]string{customer + " will be replaced, as requested"}, "plan", "-replace="+customer, "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.mustFail([]string{"Claimed project is not created again", project.ID}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		c.wantUnchanged(w)
		c.wantAttribute(customer, "claimed", true)
	})
}

func TestAccTaintedProjectThatWasClaimedIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		for name, isSeen := range map[string]bool{"claimed, then tainted": true, "tainted, then claimed": false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				c := w.applied(w.shop("shop", ""))
				project := w.onlyProject()
				if isSeen {
					w.handOver(project.ID, to)
					c.wantUnchanged(w)
					c.must("taint", customer)
				} else {
					c.must("taint", customer)
					w.handOver(project.ID, to)
				}
				w.emu.ClearRequests()
				c.mustFail([]string{"Claimed project is not created again", project.ID, "`untaint`"}, "apply", "-auto-approve")
				w.wantWrites(map[string]int{})
				w.wantOwned(project.ID, to.orgID)
				if isSeen {
					c.must("untaint", customer)
					c.wantUnchanged(w)
					c.wantAttribute(customer, "claimed", true)
				}
				// The replacement that failed has left nothing behind that is in the way.
				c.write("main.tf", w.partner(""))
				c.says([]string{claimedForgotten, project.ID}, "apply", "-auto-approve")
				w.wantWrites(map[string]int{})
				w.wantOwned(project.ID, to.orgID)
			})
		}
	})
}

func TestAccReplacingAProtectedProjectIsRefusedAtPlanTime(t *testing.T) {
	t.Parallel()
	for name, lifecycle := range map[string]string{"": "", "create_before_destroy": "create_before_destroy = true"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := func(trigger, arguments string) string {
				return w.partner(triggered(trigger, "deletion_protection = true\n  "+arguments, lifecycle))
			}
			c := w.applied(config("one", ""))
			project := w.onlyProject()
			refusal := []string{"Project is protected from deletion", fmt.Sprintf("Project %s (%q) has deletion_protection = true", project.ID, "shop"), "apply deletion_protection = false first"}
			c.mustFail(refusal, "plan", "-replace="+customer)
			for _, changed := range []string{config("two", ""), config("one", "pg_version = 16"), config("one", `region_id = "aws-eu-central-1"`), config("one", "store_passwords = false")} {
				c.write("main.tf", changed)
				c.mustFail(refusal, "plan")
			}
			w.wantWrites(map[string]int{})
			c.write("main.tf", config("one", ""))
			c.wantUnchanged(w)
		})
	}
}

// Of a tainted project a CLI tells a plan nothing, so that the apply refuses.
func TestAccTaintedProtectedProjectIsNotReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.partner("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  deletion_protection = true\n}"))
	project := w.onlyProject()
	c.must("taint", customer)
	c.mustFail([]string{"Project is protected from deletion", project.ID, "`untaint` keeps it"}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{})
	w.wantOwned(project.ID, acme)
	c.must("untaint", customer)
	c.wantUnchanged(w)
}
