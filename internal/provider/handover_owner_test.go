package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// partsOf is each thing that hangs on a project, put on a project by id.
func partsOf(projectID, arguments string) map[string]string {
	return map[string]string{
		"link":  fmt.Sprintf("resource \"neon_project_transfer_request\" \"offer\" {\n  project_id = %q\n  %s\n}", projectID, arguments),
		"guest": fmt.Sprintf("resource \"neon_project_permission\" \"guest\" {\n  project_id = %q\n  email = \"friend@else.test\"\n  %s\n}", projectID, arguments),
	}
}

func TestAccNothingIsPutOnAProjectOfAnotherOwner(t *testing.T) {
	t.Parallel()
	const elsewhere = "calm-river-12345678"
	for name, test := range map[string]struct{ providerOrg, arguments, want string }{
		"the part's org_id":                 {labs, fmt.Sprintf("org_id = %q", acme), acme},
		"the part's org_id alone":           {"", fmt.Sprintf("org_id = %q", acme), acme},
		"the provider's org_id":             {acme, "", acme},
		"the part's org_id, which is right": {acme, fmt.Sprintf("org_id = %q", labs), ""},
		"the provider's, which is right":    {labs, "", ""},
		"nothing is known":                  {"", "", ""},
	} {
		for part, body := range partsOf(elsewhere, test.arguments) {
			t.Run(part+"/"+name, func(t *testing.T) {
				t.Parallel()
				w := seededWorld(t, func(s *emulator.Seed) { s.Projects = []emulator.Project{{ID: elsewhere, Name: "shop", OrgID: labs}} })
				c := w.cli(map[string]string{"main.tf": w.config(partnerAdmin, test.providerOrg, body)})
				if test.want == "" {
					c.must("apply", "-auto-approve")
					return
				}
				c.mustFail([]string{"Project " + elsewhere + " belongs to " + labs + ", and not to " + test.want, "set org_id to that organization"}, "apply", "-auto-approve")
				w.wantWrites(map[string]int{})
			})
		}
	}
}

// Whoever reads the partner's state could otherwise take the project back.
func TestAccNothingIsPutOnAClaimedProject(t *testing.T) {
	t.Parallel()
	for part, body := range map[string]string{
		"link":  "resource \"neon_project_transfer_request\" \"offer\" {\n  project_id = neon_project.customer.id\n  org_id = neon_project.customer.org_id\n}",
		"guest": "resource \"neon_project_permission\" \"guest\" {\n  project_id = neon_project.customer.id\n  org_id = neon_project.customer.org_id\n  email = \"friend@else.test\"\n}",
	} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			forBothTakers(t, func(t *testing.T, to taker) {
				t.Helper()
				w := newWorld(t)
				config := func(more string) string {
					return w.config(partnerAdmin, "", fmt.Sprintf("resource \"neon_project\" \"customer\" {\n  name = \"shop\"\n  org_id = %q\n  claimable = true\n}\n%s", acme, more))
				}
				c := w.applied(config(""))
				project := w.onlyProject()
				w.handOver(project.ID, to)
				c.wantUnchanged(w)
				c.write("main.tf", config(body))
				c.mustFail([]string{project.ID, "remove this from the configuration"}, "apply", "-auto-approve")
				w.wantWrites(map[string]int{})
				c.write("main.tf", config(""))
				c.wantUnchanged(w)
			})
		})
	}
}

// The plan is a promise to the owner of then.
func TestAccLinkPlannedBeforeAClaimIsNotMade(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.shop("shop", ""))
		project := w.onlyProject()
		c.write("main.tf", w.shop("shop", "resource \"neon_project_transfer_request\" \"offer\" {\n  project_id = neon_project.customer.id\n}"+shopGuest))
		c.must("plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.mustFail([]string{"o transfer request was made", "o permission was made", project.ID}, "apply", "late.tfplan")
		w.wantWrites(map[string]int{})
		if left := w.guests(project.ID); left != "" {
			t.Errorf("the guests of the customer's project are %q", left)
		}
	})
}

// A taint loses who owned the project. With no organization configured there is nobody
// to compare the owner with, so nothing is revoked.
func TestAccTaintedGuestOfAnUnknownOwnerIsNotRevoked(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	c := w.applied(w.config(partnerAdmin, "", guestOf(guestShop, ownerAddress)))
	c.must("taint", "neon_project_permission.guest")
	c.mustFail([]string{"Sharing not ended", guestShop, "`untaint`"}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{})
	c.must("untaint", "neon_project_permission.guest")
	if out := c.must("plan"); !strings.Contains(out, "No changes") {
		t.Errorf("the plan is not empty: %s", out)
	}
	// With the organization, a taint replaces the guest as usual.
	c.must("taint", "neon_project_permission.guest")
	c.write("main.tf", w.partner(guestOf(guestShop, ownerAddress)))
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{"DELETE /projects/{project_id}/permissions/{permission_id}": 1, grantRoute: 1})
}
