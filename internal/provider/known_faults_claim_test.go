package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

func TestKnownFaultClaimedProjectsAreCreatedASecondTime(t *testing.T) {
	t.Parallel()
	const projects, claimed = 100, 40
	w := newWorld(t)
	// The emulator has no rate limit here, so the provider may go as fast as it can.
	config := strings.Replace(w.partner(`
resource "neon_project" "customer" {
  count     = 100
  name      = "customer-${count.index}"
  claimable = true
}`), "provider \"neon\" {", "provider \"neon\" {\n  requests_per_minute = 1000000", 1)
	claim := func() {
		partner, customer := w.client(partnerAdmin), w.client(customerOwner)
		for _, p := range w.projects()[:claimed] {
			offer, err := neontest.Held(t, partner, p.ID).Offer(t.Context(), 3600)
			if err != nil {
				t.Fatal(err)
			}
			if err := customer.AcceptTransferRequest(t.Context(), p.ID, offer.ID, bloom); err != nil {
				t.Fatal(err)
			}
		}
		w.emu.ClearRequests()
	}
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: claim, Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{
			"POST /projects": 0, "PATCH /projects/{project_id}": 0,
		})},
	)
	left := w.projects()
	strangers := func(p emulator.Project) bool { return p.OwnerID != bloom }
	if deletions := w.requests()["DELETE /projects/{project_id}"]; deletions != projects-claimed || len(left) != claimed || slices.ContainsFunc(left, strangers) {
		t.Errorf("%d deletions, want %d; %d projects are left, want the customer's %d", deletions, projects-claimed, len(left), claimed)
	}
}
