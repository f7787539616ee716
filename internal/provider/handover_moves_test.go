package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// homed is a project in an organization, which somebody may claim.
func (w *world) homed(orgID, more string) string {
	at := ""
	if orgID != "" {
		at = fmt.Sprintf("org_id = %q", orgID)
	}
	return w.partner(fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  claimable = true\n  %s\n}\n%s", at, more))
}

const shopLink = `
resource "neon_project_transfer_request" "offer" {
  project_id = neon_project.customer.id
  org_id     = neon_project.customer.org_id
}`

var transferFault = emulator.Fault{Method: "POST", Path: "/organizations/*/projects/transfer", Times: 1, Effect: emulator.FaultEffect{Status: 504, After: true}}

func TestAccMoveWhoseAnswerWasLostIsNoClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.homed(acme, ""))
	project := w.onlyProject()
	w.fault(transferFault)()
	c.write("main.tf", w.homed(labs, ""))
	out := c.must("apply", "-auto-approve")
	if strings.Contains(out, "claimed") && strings.Contains(out, "Warning: Project was claimed") {
		t.Errorf("the partner's own move is taken for a claim: %s", afterPlan(out))
	}
	w.wantWrites(map[string]int{transferRoute: 1})
	w.wantOwned(project.ID, labs)
	c.wantQuiet()
	c.wantAttribute(customer, "claimed", false)
	c.wantAttribute(customer, "org_id", labs)
	c.must("destroy", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1})
}

// Nothing can be found out after the answer is lost, either: the apply fails. The next
// one sees that the project is where it should be.
func TestAccMoveOfUnknownOutcomeIsNoClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.homed(acme, shopLink))
	project := w.onlyProject()
	c.write("main.tf", w.homed(labs, shopLink))
	c.must("plan", "-out=move.tfplan")
	w.fault(transferFault)()
	// The look before the move passes, and no other read does.
	w.fault(emulator.Fault{Method: "GET", Path: "/projects/*", Skip: 1, Effect: emulator.FaultEffect{Status: 503}})()
	w.fault(emulator.Fault{Method: "GET", Path: "/projects", Effect: emulator.FaultEffect{Status: 503}})()
	w.emu.ClearRequests()
	if out, code := c.run("apply", "move.tfplan"); code == 0 {
		t.Errorf("the outcome of the move was not known, and the apply succeeded: %s", out)
	}
	w.emu.ClearFaults()
	w.wantOwned(project.ID, labs)
	w.wantWrites(map[string]int{transferRoute: 1})

	if out := c.must("apply", "-auto-approve"); strings.Contains(out, "Warning: Project was claimed") {
		t.Errorf("the partner's own move is taken for a claim: %s", afterPlan(out))
	}
	w.wantWrites(map[string]int{createOffer: 1}) // the old link ended with the move
	c.wantAttribute(customer, "claimed", false)
	c.wantAttribute(customer, "org_id", labs)
	c.wantQuiet()
	c.must("destroy", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1})
}

func TestAccProjectMovedInTheConsoleIsManagedAgainWhenOrgIDNamesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.homed("", shopLink))
	project := w.onlyProject()
	w.move(acme, labs, project.ID)
	w.emu.ClearRequests()
	c.says([]string{"Warning: Project was claimed", fmt.Sprintf("Project %s (%q) belonged to %s, and now belongs to %s", project.ID, "shop", acme, labs), "If you moved it there yourself, set org_id to " + labs}, "plan")
	c.wantUnchanged(w)
	c.wantAttribute(customer, "claimed", true)
	c.wantAttribute(offer, "status", statusClaimed)

	c.write("main.tf", w.homed(labs, shopLink))
	c.says([]string{"Warning: Project is managed again", project.ID, labs}, "apply", "-auto-approve")
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{createOffer: 1})
	c.wantQuiet()
	c.wantAttribute(customer, "claimed", false)
	c.wantAttribute(offer, "status", statusPending)

	c.write("main.tf", strings.Replace(w.homed(labs, shopLink), `"shop"`, `"renamed"`, 1))
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{changeProject: 1})
	c.must("destroy", "-auto-approve")
	w.wantWrites(map[string]int{deleteProject: 1})
}

// A customer who gives the project back has not taken it for good.
func TestAccProjectThatIsGivenBackIsManagedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.homed("", ""))
	project := w.onlyProject()
	w.move(acme, labs, project.ID)
	c.wantUnchanged(w)
	c.wantAttribute(customer, "claimed", true)
	w.move(labs, acme, project.ID)
	w.emu.ClearRequests()
	c.says([]string{"Warning: Project is managed again", project.ID, "belongs to " + acme}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{})
	c.wantAttribute(customer, "claimed", false)
	c.wantAttribute(customer, "owner_id", acme)
	c.wantQuiet()
}

func TestAccLinksOfAMovedProjectAreRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.applied(w.homed(acme, shopLink))
	c.write("main.tf", w.homed(labs, shopLink))
	c.must("apply", "-auto-approve")
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{transferRoute: 1, createOffer: 1})
	c.wantAttribute(offer, "status", statusPending)
	c.wantQuiet()
	project := w.onlyProject()
	last := project.TransferRequests[len(project.TransferRequests)-1]
	if err := w.client(customerOwner).AcceptTransferRequest(t.Context(), project.ID, last.ID, bloom); err != nil {
		t.Errorf("the new link does not work: %v", err)
	}
}
