package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// The tests in this file take a transfer on the roads to a replacement, and let
// another resource be after the same projects.

func TestAccOrgTransferReplacementTransfersNothingBack(t *testing.T) {
	t.Parallel()
	const beforeDestroy = "\n  lifecycle { create_before_destroy = true }"
	const trigger = "\n  lifecycle { replace_triggered_by = [terraform_data.version] }"
	version := func(n int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"version\" {\n  input = %d\n}\n", n)
	}
	for name, test := range map[string]struct {
		more string
		road func(c *cli, config func(n int) string)
	}{
		"replace": {road: func(c *cli, _ func(int) string) { c.must("apply", "-auto-approve", "-replace="+moved) }},
		"replace without refresh": {road: func(c *cli, _ func(int) string) {
			c.must("apply", "-auto-approve", "-replace="+moved, "-refresh=false")
		}},
		"replace, created before": {more: beforeDestroy, road: func(c *cli, _ func(int) string) { c.must("apply", "-auto-approve", "-replace="+moved) }},
		"taint":                   {road: taintAndApply},
		"taint, created before":   {more: beforeDestroy, road: taintAndApply},
		"replace_triggered_by":    {more: trigger, road: func(c *cli, config func(int) string) { c.write("main.tf", config(2)); c.must("apply", "-auto-approve") }},
		"saved plan": {road: func(c *cli, _ func(int) string) {
			c.must("plan", "-out=late", "-replace="+moved)
			c.must("apply", "late")
		}},
		"saved plan, created before": {more: beforeDestroy, road: func(c *cli, _ func(int) string) {
			c.must("plan", "-out=late", "-replace="+moved)
			c.must("apply", "late")
		}},
		"fewer ids, created before": {more: beforeDestroy, road: func(c *cli, config func(int) string) {
			c.write("main.tf", strings.Replace(config(1), `, "p-2"`, "", 1))
			c.must("apply", "-auto-approve", "-replace="+moved)
			c.write("main.tf", config(1))
			c.must("apply", "-auto-approve")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 2)
			config := func(n int) string { return w.transferTo(labs, "p-1 p-2", transferBack+test.more) + "\n" + version(n) }
			c := w.cli(map[string]string{"main.tf": config(1)})
			c.must("apply", "-auto-approve")
			w.emu.ClearRequests()
			test.road(c, config)
			c.wantState("p-1 p-2", "")
			w.wantIn(labs, "p-1 p-2")
			if n := w.requests()[transferRoute]; n != 0 {
				t.Errorf("%d transfers", n)
			}
			c.must("plan", "-detailed-exitcode")
		})
	}
}

func taintAndApply(c *cli, _ func(int) string) {
	c.must("taint", moved)
	c.must("apply", "-auto-approve")
}

// A replacement knows which projects were seen before.
func TestAccOrgTransferReplacementLeavesOutWhatWasClaimed(t *testing.T) {
	t.Parallel()
	for name, road := range map[string]func(c *cli){
		"replace":               func(c *cli) { c.must("apply", "-auto-approve", "-replace="+moved) },
		"taint":                 func(c *cli) { taintAndApply(c, nil) },
		"taint without refresh": func(c *cli) { c.must("taint", moved); c.must("apply", "-auto-approve", "-refresh=false") },
		"after a plan": func(c *cli) {
			c.must("apply", "-auto-approve")
			c.must("apply", "-auto-approve", "-replace="+moved)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 2)
			c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2", transferBack)})
			c.must("apply", "-auto-approve")
			w.claimByID("p-2")
			road(c)
			c.wantState("p-1", "p-2")
			w.wantIn(labs, "p-1")
			c.must("plan", "-detailed-exitcode")
			if n := w.requests()[transferRoute]; n != 0 {
				t.Errorf("%d transfers", n)
			}
		})
	}
}

func TestAccOrgTransferAtANewAddressIsAskedForAMovedBlock(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	old := w.transferTo(labs, "p-1 p-2", transferBack)
	renamed := strings.Replace(old, `"moved" {`, `"again" {`, 1)
	c := w.cli(map[string]string{"main.tf": old})
	c.must("apply", "-auto-approve")
	w.emu.ClearRequests()
	c.write("main.tf", renamed)
	refused := []string{"Projects are both transferred back and managed", "p-1, p-2", "moved block"}
	c.mustFail(refused, "plan")
	c.mustFail(refused, "plan", "-refresh=false")
	c.write("main.tf", renamed+"\nmoved {\n  from = neon_org_project_transfer.moved\n  to   = neon_org_project_transfer.again\n}\n")
	c.must("apply", "-auto-approve")
	c.must("plan", "-detailed-exitcode")
	w.wantIn(labs, "p-1 p-2")
	if n := w.requests()[transferRoute]; n != 0 {
		t.Errorf("%d transfers", n)
	}
	// A second one that stays is no reason to destroy the first.
	second := strings.Replace(renamed, `"again" {`, `"second" {`, 1)
	_, block, _ := strings.Cut(second, `resource "neon`)
	both := renamed + "\n" + `resource "neon` + block
	c.write("main.tf", both)
	c.must("apply", "-auto-approve")
	c.write("main.tf", renamed)
	c.mustFail(refused, "plan")
	c.write("main.tf", strings.Replace(both, transferBack, "transfer_back_on_destroy = false", 2))
	c.must("apply", "-auto-approve")
	c.write("main.tf", strings.Replace(renamed, transferBack, "", 1))
	c.must("apply", "-auto-approve")
	w.wantIn(labs, "p-1 p-2")
}

// What the plan can't see, as the ids are not known yet, does no harm in the apply,
// whichever of the two comes first and whatever answer is lost.
func TestAccOrgTransferAtANewAddressWithUnknownIDsKeepsTheProjects(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]*emulator.FaultEffect{"": nil, "lost answer": {Drop: "after"}, "lost request": {Drop: "before"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 2)
			old := w.transferTo(labs, "p-1 p-2", transferBack)
			unknown := strings.NewReplacer(`"moved" {`, `"again" {`, `["p-1", "p-2"]`, "terraform_data.ids.output").Replace(old) +
				"\nresource \"terraform_data\" \"ids\" {\n  input = [\"p-1\", \"p-2\"]\n}\n"
			c := w.cli(map[string]string{"main.tf": old})
			c.must("apply", "-auto-approve")
			if effect != nil {
				w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/projects/transfer", Times: 1, Effect: *effect})()
			}
			c.write("main.tf", unknown)
			c.must("apply", "-auto-approve")
			w.wantIn(labs, "p-1 p-2")
			c.must("plan", "-detailed-exitcode")
		})
	}
}

func TestAccOrgTransfersToTwoPlacesAreRefused(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	other := strings.Replace(transferBlock(studio, "p-2", fmt.Sprintf("source_org_id = %q", acme)), `"moved" {`, `"other" {`, 1)
	w.run(resource.TestStep{
		Config: w.transferTo(labs, "p-1 p-2") + "\n" + other, PlanOnly: true,
		ExpectError: diagnostic("Projects are transferred to two organizations.*p-2"),
	})
	w.wantNothingMoved()
}

func (w *world) wantNothingMoved() {
	w.t.Helper()
	if n := w.requests()[transferRoute]; n != 0 {
		w.t.Errorf("%d transfers", n)
	}
}

const managedProject = `
resource "neon_project" "app" {
  name = "app"
  %s
}
`

func TestAccProjectAndTransferThatDisagreeAreRefused(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 0)
	home := fmt.Sprintf("org_id = %q", acme)
	project := fmt.Sprintf(managedProject, home)
	both := w.partner(project + fmt.Sprintf("resource \"neon_org_project_transfer\" \"moved\" {\n  source_org_id = %q\n  destination_org_id = %q\n  project_ids = [neon_project.app.id]\n}", acme, labs))
	refused := diagnostic("Project is sent to two organizations.*configures org_id = \"" + acme + "\".*sends it to " + labs + ".*Take it out of project_ids")
	w.run(
		// The id is known in the apply only, which refuses it then.
		resource.TestStep{Config: both, ExpectError: refused},
		resource.TestStep{Config: both, PlanOnly: true, ExpectError: refused},
		resource.TestStep{
			PreConfig: w.wantNothingMoved,
			// Without contradiction both are content, and the project is moved by either.
			Config: strings.Replace(both, home, fmt.Sprintf("org_id = %q", labs), 1),
			Check: resource.ComposeTestCheckFunc(resource.TestCheckResourceAttr("neon_project.app", "claimed", "false"),
				func(*terraform.State) error { return w.wantOwner(labs) }),
		},
		resource.TestStep{Config: strings.Replace(both, home, fmt.Sprintf("org_id = %q", labs), 1), ConfigPlanChecks: unchanged()},
	)
}

func (w *world) wantOwner(orgID string) error {
	if p := w.onlyProject(); p.OwnerID != orgID {
		return fmt.Errorf("project %s belongs to %s, want %s", p.ID, p.OwnerID, orgID)
	}
	return nil
}

// A neon_project is refreshed before the transfer that names it, and can't know that
// it was no claim. So the plan says beforehand what to write, and that heals it.
func TestAccProjectMovedByATransferIsManagedAgainWithItsNewOrganization(t *testing.T) {
	t.Parallel()
	for _, claimable := range []string{"", "claimable = true"} {
		t.Run(claimable, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 0)
			project := w.partner(fmt.Sprintf(managedProject, claimable))
			transfer := fmt.Sprintf("\nresource \"neon_org_project_transfer\" \"moved\" {\n  source_org_id = %q\n  destination_org_id = %q\n  project_ids = [neon_project.app.id]\n}", acme, labs)
			c := w.cli(map[string]string{"main.tf": project})
			c.must("apply", "-auto-approve")
			c.write("main.tf", project+transfer)
			c.wantSaid([]string{"Projects of this configuration are moved by another resource", "Set org_id = \"" + labs + "\""}, "plan")
			c.must("apply", "-auto-approve")
			if err := w.wantOwner(labs); err != nil {
				t.Fatal(err)
			}
			c.wantSaid([]string{"Transferred projects count as claimed", "Set org_id = \"" + labs + "\""}, "plan", "-detailed-exitcode")
			w.emu.ClearRequests()
			c.write("main.tf", w.partner(fmt.Sprintf(managedProject, claimable+"\n  org_id = \""+labs+"\""))+transfer)
			c.must("apply", "-auto-approve")
			c.must("plan", "-detailed-exitcode")
			if out := c.must("state", "show", "neon_project.app"); !strings.Contains(out, "claimed = false") {
				t.Errorf("the project is not managed again: %s", out)
			}
			w.wantNothingMoved()
		})
	}
}

// With create_before_destroy nobody tells the new resource which projects were seen
// before, so it takes the claimed one for a mistake. Each message leads on.
func TestAccOrgTransferReplacedBeforeDestroyWithAClaimedProjectHasAWayOn(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 2)
	const beforeDestroy = transferBack + "\n  lifecycle { create_before_destroy = true }"
	c := w.cli(map[string]string{"main.tf": w.transferTo(labs, "p-1 p-2", beforeDestroy)})
	c.must("apply", "-auto-approve")
	w.claimByID("p-2")
	c.mustFail([]string{"p-2 is not visible", "take it out of project_ids"}, "apply", "-auto-approve", "-replace="+moved)

	left := w.transferTo(labs, "p-1", beforeDestroy)
	c.write("main.tf", left)
	c.mustFail([]string{"Projects are both transferred back and managed", "a deposed object", "a removed block with destroy = false"}, "plan")
	c.write("main.tf", w.partner("removed {\n  from = "+moved+"\n  lifecycle { destroy = false }\n}"))
	c.must("apply", "-auto-approve")
	c.write("main.tf", left)
	c.must("apply", "-auto-approve")
	c.must("plan", "-detailed-exitcode")
	c.wantState("p-1", "")
	w.wantIn(labs, "p-1")
	w.wantNothingMoved()
}
