package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const transferBack = "transfer_back_on_destroy = true"

// claimByID has a customer take projects over, into an organization that the
// partner's key does not see.
func (w *world) claimByID(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		offer, err := neontest.Held(w.t, w.client(partnerAdmin), id).Offer(w.t.Context(), 3600)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.client(customerOwner).AcceptTransferRequest(w.t.Context(), id, offer.ID, bloom); err != nil {
			w.t.Fatal(err)
		}
	}
	w.emu.ClearRequests()
}

// ownedBy gives projects to an organization.
func ownedBy(orgID string, ids ...string) func(*emulator.Snapshot) {
	return func(s *emulator.Snapshot) {
		for i, p := range s.Projects {
			if slices.Contains(ids, p.ID) {
				s.Projects[i].OrgID, s.Projects[i].OwnerID, s.Projects[i].FormerOwners = orgID, orgID, nil
			}
		}
	}
}

// expectLeftOut asserts both lists.
func expectLeftOut(transferred, leftOut string) []statecheck.StateCheck {
	want := []knownvalue.Check{}
	for id := range strings.FieldsSeq(leftOut) {
		want = append(want, knownvalue.StringExact(id))
	}
	return append(expectTransferred(transferred), statecheck.ExpectKnownValue(moved, tfjsonpath.New("left_out_project_ids"), knownvalue.ListExact(want)))
}

func TestAccOrgTransferGoesOnWithoutAClaimedProject(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"hidden as 404": 404, "hidden as 403": 403} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 5, func(s *emulator.Seed) { s.ClaimedProjectStatus = status })
			transfers := func(n int) resource.TestCheckFunc { return w.wantRequests(map[string]int{transferRoute: n}) }
			three, four := w.transferTo(labs, "p-1 p-2 p-3"), w.transferTo(labs, "p-1 p-2 p-3 p-4")
			w.run(
				resource.TestStep{Config: three, ConfigStateChecks: expectLeftOut("p-1 p-2 p-3", "")},
				resource.TestStep{
					PreConfig: func() { w.claimByID("p-2") },
					Config:    three, ConfigPlanChecks: unchanged(), ConfigStateChecks: expectLeftOut("p-1 p-3", "p-2"), Check: transfers(0),
				},
				resource.TestStep{
					// The others are looked after as before.
					Config: four, ConfigPlanChecks: planned(moved, plancheck.ResourceActionUpdate), ConfigStateChecks: expectLeftOut("p-1 p-3 p-4", "p-2"),
					Check: resource.ComposeTestCheckFunc(
						w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-4"]}`, labs)), transfers(1)),
				},
				resource.TestStep{Config: four, ConfigPlanChecks: unchanged(), Check: transfers(0)},
				resource.TestStep{
					// It comes back to the destination, and to the source.
					PreConfig: func() { w.change(ownedBy(labs, "p-2")) },
					Config:    four, ConfigPlanChecks: unchanged(), ConfigStateChecks: expectLeftOut("p-1 p-2 p-3 p-4", ""), Check: transfers(0),
				},
				resource.TestStep{
					PreConfig: func() { w.claimByID("p-2") },
					Config:    four, ConfigPlanChecks: unchanged(), ConfigStateChecks: expectLeftOut("p-1 p-3 p-4", "p-2"),
				},
				resource.TestStep{
					PreConfig: func() { w.change(ownedBy(acme, "p-2")); w.emu.ClearRequests() },
					Config:    four, ConfigPlanChecks: planned(moved, plancheck.ResourceActionUpdate), ConfigStateChecks: expectLeftOut("p-1 p-2 p-3 p-4", ""), Check: transfers(1),
				},
			)
		})
	}
}

func TestAccOrgTransferNamesProjectAndOwnerOfWhatLeft(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 5, integrate("github", "p-4"))
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2 p-3")})
	c.must("apply", "-auto-approve")
	c.write("main.tf", w.transferTo(labs, "p-1 p-2 p-3 p-4"))
	c.mustFail([]string{"p-4 has a github integration"}, "apply", "-auto-approve")

	w.move(labs, studio, "p-1")
	w.claimByID("p-2", "p-4") // p-4 was only seen in the source
	w.call(partnerAdmin, "DELETE", "/projects/p-3", "")
	w.emu.ClearRequests()
	c.wantSaid([]string{
		"Project p-1 is neither in " + acme + " nor in " + labs + " any more, and belongs to " + studio + " now",
		"Project p-2 is neither in " + acme + " nor in " + labs + " any more, and is not among the deleted projects",
		"Project p-3 was deleted.", "It can be recovered until",
		"Project p-4 is neither in",
	}, "plan", "-detailed-exitcode")
	c.must("apply", "-auto-approve")
	if out := c.must("plan", "-detailed-exitcode"); strings.Contains(out, "left out of the transfer") {
		t.Errorf("what is known is said again: %s", out)
	}
	if n := w.requests()[transferRoute]; n != 0 {
		t.Errorf("%d transfers", n)
	}

	w.call(partnerAdmin, "POST", "/projects/p-3/recover", "")
	c.wantSaid([]string{"Projects are no longer left out", "p-3"}, "plan", "-detailed-exitcode")
}

// wantSaid asserts that the command succeeds and says all this.
func (c *cli) wantSaid(wants []string, args ...string) {
	c.t.Helper()
	out := c.must(args...)
	for _, want := range wants {
		if !strings.Contains(out, want) {
			c.t.Errorf("%s does not say %q: %s", args[0], want, out)
		}
	}
}

// wantState asserts what the state says of the transfer.
func (c *cli) wantState(transferred, leftOut string) {
	c.t.Helper()
	state := c.must("state", "show", moved)
	for name, ids := range map[string]string{"transferred_project_ids": transferred, "left_out_project_ids": leftOut} {
		var quoted []string
		for id := range strings.FieldsSeq(ids) {
			quoted = append(quoted, fmt.Sprintf("%q,", id))
		}
		_, after, _ := strings.Cut(state, name+" ")
		_, after, _ = strings.Cut(after, "[")
		list, _, _ := strings.Cut(after, "]")
		if got := strings.TrimSpace(list); got != strings.Join(quoted, " ") {
			c.t.Errorf("%s is %q, want %q", name, got, ids)
		}
	}
}

// What was claimed after the plan is left out by the apply.
func TestAccOrgTransferPlannedBeforeAClaimMovesTheRest(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 4)
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2")})
	c.must("apply", "-auto-approve")
	c.write("main.tf", w.transferTo(labs, "p-1 p-2 p-3 p-4"))
	w.move(labs, acme, "p-1")
	c.must("plan", "-out=late")
	w.claimByID("p-1", "p-2")
	c.wantSaid([]string{"Project p-1 is left out of the transfer", "Project p-1 is neither in"}, "apply", "late")
	c.wantState("p-2 p-3 p-4", "p-1") // p-2 was not to be moved, so nobody looked
	w.wantIn(labs, "p-3 p-4")
	w.wantIn(bloom, "p-1 p-2")
	c.wantSaid([]string{"Project p-2 is neither in"}, "apply", "-auto-approve")
	c.wantState("p-3 p-4", "p-1 p-2")
	c.must("plan", "-detailed-exitcode")
	// A plan that looks at nothing has the apply look.
	w.move(labs, acme, "p-3")
	c.must("apply", "-auto-approve", "-refresh-only")
	w.claimByID("p-3")
	c.wantSaid([]string{"Project p-3 is neither in"}, "apply", "-auto-approve", "-refresh=false")
	c.wantState("p-4", "p-1 p-2 p-3")
	c.must("plan", "-detailed-exitcode")
}

// An id that was never seen may be a mistake, whatever Neon says of it.
func TestAccOrgTransferOfAnUnknownIDIsAnError(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	w.claimByID("p-2")
	for _, id := range []string{"nobody-knows", "p-2"} {
		config := w.transferTo(labs, "p-1 "+id)
		w.run(
			resource.TestStep{Config: config, ExpectError: diagnostic(id + " is not visible")},
			resource.TestStep{Config: config, ExpectError: diagnostic(id + " is not visible")},
			resource.TestStep{Config: w.transferTo(labs, "p-1"), ConfigStateChecks: expectLeftOut("p-1", "")},
		)
	}
}

// The first answer is lost, and the project claimed before the provider looks.
func TestAccOrgTransferWhoseAnswerIsLostBeforeAClaim(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2")})
	w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/projects/transfer", Times: 1, Effect: emulator.FaultEffect{Drop: "after"}})()
	// The first list is read before the transfer, the second one to see how it went.
	w.fault(emulator.Fault{Method: "GET", Path: "/projects", Skip: 1, Times: 1, Effect: emulator.FaultEffect{
		World: &emulator.WorldChange{Do: emulator.DoClaim, Project: "p-2", Org: bloom},
	}})()
	out := c.must("apply", "-auto-approve")
	if !strings.Contains(out, "Project p-2 is neither in") {
		t.Errorf("nothing is said of p-2: %s", out)
	}
	c.wantState("p-1", "p-2")
	w.wantIn(bloom, "p-2")
	if n := w.requests()[transferRoute]; n != 1 {
		t.Errorf("%d transfers, want 1", n)
	}
	c.must("plan", "-detailed-exitcode")
}

func TestAccOrgTransferBackLeavesWhatOthersHave(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 5)
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2 p-3 p-4 p-5", transferBack)})
	c.must("apply", "-auto-approve")
	w.claimByID("p-5")
	c.must("apply", "-auto-approve")
	c.wantSaid([]string{"1 project (p-5) had left"}, "plan", "-destroy", "-out=late")
	w.claimByID("p-1")
	w.move(labs, studio, "p-2")
	w.call(partnerAdmin, "DELETE", "/projects/p-3", "")
	w.emu.ClearRequests()
	c.wantSaid([]string{
		"Project p-1 has left " + labs + ", and belongs to an owner whom this key does not see",
		"Project p-2 has left " + labs + ", and belongs to " + studio + " now",
		"Project p-3 was deleted", "can be recovered until",
	}, "apply", "late")
	w.wantIn(acme, "p-4")
	w.wantIn(bloom, "p-1 p-5")
	w.wantIn(studio, "p-2")
	if err := w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-4"]}`, acme))(nil); err != nil {
		t.Error(err)
	}
	if out := c.must("state", "list"); out != "" {
		t.Errorf("the state has %s", out)
	}
}

// Where the list can't be read nothing is concluded, and the state stays.
func TestAccOrgTransferBackThatCannotLookKeepsTheState(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2", transferBack)})
	c.must("apply", "-auto-approve")
	w.claimByID("p-1")
	// The first list shows where p-2 is.
	w.fault(emulator.Fault{Method: "GET", Path: "/projects", Skip: 1, Effect: emulator.FaultEffect{Status: 403}})()
	c.mustFail([]string{"whether somebody claimed, moved or deleted it could not be found out"}, "apply", "-destroy", "-auto-approve", "-refresh=false")
	c.wantState("p-1", "")
	w.wantIn(acme, "p-2")
}
