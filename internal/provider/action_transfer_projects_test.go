package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

const transferAction = "neon_transfer_projects"

// transferJSON is the action's configuration.
func transferJSON(from, to string, ids ...string) string {
	for i, id := range ids {
		ids[i] = fmt.Sprintf("%q", id)
	}
	return fmt.Sprintf(`{"source_org_id": %q, "destination_org_id": %q, "project_ids": [%s]}`, from, to, strings.Join(ids, ", "))
}

func TestTransferAction(t *testing.T) {
	t.Parallel()
	w := manyProjects(t, 900)
	var ids []string
	for n := range 900 {
		ids = append(ids, fmt.Sprintf("big-project-%d", n+1))
	}
	config := transferJSON(acme, labs, ids...)
	p := w.protocol(partnerAdmin, "")
	progress, diags := p.invoke(transferAction, config)
	want := []string{
		"Looking where 900 projects are", "0 of 900 projects are in " + labs,
		"400 of 900 projects are in " + labs, "800 of 900 projects are in " + labs, "900 of 900 projects are in " + labs,
	}
	if diff := cmp.Diff(want, progress); diff != "" || diags != "" {
		t.Fatal(diags, diff)
	}
	if got := w.requests(); got[transferRoute] != 3 || got["GET /auth"] != 1 || got["GET /projects/{project_id}"] != 0 {
		t.Errorf("requests: %v", got)
	}
	if n := len(strings.Fields(w.in(labs))); n != 900 {
		t.Errorf("%d projects have moved", n)
	}

	// A second time there is nothing to do.
	w.emu.ClearRequests()
	progress, diags = p.invoke(transferAction, config)
	if diff := cmp.Diff([]string{want[0], want[4]}, progress); diff != "" || diags != "" || w.requests()[transferRoute] != 0 {
		t.Error(diags, diff, w.requests())
	}
}

// Each refused project has a diagnostic of its own, and the others move.
func TestTransferActionOfProjectsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 4, integrate("github", "p-2"), integrate("vercel", "p-3"))
	p := w.protocol(partnerAdmin, "")
	progress, diags := p.invoke(transferAction, transferJSON(acme, labs, "p-1", "p-2", "p-3", "p-4", "nobody-knows"))
	for _, want := range []string{
		`ERROR AttributeName("project_ids"): Project not transferred: Project p-2 has a github integration`,
		`ERROR AttributeName("project_ids"): Project not transferred: Project p-3 has a vercel integration`,
		`ERROR AttributeName("project_ids"): Project not transferred: Project nobody-knows is not visible to the API key`,
	} {
		if !strings.Contains(diags, want) {
			t.Errorf("want %q, got %s", want, diags)
		}
	}
	if last := progress[len(progress)-1]; last != "2 of 5 projects are in "+labs+", 3 can't be transferred" {
		t.Errorf("the last message is %q", last)
	}
	w.wantIn(labs, "p-1 p-4")
}

func TestTransferActionWithOrganizationKey(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 1)
	progress, diags := w.protocol(partnerOrgKey, "").invoke(transferAction, transferJSON(acme, labs, "p-1"))
	if !strings.Contains(diags, "A personal API key is needed") || len(progress) > 0 {
		t.Errorf("%v; %s", progress, diags)
	}
	if got := w.requests(); len(got) != 1 || got["GET /auth"] != 1 {
		t.Errorf("requests were made: %v", got)
	}
}

func TestTransferActionOfNothing(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 0)
	progress, diags := w.protocol(partnerAdmin, "").invoke(transferAction, transferJSON(acme, labs))
	if diags != "" || len(progress) != 1 {
		t.Errorf("%v; %s", progress, diags)
	}
	w.wantNoRequests()
}

func TestTransferActionOfBadInput(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 1)
	p := w.protocol(partnerAdmin, "")
	for config, want := range map[string]string{
		transferJSON(acme, labs, "Not_An_Id"):                                    `AttributeName("project_ids").ElementKeyInt(0): Invalid project id`,
		transferJSON(acme, acme, "p-1"):                                          "Same value in source_org_id and destination_org_id",
		transferJSON("acme", labs, "p-1"):                                        `AttributeName("source_org_id"): Invalid organization id`,
		transferJSON(acme, "labs", "p-1"):                                        `AttributeName("destination_org_id"): Invalid organization id`,
		strings.Replace(transferJSON(acme, labs, "p-1"), `["p-1"]`, "[null]", 1): "Invalid project id",
		strings.Replace(transferJSON(acme, labs, "p-1"), "}", `, "timeouts": {"invoke": "half an hour"}}`, 1): "half an hour",
	} {
		if progress, diags := p.invoke(transferAction, config); !strings.Contains(diags, want) || len(progress) > 0 {
			t.Errorf("%s: want %q, got %s", config, want, diags)
		}
	}
	w.wantNoRequests()
}

// A resource triggers the action, with an id that isn't known before.
func TestTransferActionThatIsTriggered(t *testing.T) {
	t.Parallel()
	requireActions(t)
	w := transferWorld(t, 0)
	config := func(to string) string {
		return w.partner(fmt.Sprintf(`
resource "neon_project" "app" {}

action "neon_transfer_projects" "hand_over" {
  config {
    source_org_id      = %q
    destination_org_id = %q
    project_ids        = [neon_project.app.id]
  }
}

resource "terraform_data" "ready" {
  input = neon_project.app.id
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.neon_transfer_projects.hand_over]
    }
  }
}`, acme, to))
	}
	w.run(
		resource.TestStep{Config: config(bloom), ExpectError: diagnostic("Projects not transferred.*stay in " + acme)},
		resource.TestStep{PreConfig: func() { w.wantIn(acme, w.onlyProject().ID) }, Config: config(labs)},
		resource.TestStep{Config: config(labs), ConfigPlanChecks: unchanged()},
	)
}
