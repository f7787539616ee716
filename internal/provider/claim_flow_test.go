package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const claimFlow = `
resource "neon_project" "customer" {
  name      = "bloom-shop"
  claimable = true
}

resource "neon_project_transfer_request" "offer" {
  project_id = neon_project.customer.id
}
`

// claim takes the only project over as the customer, into the customer's organization.
func (w *world) claim() {
	w.t.Helper()
	w.claimProject(w.onlyProject())
}

func (w *world) claimProject(project emulator.Project) {
	w.t.Helper()
	offer := project.TransferRequests[len(project.TransferRequests)-1]
	if err := w.client(customerOwner).AcceptTransferRequest(w.t.Context(), project.ID, offer.ID, bloom); err != nil {
		w.t.Fatal(err)
	}
}

func TestClaimFlow(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"hidden as 404": 404, "hidden as 403": 403} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *emulator.Options) {
				seed := emulator.DefaultSeed()
				seed.ClaimedProjectStatus = status
				o.Seed = &seed
			})
			w.run(
				resource.TestStep{
					Config: w.partner(claimFlow),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectKnownValue("neon_project.customer", tfjsonpath.New("claimed"), knownvalue.Bool(false)),
					}},
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue("neon_project.customer", tfjsonpath.New("claimed"), knownvalue.Bool(false)),
						statecheck.ExpectKnownValue("neon_project_transfer_request.offer", tfjsonpath.New("status"), knownvalue.StringExact("pending")),
					},
					Check: w.wantRequests(map[string]int{"POST /projects": 1, "POST /projects/{project_id}/transfer_requests": 1}),
				},
				resource.TestStep{
					// The customer claims; the partner's next plan has nothing to do.
					PreConfig: w.claim,
					Config:    w.partner(claimFlow),
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue("neon_project.customer", tfjsonpath.New("claimed"), knownvalue.Bool(true)),
						statecheck.ExpectKnownValue("neon_project_transfer_request.offer", tfjsonpath.New("status"), knownvalue.StringExact("claimed")),
					},
				},
				resource.TestStep{
					// Nothing is made anew, also long after the request has expired.
					PreConfig:        func() { w.advance(40 * 24 * time.Hour) },
					Config:           w.partner(claimFlow),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
					Check:            w.wantRequests(map[string]int{"POST /projects": 0, "POST /projects/{project_id}/transfer_requests": 0}),
				},
				resource.TestStep{
					Config:  w.partner(claimFlow),
					Destroy: true,
				},
			)
			if n := w.requests()["DELETE /projects/{project_id}"]; n != 0 {
				t.Errorf("the customer's project was deleted (%d calls)", n)
			}
			if owner := w.onlyProject().OwnerID; owner != bloom {
				t.Errorf("the project belongs to %s, want %s", owner, bloom)
			}
		})
	}
}

// A project may be claimed by an organization that the partner's key sees, too.
func TestClaimByAnOrganizationThatTheKeySees(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(strings.Replace(claimFlow, "claimable", "org_id = \""+acme+"\"\n  claimable", 1))
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				p := w.onlyProject()
				if err := w.client(partnerDev).AcceptTransferRequest(t.Context(), p.ID, p.TransferRequests[0].ID, labs); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: unchanged(),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("neon_project.customer", tfjsonpath.New("claimed"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue("neon_project_transfer_request.offer", tfjsonpath.New("status"), knownvalue.StringExact("claimed")),
			},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
	if owner := w.onlyProject().OwnerID; owner != labs {
		t.Errorf("the project belongs to %s, want %s", owner, labs)
	}
}

func TestDestroyDeletesWhatWasNotClaimed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{Config: w.partner(claimFlow)})
	if n := len(w.projects()); n != 0 {
		t.Errorf("%d projects are left", n)
	}
}
