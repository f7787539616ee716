package provider

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// The tests in the files handover_*_test.go let the world change between two looks,
// and run the CLI itself: saved plans, -replace and -refresh=false are roads to a
// destruction that the acceptance framework does not take.

const (
	deleteProject    = "DELETE /projects/{project_id}"
	createProject    = "POST /projects"
	changeProject    = "PATCH /projects/{project_id}"
	customer         = "neon_project.customer"
	claimedForgotten = "Warning: Claimed project was only forgotten"
)

// taker is somebody who claims: whose key it is, and which organization the project goes to.
type taker struct{ key, orgID string }

// takers are those who claim: into an organization that the partner's key sees, as an
// admin even, and into one that it does not see.
func takers() map[string]taker {
	return map[string]taker{"into an organization that the key sees": inSight, "out of sight": outOfSight}
}

var (
	inSight    = taker{partnerDev, labs}
	outOfSight = taker{customerOwner, bloom}
)

// forBothTakers runs the test once for each of them.
func forBothTakers(t *testing.T, test func(t *testing.T, to taker)) {
	t.Helper()
	for name, to := range takers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, to)
		})
	}
}

// handOver has a project claimed by a link that the configuration does not know.
func (w *world) handOver(projectID string, to taker) {
	w.t.Helper()
	offer, err := neontest.Held(w.t, w.client(partnerAdmin), projectID).Offer(w.t.Context(), 3600)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.client(to.key).AcceptTransferRequest(w.t.Context(), projectID, offer.ID, to.orgID); err != nil {
		w.t.Fatal(err)
	}
}

// named returns the project of that name, deleted ones left out.
func (w *world) named(name string) emulator.Project {
	w.t.Helper()
	projects := w.projects()
	i := slices.IndexFunc(projects, func(p emulator.Project) bool { return p.Name == name })
	if i < 0 {
		w.t.Fatalf("there is no project %q", name)
	}
	return projects[i]
}

// wantOwned asserts that a project exists, and whose it is.
func (w *world) wantOwned(projectID, ownerID string) {
	w.t.Helper()
	for _, p := range w.projects() {
		if p.ID == projectID {
			if p.OwnerID != ownerID {
				w.t.Errorf("project %s belongs to %s, want %s", projectID, p.OwnerID, ownerID)
			}
			return
		}
	}
	w.t.Errorf("project %s does not exist", projectID)
}

// wantWrites asserts all that the provider has changed at Neon since the journal was
// cleared, and clears it. An empty map stands for nothing.
func (w *world) wantWrites(want map[string]int) {
	w.t.Helper()
	got := map[string]int{}
	for _, r := range w.emu.Requests() {
		if r.Method != http.MethodGet && strings.Contains(r.UserAgent, "terraform-provider-neon") {
			got[r.Route]++
		}
	}
	if !maps.Equal(got, want) {
		w.t.Errorf("writes were %v, want %v", got, want)
	}
	w.emu.ClearRequests()
}

// applied returns a CLI with this configuration, already applied.
func (w *world) applied(config string) *cli {
	w.t.Helper()
	c := w.cli(map[string]string{"main.tf": config})
	c.must("apply", "-auto-approve")
	w.emu.ClearRequests()
	return c
}

// says runs a command that must succeed and print all of this.
func (c *cli) says(wants []string, args ...string) string {
	c.t.Helper()
	out := c.must(args...)
	for _, want := range wants {
		if !strings.Contains(out, want) {
			c.t.Errorf("%s does not say %q: %s", strings.Join(args, " "), want, afterPlan(out))
		}
	}
	return out
}

// afterPlan leaves out the plan itself, which is long.
func afterPlan(out string) string {
	if i := strings.Index(out, "Plan: "); i >= 0 {
		return out[i:]
	}
	return out
}

// wantQuiet asserts that a plan has nothing to do and warns of nothing.
func (c *cli) wantQuiet() {
	c.t.Helper()
	if out, code := c.run("plan", "-detailed-exitcode"); code != 0 || strings.Contains(out, "Warning:") {
		c.t.Errorf("exit code %d of a plan that should be empty and warn of nothing: %s", code, afterPlan(out))
	}
}

// wantUnchanged asserts that a plan has nothing to do, and that an apply sends nothing.
func (c *cli) wantUnchanged(w *world) {
	c.t.Helper()
	w.emu.ClearRequests()
	c.wantEmptyPlan()
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{})
}

// attribute returns what the state says of a resource; nil for one that is not there.
func (c *cli) attribute(address, name string) any {
	c.t.Helper()
	type module struct {
		Resources []struct {
			Address string         `json:"address"`
			Values  map[string]any `json:"values"`
		} `json:"resources"`
	}
	var state struct {
		Values struct {
			RootModule module `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(c.must("show", "-json")), &state); err != nil {
		c.t.Fatal(err)
	}
	for _, r := range state.Values.RootModule.Resources {
		if r.Address == address {
			return r.Values[name]
		}
	}
	return nil
}

// wantAttribute asserts what the state says; nil for what is not there.
func (c *cli) wantAttribute(address, name string, want any) {
	c.t.Helper()
	if got := c.attribute(address, name); got != want {
		c.t.Errorf("the state says %s.%s = %v, want %v", address, name, got, want)
	}
}
