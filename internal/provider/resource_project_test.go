package provider

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const appProject = "neon_project.app"

// planned asserts the action that is planned for an address.
func planned(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// unchanged asserts that there is nothing to do.
func unchanged() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

func expectString(address, attribute, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(value))
}

func TestProjectWithDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" {}`)
	w.run(
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: planned(appProject, plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(appProject, "org_id", acme),
				expectString(appProject, "owner_id", acme),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("pg_version"), knownvalue.Int64Exact(17)),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("claimable"), knownvalue.Null()),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("deletion_protection"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("branch").AtMapKey("name"), knownvalue.StringExact("main")),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("branch").AtMapKey("database_name"), knownvalue.StringExact("neondb")),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("default_endpoint_host"), knownvalue.StringRegexp(regexp.MustCompile(`^ep-`))),
			},
			Check: w.wantRequests(map[string]int{"POST /projects": 1}),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{"PATCH /projects/{project_id}": 0})},
	)
}

const fullProject = `
resource "neon_project" "app" {
  name                      = "app"
  org_id                    = "org-partner-labs-10000002"
  region_id                 = "aws-eu-central-1"
  pg_version                = 16
  store_passwords           = false
  history_retention_seconds = 3600

  branch = {
    name          = "trunk"
    role_name     = "worker"
    database_name = "orders"
  }

  default_endpoint_settings = {
    autoscaling_limit_min_cu = 0.5
    autoscaling_limit_max_cu = 4
    suspend_timeout_seconds  = 0
  }

  settings = {
    quota = {
      active_time_seconds  = 0
      compute_time_seconds = 3600
      logical_size_bytes   = 1000000
    }
    allowed_ips = {
      ips                     = ["203.0.113.0/24", "198.51.100.7"]
      protected_branches_only = false
    }
    enable_logical_replication = false
    maintenance_window = {
      weekdays   = [7, 6]
      start_time = "02:00"
      end_time   = "03:00"
    }
    block_public_connections = false
    block_vpc_connections    = false
  }

  timeouts = { create = "5m" }
}`

func TestProjectWithEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	settings := tfjsonpath.New("settings")
	w.run(
		resource.TestStep{
			Config: w.partner(fullProject),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(appProject, "org_id", labs),
				expectString(appProject, "region_id", "aws-eu-central-1"),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("store_passwords"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("branch"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"name": knownvalue.StringExact("trunk"), "role_name": knownvalue.StringExact("worker"), "database_name": knownvalue.StringExact("orders"),
				})),
				statecheck.ExpectKnownValue(appProject, settings.AtMapKey("quota").AtMapKey("active_time_seconds"), knownvalue.Int64Exact(0)),
				statecheck.ExpectKnownValue(appProject, settings.AtMapKey("allowed_ips").AtMapKey("ips"), knownvalue.SetSizeExact(2)),
			},
		},
		resource.TestStep{Config: w.partner(fullProject), ConfigPlanChecks: unchanged()},
	)
}

func TestProjectChangesInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(body string) string { return w.partner("resource \"neon_project\" \"app\" {\n" + body + "\n}") }
	w.run(
		resource.TestStep{Config: config(`
  name = "one"
  settings = {
    quota       = { active_time_seconds = 60, written_data_bytes = 5000 }
    allowed_ips = { ips = ["203.0.113.7"] }
  }`)},
		resource.TestStep{
			// Zero and empty are values. The group that changes is sent whole, the rest not at all.
			PreConfig: w.emu.ClearRequests,
			Config: config(`
  name = "two"
  settings = {
    quota       = { active_time_seconds = 0, written_data_bytes = 5000 }
    allowed_ips = { ips = [] }
  }`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(appProject, plancheck.ResourceActionUpdate),
				// What nobody asked to change is not shown as if it might.
				plancheck.ExpectKnownValue(appProject, tfjsonpath.New("settings").AtMapKey("audit_log_level"), knownvalue.Null()),
				plancheck.ExpectKnownValue(appProject, tfjsonpath.New("settings").AtMapKey("quota").AtMapKey("logical_size_bytes"), knownvalue.Null()),
			}},
			Check: w.wantBody("PATCH /projects/{project_id}",
				`{"project":{"settings":{"quota":{"active_time_seconds":0,"written_data_bytes":5000},"allowed_ips":{"ips":[],"protected_branches_only":false}},"name":"two"}}`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("settings").AtMapKey("quota").AtMapKey("active_time_seconds"), knownvalue.Int64Exact(0)),
				statecheck.ExpectKnownValue(appProject, tfjsonpath.New("settings").AtMapKey("allowed_ips").AtMapKey("ips"), knownvalue.SetSizeExact(0)),
			},
		},
		resource.TestStep{
			// What is no longer configured stays as it is.
			Config:           config(`name = "two"`),
			ConfigPlanChecks: unchanged(),
		},
	)
}

func TestProjectChangedOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" { name = "app" }`)
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				_, err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Update(t.Context(), neon.ProjectUpdate{Name: new("renamed")})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:            config,
			ConfigPlanChecks:  planned(appProject, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{expectString(appProject, "name", "app")},
		},
	)
}

func TestProjectDeletedOutside(t *testing.T) {
	t.Parallel()
	for name, claimable := range map[string]bool{"plain": false, "claimable": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner(fmt.Sprintf(`resource "neon_project" "app" { claimable = %t }`, claimable))
			w.run(
				resource.TestStep{Config: config},
				resource.TestStep{
					PreConfig: func() {
						if err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Delete(t.Context()); err != nil {
							t.Fatal(err)
						}
					},
					Config:           config,
					ConfigPlanChecks: planned(appProject, plancheck.ResourceActionCreate),
				},
			)
		})
	}
}

func TestProjectMovesToAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(org, name string) string {
		return w.partner(fmt.Sprintf("resource \"neon_project\" \"app\" {\n  name = %q\n  org_id = %q\n}", name, org))
	}
	var id string
	w.run(
		resource.TestStep{Config: config(acme, "app")},
		resource.TestStep{
			PreConfig:        func() { id = w.onlyProject().ID },
			Config:           config(labs, "app-at-labs"),
			ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(appProject, "org_id", labs),
				expectString(appProject, "owner_id", labs),
				expectString(appProject, "name", "app-at-labs"),
			},
			Check: w.wantRequests(map[string]int{
				"POST /organizations/{source_org_id}/projects/transfer": 1, "POST /projects": 1, "DELETE /projects/{project_id}": 0,
			}),
		},
		resource.TestStep{Config: config(labs, "app-at-labs"), ConfigPlanChecks: unchanged()},
		resource.TestStep{
			PreConfig: func() {
				if p := w.onlyProject(); p.ID != id || p.OwnerID != labs {
					t.Errorf("project %s is in %s, want %s in %s", p.ID, p.OwnerID, id, labs)
				}
			},
			// An organization key is told before anything is sent.
			Config:      w.config(partnerOrgKey, "", "resource \"neon_project\" \"app\" {\n  org_id = \""+acme+"\"\n}"),
			ExpectError: diagnostic("Project not visible to this key"),
		},
		resource.TestStep{Config: config(labs, "app-at-labs"), ConfigPlanChecks: unchanged()},
	)
}

func TestProjectMoveIsRefused(t *testing.T) {
	t.Parallel()
	seed := emulator.DefaultSeed()
	seed.Organizations[1].ProjectsLimit = new(int64(0))
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	config := func(key, org string) string {
		return w.config(key, acme, fmt.Sprintf("resource \"neon_project\" \"app\" {\n  org_id = %q\n}", org))
	}
	w.run(
		resource.TestStep{Config: config(partnerAdmin, acme)},
		resource.TestStep{Config: config(partnerAdmin, labs), ExpectError: diagnostic(`Project not transferred.*projects_count`)},
		resource.TestStep{Config: config(partnerOrgKey, labs), ExpectError: diagnostic(`A personal API key is needed`)},
		// The state still has the old organization.
		resource.TestStep{Config: config(partnerAdmin, acme), ConfigPlanChecks: unchanged()},
	)
}

func TestProjectIsProtected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(protected bool, version int) string {
		return w.partner(fmt.Sprintf("resource \"neon_project\" \"app\" {\n  deletion_protection = %t\n  pg_version = %d\n}", protected, version))
	}
	w.run(
		resource.TestStep{Config: config(true, 17)},
		resource.TestStep{Config: config(true, 16), ExpectError: diagnostic("Project is protected from deletion.*pg_version")},
		resource.TestStep{Config: config(true, 17), Destroy: true, ExpectError: diagnostic("Project is protected from deletion")},
		resource.TestStep{Config: config(false, 17), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate)},
	)
	if n := w.requests()["DELETE /projects/{project_id}"]; n != 1 {
		t.Errorf("%d deletions, want the one at the end", n)
	}
}

func TestProjectIsReplacedOnlyForWhatCannotChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(version int) string {
		return w.partner(fmt.Sprintf(`resource "neon_project" "app" { pg_version = %d }`, version))
	}
	w.run(
		resource.TestStep{Config: config(16)},
		resource.TestStep{Config: config(17), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionReplace)},
	)
}

func TestLogicalReplicationHasNoWayBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(on bool) string {
		return w.partner(fmt.Sprintf(`resource "neon_project" "app" { settings = { enable_logical_replication = %t } }`, on))
	}
	w.run(
		resource.TestStep{Config: config(false)},
		resource.TestStep{Config: config(true), ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate)},
		resource.TestStep{Config: config(false), ExpectError: diagnostic("Logical replication can't be turned off")},
	)
}

func TestProjectImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `
resource "neon_project" "app" {
  name   = "app"
  branch = { name = "trunk" }
}`
	w.run(
		resource.TestStep{Config: w.partner(body)},
		resource.TestStep{
			Config: w.partner(body), ResourceName: appProject, ImportState: true, ImportStateVerify: true,
			// What a project started with is not told again.
			ImportStateVerifyIgnore: []string{"branch"},
		},
		resource.TestStep{
			Config: w.partner(body), ResourceName: appProject, ImportState: true,
			ImportStateId: "Not An Id", ExpectError: diagnostic("Invalid project id"),
		},
		resource.TestStep{
			Config: w.partner(body), ResourceName: appProject, ImportState: true,
			ImportStateId: "nobody-knows-12345678", ExpectError: diagnostic(`(Project not found|Cannot import non-existent)`),
		},
	)
}

func TestProjectImportByIdentity(t *testing.T) {
	t.Parallel()
	requireIdentities(t)
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" { name = "app" }`)
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ResourceName: appProject, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestProjectWithFailedOperationIsInState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`resource "neon_project" "app" { name = "app" }`)
	w.run(
		resource.TestStep{
			PreConfig:   w.fault(emulator.Fault{Method: "POST", Path: "/projects", Times: 1, Effect: emulator.FaultEffect{FailOperations: true}}),
			Config:      config,
			ExpectError: diagnostic("Project created, but not ready"),
		},
		resource.TestStep{
			PreConfig:        func() { w.onlyProject() },
			Config:           config,
			ConfigPlanChecks: planned(appProject, plancheck.ResourceActionReplace),
		},
	)
}

func TestProjectRefusesBadInput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"name of an organization":    {`org_id = "acme"`, `org-<`},
		"capitals":                   {`org_id = "Org-Cool-1"`, `lower case`},
		"no more than the beginning": {`org_id = "org-"`, `Invalid organization id`},
		"a project's id":             {`org_id = "cool-breeze-12345678"`, `project`},
		"a blank at the end":         {`org_id = "org-cool-breeze-12345678 "`, `blank`},
		"empty name":                 {`name = ""`, `name`},
		"negative quota":             {`settings = { quota = { active_time_seconds = -1 } }`, `at least 0`},
		"no such day":                {`settings = { maintenance_window = { weekdays = [8], start_time = "01:00", end_time = "02:00" } }`, `between 1 and 7`},
		"no such time":               {`settings = { maintenance_window = { weekdays = [1], start_time = "25:00", end_time = "02:00" } }`, `HH:MM`},
		"address with a blank":       {`settings = { allowed_ips = { ips = ["1.2.3.4 "] } }`, `1\.2\.3\.4`},
		"tiny compute":               {`default_endpoint_settings = { autoscaling_limit_min_cu = 0.1 }`, `0\.25`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{
				Config:      w.partner("resource \"neon_project\" \"app\" {\n  " + test.body + "\n}"),
				ExpectError: diagnostic(test.want),
			})
			w.wantNoRequests()
		})
	}
}
