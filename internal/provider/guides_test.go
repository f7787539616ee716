package provider

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// TestConsolidatingOrganizations does what the guide of that name says: take
// stock, transfer, and change org_id of what is managed.
func TestConsolidatingOrganizations(t *testing.T) {
	t.Parallel()
	example := func(name string) string {
		return readRepo(t, "examples", "consolidating-organizations", name, "main.tf")
	}
	t.Run("what nobody manages", func(t *testing.T) {
		t.Parallel()
		w := documented(t, emulator.Project{Name: "old-%d", OrgID: acme, Count: 3}, emulator.Project{Name: "here", OrgID: labs})
		stock := w.cli(map[string]string{"main.tf": example("inventory")})
		stock.must("apply", "-auto-approve", "-var=source_org_id="+acme)
		c := w.cli(map[string]string{"main.tf": example("transfer"), "project_ids.json": stock.must("output", "-json", "project_ids")})
		variables := []string{"-var=source_org_id=" + acme, "-var=destination_org_id=" + labs}
		c.must(append([]string{"apply", "-auto-approve"}, variables...)...)
		if got := c.must("output", "transferred"); got != "3" {
			t.Errorf("%s projects were transferred, want 3", got)
		}
		if out, code := c.run(append([]string{"plan", "-detailed-exitcode"}, variables...)...); code != 0 {
			t.Errorf("the second plan is not empty: %s", out)
		}
		wantOwner(t, w, labs, 4)
	})
	t.Run("what is managed", func(t *testing.T) {
		t.Parallel()
		w := documented(t)
		c := w.cli(map[string]string{"main.tf": example("managed")})
		c.must("apply", "-auto-approve", "-var=org_id="+acme)
		shown := c.must("plan", "-var=org_id="+labs)
		for _, want := range []string{
			"# neon_project.service[\"billing\"] will be updated in-place", `~ org_id = "` + acme + `" -> "` + labs + `"`, `~ owner_id = "` + acme + `" -> "` + labs + `"`,
			"Plan: 0 to add, 3 to change, 0 to destroy.", "Warning: Project will be transferred",
		} {
			if !strings.Contains(shown, want) {
				t.Errorf("the plan does not show %s: %s", want, shown)
			}
		}
		c.must("apply", "-auto-approve", "-var=org_id="+labs)
		wantOwner(t, w, labs, 3)
		if n := w.requests()["DELETE /projects/{project_id}"]; n != 0 {
			t.Errorf("%d projects were deleted", n)
		}
	})
}

// TestConsumptionBudgets does what the guide of that name says: warn of a project
// over its budget, and write the month out.
func TestConsumptionBudgets(t *testing.T) {
	t.Parallel()
	example := func(name string) string {
		return readRepo(t, "examples", "consumption-budgets", name, "main.tf")
	}
	since := ides.AddDate(0, -2, 0)
	w := documentedAt(
		t, func() time.Time { return ides },
		emulator.Project{ID: "busy-bee-12345678", Name: `the "bee", busy`, OrgID: coolBreeze, CreatedAt: since, Consumption: &emulator.Consumption{Factor: 1000}},
		emulator.Project{ID: "lazy-cat-12345678", Name: "cat", OrgID: coolBreeze, CreatedAt: since, Consumption: &emulator.Consumption{Factor: 0}},
	)
	budget := w.cli(map[string]string{"main.tf": example("budget")})
	out := budget.must("apply", "-auto-approve")
	for _, want := range []string{"Check block assertion failed", `More than 200 compute unit hours this month: the "bee", busy (`} {
		if !strings.Contains(out, want) {
			t.Errorf("the apply lacks %q: %s", want, out)
		}
	}
	if over := budget.must("output", "-json", "over_budget"); !strings.Contains(over, "busy-bee-12345678") || strings.Contains(over, "lazy-cat-12345678") {
		t.Errorf("over the budget is %s", over)
	}
	if out := budget.must("plan", "-var=compute_hours=10000000"); strings.Contains(out, "assertion failed") {
		t.Errorf("a project within its budget is warned of: %s", out)
	}

	month := w.cli(map[string]string{"main.tf": example("csv")})
	month.must("apply", "-auto-approve")
	if got := month.must("output", "-raw", "month"); got != "2026-02" {
		t.Errorf("the month is %s", got)
	}
	csv := month.must("output", "-raw", "csv")
	for _, want := range []string{
		"project_id,name,child_branch_bytes_month,compute_unit_seconds,extra_branches_month,instant_restore_bytes_month,private_network_transfer_bytes,public_network_transfer_bytes,root_branch_bytes_month,snapshot_storage_bytes_month",
		`busy-bee-12345678,"the ""bee"", busy",0,`, `lazy-cat-12345678,"cat",0,0,0,0,0,0,0,0`,
	} {
		if !strings.Contains(csv, want) {
			t.Errorf("the CSV lacks %q: %s", want, csv)
		}
	}
}

func wantOwner(t *testing.T, w *world, orgID string, count int) {
	t.Helper()
	projects := w.projects()
	isElsewhere := func(p emulator.Project) bool { return p.OwnerID != orgID }
	if len(projects) != count || slices.ContainsFunc(projects, isElsewhere) {
		t.Errorf("%s should own %d projects: %+v", orgID, count, projects)
	}
}

// TestPipelineOfTheGuide runs the commands of the workflow that the guide on CI
// shows: a plan that changes nothing, an apply, and a nightly look for drift.
func TestPipelineOfTheGuide(t *testing.T) {
	t.Parallel()
	w := documented(t)
	c := w.cli(map[string]string{"main.tf": readRepo(t, "examples", "running-in-ci", "main.tf")})
	workflow := readRepo(t, "examples", "running-in-ci", ".github", "workflows", "neon.yml")
	run := func(job string, want int) {
		t.Helper()
		commands := commandsOf(workflow, job)
		if len(commands) < 2 {
			t.Fatalf("the workflow has no job %s, or it does nothing", job)
		}
		if out, code := c.shell(strings.Join(commands, "\n")); code != want {
			t.Fatalf("%s: exit code %d, want %d: %s", job, code, want, out)
		}
	}
	run("plan", 0)
	if n := len(w.projects()); n != 0 {
		t.Fatalf("the plan made %d projects", n)
	}
	run("apply", 0)
	run("drift", 0)
	if _, err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Update(t.Context(), neon.ProjectUpdate{Name: new("renamed by hand")}); err != nil {
		t.Fatal(err)
	}
	run("drift", 2)
	run("apply", 0)
	run("drift", 0)
}

// commandsOf gives the commands of a job of a workflow, in order.
func commandsOf(workflow, job string) []string {
	_, rest, _ := strings.Cut(workflow, "\n  "+job+":\n")
	var commands []string
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "    ") && strings.TrimSpace(line) != "" {
			break
		}
		if command, ok := strings.CutPrefix(strings.TrimSpace(line), "- run: "); ok {
			commands = append(commands, command)
		}
	}
	return commands
}

// shell runs a script whose tofu and terraform are the CLI, whichever it is.
func (c *cli) shell(script string) (string, int) {
	c.t.Helper()
	bin := c.t.TempDir()
	for _, name := range []string{"tofu", "terraform"} {
		if err := os.Symlink(os.Getenv("TF_ACC_TERRAFORM_PATH"), filepath.Join(bin, name)); err != nil {
			c.t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(c.t.Context(), "bash", "-e", "-c", script)
	cmd.Dir, cmd.Env = c.dir, append(slices.Clone(c.env), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		if _, isExit := errors.AsType[*exec.ExitError](err); !isExit {
			c.t.Fatal(err)
		}
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// TestTeamOfTheGuide applies the lists that the guide shows, one after the other.
// The plans in between are empty: while somebody is invited, and when they have
// joined.
func TestTeamOfTheGuide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.getenv = func(name string) string {
		return map[string]string{"NEON_API_KEY": partnerAdmin, "NEON_API_HOST": w.url, "NEON_ORG_ID": acme}[name]
	}
	lists := strings.Split(readRepo(t, "templates", "guides", "managing-an-organization.md.tmpl"), "```terraform\n")[1:]
	if len(lists) != 4 {
		t.Fatalf("the guide shows %d lists, want 4", len(lists))
	}
	c := w.cli(map[string]string{"main.tf": readRepo(t, "examples", "organization-team", "main.tf")})
	apply := func(list string, want map[string]int) {
		t.Helper()
		team, _, _ := strings.Cut(list, "```")
		c.write("team.auto.tfvars", team)
		w.emu.ClearRequests()
		c.must("apply", "-auto-approve")
		got := w.requests()
		for route := range noChanges() {
			if got[route] != want[route] {
				t.Errorf("%s was called %d times, want %d", route, got[route], want[route])
			}
		}
		c.wantEmptyPlan()
	}
	apply(lists[0], nil)
	apply(lists[1], map[string]int{inviteRoute: 1})
	w.wantRole("ann@example.test", "")
	w.annJoins()
	c.wantEmptyPlan()
	w.wantRole("ann@example.test", "member")
	apply(lists[2], map[string]int{roleRoute: 1})
	apply(lists[3], map[string]int{removeRoute: 1})
	if got := c.must("output", "not_in_the_list"); strings.Contains(got, "@") {
		t.Errorf("not in the list are %s", got)
	}
	w.wantRole("ann@example.test", "admin")
	w.wantRole("dev@partner.test", "")
	c.mustFail([]string{"would be without an admin", "admin@partner.test", "ann@example.test"}, "destroy", "-auto-approve")
}

// wantEmptyPlan asserts that a plan has nothing to do.
func (c *cli) wantEmptyPlan() {
	c.t.Helper()
	if out, code := c.run("plan", "-detailed-exitcode"); code != 0 {
		c.t.Errorf("exit code %d of a plan: %s", code, out)
	}
}
