package provider

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const (
	acceptance  = "neon_project_transfer_acceptance.shop"
	acceptRoute = "PUT /projects/{project_id}/transfer_requests/{request_id}"
)

// offered is a world in which the partner offers a project.
func offered(t *testing.T, seed emulator.Seed) (*world, *neon.TransferRequest) {
	t.Helper()
	seed.Projects = []emulator.Project{{ID: "calm-river-12345678", Name: "shop", OrgID: acme}}
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	made, err := neontest.Held(t, w.client(partnerAdmin), "calm-river-12345678").Offer(t.Context(), 3600)
	if err != nil {
		t.Fatal(err)
	}
	return w, &made.TransferRequest
}

// accept is configuration by which the customer accepts.
func (w *world) accept(orgID, arguments string) string {
	return w.config(customerOwner, orgID, "resource \"neon_project_transfer_acceptance\" \"shop\" {\n"+arguments+"\n}")
}

func byID(requestID string) string {
	return fmt.Sprintf("  project_id = \"calm-river-12345678\"\n  transfer_request_id = %q", requestID)
}

func byURL(requestID string) string {
	return fmt.Sprintf("  claim_url = \"https://console.neon.tech/app/claim?p=calm-river-12345678&tr=%s&ru=https%%3A%%2F%%2Fx.example\"", requestID)
}

func TestAcceptance(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]func(string) string{"by id": byID, "by claim URL": byURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := offered(t, emulator.DefaultSeed())
			config := w.accept(bloom, arguments(made.ID))
			w.run(
				resource.TestStep{
					Config:           config,
					ConfigPlanChecks: planned(acceptance, plancheck.ResourceActionCreate),
					ConfigStateChecks: []statecheck.StateCheck{
						expectString(acceptance, "project_id", "calm-river-12345678"),
						expectString(acceptance, "org_id", bloom),
						expectString(acceptance, "owner_id", bloom),
					},
					Check: w.wantRequests(map[string]int{acceptRoute: 1}),
				},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{acceptRoute: 0})},
				resource.TestStep{
					// A project that is gone was accepted all the same.
					PreConfig: func() {
						if err := neontest.Held(t, w.client(customerOwner), "calm-river-12345678").Delete(t.Context()); err != nil {
							t.Fatal(err)
						}
					},
					Config: config, ConfigPlanChecks: unchanged(),
				},
			)
		})
	}
}

func TestAcceptanceIntoPersonalAccount(t *testing.T) {
	t.Parallel()
	seed := emulator.DefaultSeed()
	seed.Users[2].Plan = "scale" // the free plan does not take the project's history
	w, made := offered(t, seed)
	const olive = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a03"
	w.run(
		resource.TestStep{
			Config:            w.accept("", byID(made.ID)),
			ConfigStateChecks: []statecheck.StateCheck{expectString(acceptance, "owner_id", olive)},
		},
		resource.TestStep{Config: w.accept("", byID(made.ID)), ConfigPlanChecks: unchanged()},
	)
	if n := len(w.projects()); n != 1 {
		t.Errorf("%d projects after destroy, want the accepted one to stay", n)
	}
}

func TestAcceptanceSurvivesALostAnswer(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]emulator.FaultEffect{
		"cut before": {Drop: "before"}, "cut after": {Drop: "after"}, "500 after": {Status: 500, After: true}, "423": {Status: 423},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := offered(t, emulator.DefaultSeed())
			w.run(resource.TestStep{
				PreConfig:         w.fault(emulator.Fault{Method: "PUT", Path: "/projects/*/transfer_requests/*", Times: 1, Effect: effect}),
				Config:            w.accept(bloom, byID(made.ID)),
				ConfigStateChecks: []statecheck.StateCheck{expectString(acceptance, "owner_id", bloom)},
			})
		})
	}
}

func TestAcceptanceThatWasLostIsRecognised(t *testing.T) {
	t.Parallel()
	w, made := offered(t, emulator.DefaultSeed())
	if err := w.client(customerOwner).AcceptTransferRequest(t.Context(), made.ProjectID, made.ID, bloom); err != nil {
		t.Fatal(err)
	}
	w.run(resource.TestStep{
		Config:            w.accept(bloom, byID(made.ID)),
		ConfigStateChecks: []statecheck.StateCheck{expectString(acceptance, "owner_id", bloom)},
	})
}

func TestAcceptanceRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		// prepare changes the world in which the request was made.
		prepare func(w *world, made *neon.TransferRequest)
		orgID   string
		want    string
	}{
		"expired": {
			prepare: func(w *world, _ *neon.TransferRequest) { w.advance(2 * time.Hour) },
			want:    "ask the owner",
		},
		"used": {
			prepare: func(w *world, made *neon.TransferRequest) {
				if err := w.client(partnerAdmin).AcceptTransferRequest(w.t.Context(), made.ProjectID, made.ID, labs); err != nil {
					w.t.Fatal(err)
				}
			},
			want: "ask the owner",
		},
		"unknown": {
			prepare: func(_ *world, made *neon.TransferRequest) { made.ID = "389ad814-9514-4cac-bc04-2f194815db76" },
			want:    "ask the owner",
		},
		"not a member": {orgID: labs, want: "member of the receiving organization"},
		"plan": {
			prepare: func(w *world, _ *neon.TransferRequest) {
				full := w.emu.Snapshot()
				full.Organizations[2].ProjectsLimit = new(int64(0))
				if err := w.emu.Restore(full); err != nil {
					w.t.Fatal(err)
				}
			},
			want: "The receiver's plan can't take the project",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := offered(t, emulator.DefaultSeed())
			if test.prepare != nil {
				test.prepare(w, made)
			}
			w.run(resource.TestStep{
				Config:      w.accept(cmp.Or(test.orgID, bloom), byID(made.ID)),
				ExpectError: diagnostic("Transfer request not accepted.*" + test.want),
			})
			if p := w.onlyProject(); p.OwnerID == bloom {
				t.Errorf("the project was moved to %s", p.OwnerID)
			}
		})
	}
}

func TestAcceptanceBadInput(t *testing.T) {
	t.Parallel()
	const request = "389ad814-9514-4cac-bc04-2f194815db76"
	for name, test := range map[string]struct{ arguments, want string }{
		"nothing":          {``, `(Missing Attribute|one \(and only one\)|Invalid Attribute Combination)`},
		"both ways":        {byURL(request) + "\n  transfer_request_id = \"" + request + "\"", `Invalid Attribute Combination`},
		"request alone":    {`transfer_request_id = "` + request + `"`, `Invalid Attribute Combination`},
		"no claim URL":     {`claim_url = "https://console.neon.tech/app/projects"`, `Invalid claim URL`},
		"request's format": {`project_id = "calm-river-12345678"` + "\n" + `transfer_request_id = "nope"`, `UUID`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{Config: w.accept(bloom, test.arguments), ExpectError: diagnostic(test.want)})
			w.wantNoRequests()
		})
	}
}
