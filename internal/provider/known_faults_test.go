package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// Each of these tests is named after a fault that other providers for Neon have.
// Those of creation and of import are in files of their own.

func TestKnownFaultProjectThatTheKeyCannotSeeIsPlannedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `resource "neon_project" "app" { name = "app" }`
	w.run(
		resource.TestStep{Config: w.partner(body)},
		resource.TestStep{
			Config:      w.config(customerOwner, "", body),
			ExpectError: diagnostic("Project not visible to this key"),
		},
		resource.TestStep{Config: w.partner(body), ConfigPlanChecks: unchanged()},
	)
}

func TestKnownFaultDeletedDefaultDatabaseMakesTheProjectPlannedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" {}`)
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				p := w.onlyProject()
				w.call(partnerAdmin, "DELETE", "/projects/"+p.ID+"/branches/"+p.Branches[0].ID+"/databases/neondb", "")
			},
			Config: config, ConfigPlanChecks: unchanged(),
		},
		resource.TestStep{
			PreConfig: func() {
				p := w.onlyProject()
				w.call(partnerAdmin, "DELETE", "/projects/"+p.ID+"/branches/"+p.Branches[0].ID+"/roles/neondb_owner", "")
			},
			Config: config, ConfigPlanChecks: unchanged(),
		},
	)
}

func TestKnownFaultDisabledOrMissingDefaultEndpointPanics(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(w *world, endpoint string){
		"disabled": func(w *world, endpoint string) {
			w.call(partnerOrgKey, "PATCH", endpoint, `{"endpoint":{"disabled":true}}`)
		},
		"missing": func(w *world, endpoint string) { w.call(partnerAdmin, "DELETE", endpoint, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := func(name string) string {
				return w.partner(fmt.Sprintf(`resource "neon_project" "app" { name = %q }`, name))
			}
			w.run(
				resource.TestStep{Config: config("app")},
				resource.TestStep{
					PreConfig: func() {
						p := w.onlyProject()
						disturb(w, "/projects/"+p.ID+"/endpoints/"+p.Branches[0].Endpoints[0].ID)
					},
					Config: config("app"), ConfigPlanChecks: unchanged(),
				},
				resource.TestStep{Config: config("shop"), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate)},
				resource.TestStep{
					Config: config("shop"), ResourceName: appProject, ImportState: true, ImportStateVerify: true,
					ImportStateVerifyIgnore: []string{"branch", "default_endpoint_id", "default_endpoint_host"},
				},
			)
		})
	}
}

func TestKnownFaultDelete422IsReportedAsDestroyComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" {}`)
	refusal := emulator.Fault{
		Method: "DELETE", Path: "/projects/*", Times: 1,
		Effect: emulator.FaultEffect{Status: 422, Body: json.RawMessage(`{"request_id":"r","code":"","message":"the project has something in it"}`)},
	}
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: w.fault(refusal), Config: config, Destroy: true,
			ExpectError: diagnostic("Project not deleted.*the project has something in it"),
		},
		resource.TestStep{PreConfig: func() { w.onlyProject() }, Config: config, ConfigPlanChecks: unchanged()},
	)
}

func TestKnownFaultMaintenanceWindowChangesPanic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	window := func(days, start, end string) string {
		return w.partner(fmt.Sprintf(`
resource "neon_project" "app" {
  settings = {
    maintenance_window = {
      weekdays   = %s
      start_time = %q
      end_time   = %q
    }
  }
}`, days, start, end))
	}
	none := w.partner(`resource "neon_project" "app" {}`)
	w.run(
		resource.TestStep{Config: none},
		resource.TestStep{Config: window("[7]", "01:00", "02:00"), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate)},
		resource.TestStep{
			Config: window("[1, 7]", "22:00", "23:00"), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate),
			Check: w.wantBody("PATCH /projects/{project_id}", `{"project":{"settings":{"maintenance_window":{"weekdays":[1,7],"start_time":"22:00","end_time":"23:00"}}}}`),
		},
		resource.TestStep{Config: window("[7, 1]", "22:00", "23:00"), ConfigPlanChecks: unchanged()},
		resource.TestStep{Config: none, ConfigPlanChecks: unchanged()},
		resource.TestStep{
			PreConfig: func() {
				w.call(partnerAdmin, "PATCH", "/projects/"+w.onlyProject().ID,
					`{"project":{"settings":{"maintenance_window":{"weekdays":[3],"start_time":"03:00","end_time":"04:00"}}}}`)
			},
			Config: window("[1, 7]", "22:00", "23:00"), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate),
		},
	)
}

// answersWithout lets reads of the project leave out settings from now on, as Neon
// may do with what isn't set.
func (w *world) answersWithout(settings ...string) func() {
	return func() {
		w.t.Helper()
		p := w.onlyProject()
		project, err := w.client(partnerAdmin).GetProject(w.t.Context(), p.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := json.Marshal(neon.ProjectEnvelope{Project: *project})
		if err != nil {
			w.t.Fatal(err)
		}
		var answer map[string]map[string]any
		if err := json.Unmarshal(text, &answer); err != nil {
			w.t.Fatal(err)
		}
		if len(settings) == 0 {
			delete(answer["project"], "settings")
			delete(answer["project"], "default_endpoint_settings")
		}
		for _, name := range settings {
			delete(answer["project"]["settings"].(map[string]any), name)
		}
		body, err := json.Marshal(answer)
		if err != nil {
			w.t.Fatal(err)
		}
		w.fault(emulator.Fault{Method: "GET", Path: "/projects/" + p.ID, Effect: emulator.FaultEffect{Status: 200, Body: body}})()
	}
}

// wantFault asserts that requests met a fault, so that a test is about what it says.
func (w *world) wantFault(name string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if !slices.ContainsFunc(w.emu.Requests(), func(r emulator.RequestRecord) bool { return r.Fault == name }) {
			return fmt.Errorf("no request met the fault %q", name)
		}
		return nil
	}
}

func TestKnownFaultSettingsWithoutAllowedIPsPanic(t *testing.T) {
	t.Parallel()
	for name, missing := range map[string][]string{
		"allowed_ips": {"allowed_ips"}, "maintenance_window": {"maintenance_window"}, "all": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner(`resource "neon_project" "app" { settings = { allowed_ips = { ips = [] } } }`)
			w.run(
				resource.TestStep{Config: config},
				resource.TestStep{PreConfig: w.answersWithout(missing...), Config: config, ConfigPlanChecks: unchanged(), Check: w.wantFault("status 200")},
				resource.TestStep{
					PreConfig: w.emu.ClearFaults,
					Config:    w.partner(`resource "neon_project" "app" { settings = { allowed_ips = { ips = ["203.0.113.7"] } } }`),
				},
			)
		})
	}
}

func TestKnownFaultWriteOnceAttributeGivesAPermanentDiff(t *testing.T) {
	t.Parallel()
	for name, attribute := range map[string]string{"false": "store_passwords = false", "true": "store_passwords = true", "not set": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner("resource \"neon_project\" \"app\" {\n  " + attribute + "\n}")
			w.run(
				resource.TestStep{Config: config},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{"PATCH /projects/{project_id}": 0})},
				resource.TestStep{Config: w.partner(`resource "neon_project" "app" {}`), ConfigPlanChecks: unchanged()},
			)
		})
	}
}

func TestKnownFaultZeroQuotaIsNeverSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(seconds int) string {
		return w.partner(fmt.Sprintf(`resource "neon_project" "app" { settings = { quota = { active_time_seconds = %d } } }`, seconds))
	}
	w.run(
		resource.TestStep{Config: config(60)},
		resource.TestStep{
			Config: config(0), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate),
			Check: w.wantBody("PATCH /projects/{project_id}", `{"project":{"settings":{"quota":{"active_time_seconds":0}}}}`),
		},
		resource.TestStep{Config: config(0), ConfigPlanChecks: unchanged()},
	)
}

func TestKnownFaultDefaultRetentionThatTheFreePlanRefusesIsSent(t *testing.T) {
	t.Parallel()
	seed := emulator.DefaultSeed()
	seed.Organizations[0].Plan = "free"
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	config := w.partner(`resource "neon_project" "app" {}`)
	w.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("history_retention_seconds"), knownvalue.Int64Exact(21600)),
			},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
	// Only what is configured was sent, and the mark that makes the creation safe.
	for _, r := range w.emu.Requests() {
		if r.Route != "POST /projects" {
			continue
		}
		var body struct {
			Project map[string]any `json:"project"`
		}
		if err := json.Unmarshal(r.RequestBody, &body); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(body.Project)), " "); got != "branch org_id" {
			t.Errorf("sent %q, want the branch's mark and the organization alone", got)
		}
	}
}

func TestKnownFaultDeletionThatIsAlreadyDoneFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" {}`)})
	c.must("apply", "-auto-approve")
	if err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Without a refresh the deletion itself meets the project that is gone, and a
	// project that is gone for good answers otherwise than one that can be recovered.
	c.must("plan", "-destroy", "-refresh=false", "-out=plan")
	w.advance(30 * 24 * time.Hour)
	c.must("apply", "plan")
	c.must("apply", "-auto-approve")
	if err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.must("destroy", "-auto-approve", "-refresh=false")
	if out := c.must("state", "list"); out != "" {
		t.Errorf("the state still has %s", out)
	}
}
