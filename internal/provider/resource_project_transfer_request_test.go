package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const offer = "neon_project_transfer_request.offer"

// offerConfig is a project with an offer that has the arguments.
func (w *world) offerConfig(arguments string) string {
	return w.partner(`
resource "neon_project" "customer" {
  claimable = true
}

resource "neon_project_transfer_request" "offer" {
  project_id = neon_project.customer.id
  ` + arguments + `
}`)
}

const createOffer = "POST /projects/{project_id}/transfer_requests"

func TestTransferRequestLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := func(suffix string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			p := w.onlyProject()
			want := strings.TrimSuffix(w.url, "/api/v2") + "/app/claim?p=" + p.ID + "&tr=" + p.TransferRequests[0].ID + suffix
			if got := s.RootModule().Resources[offer].Primary.Attributes["claim_url"]; got != want {
				return fmt.Errorf("claim_url is %s, want %s", got, want)
			}
			return nil
		}
	}
	sameID := statecheck.CompareValue(compare.ValuesSame())
	w.run(
		resource.TestStep{
			Config:            w.offerConfig(""),
			ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(offer, tfjsonpath.New("id")), expectString(offer, "status", "pending")},
			Check:             link(""),
		},
		resource.TestStep{
			// Where to go after the claim is part of the link alone.
			PreConfig:         w.emu.ClearRequests,
			Config:            w.offerConfig(`redirect_url = "https://partner.example/welcome?a=b%20c"`),
			ConfigPlanChecks:  planned(offer, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(offer, tfjsonpath.New("id"))},
			Check: resource.ComposeAggregateTestCheckFunc(
				link("&ru=https%3A%2F%2Fpartner.example%2Fwelcome%3Fa%3Db%2520c"),
				w.wantRequests(map[string]int{createOffer: 0}),
			),
		},
		resource.TestStep{Config: w.offerConfig(`redirect_url = "https://partner.example/welcome?a=b%20c"`), ConfigPlanChecks: unchanged()},
	)
}

func TestTransferRequestIsRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.offerConfig("ttl_seconds = 3600\n  renew_before_seconds = 600")
	differentID := statecheck.CompareValue(compare.ValuesDiffer())
	w.run(
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{differentID.AddStateValue(offer, tfjsonpath.New("id"))}},
		resource.TestStep{PreConfig: func() { w.advance(45 * time.Minute) }, Config: config, ConfigPlanChecks: unchanged()},
		resource.TestStep{
			PreConfig:        func() { w.advance(6 * time.Minute) }, // nine minutes are left
			Config:           config,
			ConfigPlanChecks: planned(offer, plancheck.ResourceActionReplace),
			ConfigStateChecks: []statecheck.StateCheck{
				differentID.AddStateValue(offer, tfjsonpath.New("id")), expectString(offer, "status", "pending"),
			},
			Check: w.wantRequests(map[string]int{createOffer: 2, "POST /projects": 1}),
		},
		resource.TestStep{
			PreConfig:         func() { w.advance(2 * time.Hour) },
			Config:            config,
			ConfigPlanChecks:  planned(offer, plancheck.ResourceActionReplace),
			ConfigStateChecks: []statecheck.StateCheck{differentID.AddStateValue(offer, tfjsonpath.New("id"))},
		},
	)
}

func TestTransferRequestMayExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.offerConfig("ttl_seconds = 60\n  renew = false")
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { w.advance(time.Hour) }, Config: config, ConfigPlanChecks: unchanged(),
			ConfigStateChecks: []statecheck.StateCheck{expectString(offer, "status", "expired")},
		},
	)
}

func TestTransferRequestOfDeletedProjectIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(
		resource.TestStep{Config: w.offerConfig("")},
		resource.TestStep{
			PreConfig: func() {
				if err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Delete(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
			Config:           w.offerConfig(""),
			ConfigPlanChecks: planned(offer, plancheck.ResourceActionCreate),
		},
	)
}

func TestTransferRequestOfHiddenProjectIsKept(t *testing.T) {
	t.Parallel()
	seed := emulator.DefaultSeed()
	seed.Projects = []emulator.Project{{ID: "calm-river-12345678", Name: "app", OrgID: acme}}
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	body := `resource "neon_project_transfer_request" "offer" { project_id = "calm-river-12345678" }`
	w.run(
		resource.TestStep{Config: w.partner(body)},
		resource.TestStep{Config: w.config(customerOwner, "", body), ExpectError: diagnostic("Project not visible to this key")},
		resource.TestStep{Config: w.partner(body), ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{createOffer: 1})},
	)
}

func TestTransferRequestSurvivesALostAnswer(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]emulator.FaultEffect{
		"cut before": {Drop: "before"}, "cut after": {Drop: "after"}, "500": {Status: 500}, "423": {Status: 423},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(
				resource.TestStep{
					PreConfig: w.fault(emulator.Fault{Method: "POST", Path: "/projects/*/transfer_requests", Times: 1, Effect: effect}),
					Config:    w.offerConfig(""),
				},
				resource.TestStep{Config: w.offerConfig(""), ConfigPlanChecks: unchanged()},
			)
		})
	}
}

func TestTransferRequestRefusals(t *testing.T) {
	t.Parallel()
	t.Run("not enabled", func(t *testing.T) {
		t.Parallel()
		seed := emulator.DefaultSeed()
		seed.Organizations[0].TransferRequestsEnabled = new(false)
		w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
		w.run(resource.TestStep{
			Config:      w.offerConfig(""),
			ExpectError: diagnostic("Transfer request not created.*have to be enabled.*Neon says: project transfer requests are not enabled for this account"),
		})
	})
	t.Run("no such project", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.run(resource.TestStep{
			Config:      w.partner(`resource "neon_project_transfer_request" "offer" { project_id = "nobody-knows-12345678" }`),
			ExpectError: diagnostic("Project not found for the transfer request.*Neon says: project not found"),
		})
		if n := w.requests()[createOffer]; n != 0 {
			t.Errorf("%d requests were made for a project that isn't there", n)
		}
	})
	t.Run("import", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.run(
			resource.TestStep{Config: w.offerConfig("")},
			resource.TestStep{
				Config: w.offerConfig(""), ResourceName: offer, ImportState: true,
				ImportStateId: "any", ExpectError: diagnostic("Transfer requests can't be imported"),
			},
		)
	})
	for name, test := range map[string]struct{ arguments, want string }{
		"ttl 0":                    {`ttl_seconds = 0`, `at least 1`},
		"ttl -5":                   {`ttl_seconds = -5`, `at least 1`},
		"ttl 1.5":                  {`ttl_seconds = 1.5`, `whole number`},
		"redirect without scheme":  {`redirect_url = "partner.example/welcome"`, `https`},
		"redirect over plain http": {`redirect_url = "http://partner.example/"`, `https`},
		"renewed at once":          {"ttl_seconds = 60\n  renew_before_seconds = 60", `Request would be renewed at once`},
		"renewed before default":   {"renew_before_seconds = 86400", `Request would be renewed at once`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{Config: w.offerConfig(test.arguments), ExpectError: diagnostic(test.want)})
			w.wantNoRequests()
		})
	}
	t.Run("project's id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.run(resource.TestStep{
			Config:      w.partner(`resource "neon_project_transfer_request" "offer" { project_id = "` + acme + `" }`),
			ExpectError: diagnostic("organization"),
		})
		w.wantNoRequests()
	})
	t.Run("a week and a second is warned about", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.run(resource.TestStep{Config: w.offerConfig("ttl_seconds = 604801"), Check: w.wantRequests(map[string]int{createOffer: 1})})
	})
}
