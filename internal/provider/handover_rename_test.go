package provider

import (
	"fmt"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	changeBranch   = "PATCH /projects/{project_id}/branches/{branch_id}"
	changeDatabase = "PATCH /projects/{project_id}/branches/{branch_id}/databases/{database_name}"
)

func (w *world) branched(branch, database, role, more string) string {
	return w.partner(fmt.Sprintf(`
resource "neon_project" "customer" {
  name = "shop"
  branch = {
    name          = %q
    database_name = %q
    role_name     = %q
  }
  %s
}`, branch, database, role, more))
}

func TestAccBranchAndDatabaseAreRenamedInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.branched("trunk", "orders", "worker", "deletion_protection = true"))
	project := w.onlyProject()
	c.write("main.tf", w.branched("main", "orders", "worker", "deletion_protection = true"))
	c.says([]string{customer + " will be updated in-place", "Warning: Branch will be renamed", project.Branches[0].ID, `"main"`, "in place"}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{changeBranch: 1})
	c.wantQuiet()

	c.write("main.tf", w.branched("main", "sales", "worker", "deletion_protection = true"))
	c.says([]string{customer + " will be updated in-place", "Warning: Database will be renamed", `"orders"`, `"sales"`, "connection strings have to use the new name"}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{changeDatabase: 1})
	c.wantQuiet()

	now := w.onlyProject()
	if branch := now.Branches[0]; now.ID != project.ID || branch.Name != "main" || branch.Databases[0].Name != "sales" || branch.ID != project.Branches[0].ID {
		t.Errorf("at Neon the branch is %s with database %s", branch.Name, branch.Databases[0].Name)
	}
}

func TestAccRoleIsNotRenamedAndTheProjectIsNotReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.branched("trunk", "orders", "worker", ""))
	c.write("main.tf", w.branched("trunk", "orders", "clerk", ""))
	c.mustFail([]string{"Role can't be renamed", `role "worker"`, w.onlyProject().ID, "Set branch.role_name back", `create a role "clerk"`}, "plan")
	w.wantWrites(map[string]int{})
	c.write("main.tf", w.branched("trunk", "orders", "worker", ""))
	c.wantQuiet()
}

// Renames planned before a claim are not sent to the claimer.
func TestAccBranchRenamePlannedBeforeAClaimIsNotSent(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.branched("trunk", "orders", "worker", "claimable = true"))
		project := w.onlyProject()
		c.write("main.tf", w.branched("main", "sales", "worker", "claimable = true"))
		c.must("plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{"Warning: Project was claimed since the plan was made"}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		c.wantUnchanged(w)
	})
}

// A rename half of which failed is made whole by the next apply.
func TestAccHalfARenameIsMadeWholeByTheNextApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.branched("trunk", "orders", "worker", ""))
	c.write("main.tf", w.branched("main", "sales", "worker", ""))
	w.fault(emulator.Fault{Method: "PATCH", Path: "/projects/*/branches/*/databases/*", Times: 1, Effect: emulator.FaultEffect{Status: 400}})()
	c.mustFail([]string{"Database not renamed", `"orders"`}, "apply", "-auto-approve")
	c.must("apply", "-auto-approve")
	c.wantQuiet()
	if branch := w.onlyProject().Branches[0]; branch.Name != "main" || branch.Databases[0].Name != "sales" {
		t.Errorf("at Neon the branch is %s with database %s", branch.Name, branch.Databases[0].Name)
	}
}

func TestAccReplacementWarnsThatTheDataGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.branched("trunk", "orders", "worker", ""))
	project := w.onlyProject()
	for argument, value := range map[string]string{"region_id": `"aws-eu-central-1"`, "pg_version": "16", "store_passwords": "false"} {
		c.write("main.tf", w.branched("trunk", "orders", "worker", argument+" = "+value))
		c.says([]string{
			customer + " must be replaced", "Warning: Project will be replaced, with its data",
			fmt.Sprintf("Neon can't change %s of a project. Project %s (%q) will be deleted with all its data", argument, project.ID, "shop"),
		}, "plan")
	}
	w.wantWrites(map[string]int{})
	c.write("main.tf", w.branched("trunk", "orders", "worker", "pg_version = 16"))
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1, createProject: 1})
}
