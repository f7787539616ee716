package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

const movedID = "calm-river-12345678"

func movedState(tb testing.TB, name string) []byte {
	tb.Helper()
	state, err := os.ReadFile(filepath.Join("testdata", "moved", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	return state
}

// movedSettings are what testdata/moved/full.json says, at Neon.
func movedSettings(p *emulator.Project) {
	p.Settings = &neon.ProjectSettings{
		Quota:                    &neon.ProjectQuota{ComputeTimeSeconds: new(int64(3600)), LogicalSizeBytes: new(int64(1000000))},
		AllowedIPs:               &neon.AllowedIPs{IPs: &[]string{"203.0.113.0/24", "198.51.100.7"}, ProtectedBranchesOnly: new(true)},
		EnableLogicalReplication: new(true),
		MaintenanceWindow:        &neon.MaintenanceWindow{Weekdays: []int64{6, 7}, StartTime: "02:00", EndTime: "03:00"},
	}
	p.DefaultEndpointSettings = &neon.DefaultEndpointSettings{
		AutoscalingLimitMinCU: new(0.5), AutoscalingLimitMaxCU: new(4.0), SuspendTimeoutSeconds: new(int64(600)),
	}
}

// worldToMove has the project that the states in testdata/moved describe.
func worldToMove(t *testing.T, change func(*emulator.Project)) *world {
	t.Helper()
	project := emulator.Project{ID: movedID, Name: "app", OrgID: acme, RegionID: "aws-us-east-1", PgVersion: 16}
	if change != nil {
		change(&project)
	}
	return newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Projects = []emulator.Project{project}
		o.Seed = &seed
	})
}

// stateFile is a state of a CLI in which kislerdm/neon has a project, or several by count.
func stateFile(t *testing.T, version int, projects ...[]byte) string {
	t.Helper()
	return stateFileOf(t, "neon_project", version, projects...)
}

// stateFileOf is stateFile for any type of resource.
func stateFileOf(t *testing.T, resourceType string, version int, objects ...[]byte) string {
	t.Helper()
	var instances []map[string]any
	for i, attributes := range objects {
		instance := map[string]any{"schema_version": version, "attributes": json.RawMessage(attributes), "sensitive_attributes": []any{}}
		if len(objects) > 1 {
			instance["index_key"] = i
		}
		instances = append(instances, instance)
	}
	host := testcli.RegistryHost(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	file, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "0c0a0f7e-3b51-4a0e-9d3c-7a5b2f1c9e11", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": resourceType, "name": "old", "provider": fmt.Sprintf("provider[%q]", host+"/kislerdm/neon"),
			"instances": instances,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

const movedBlock = `
moved {
  from = neon_project.old
  to   = neon_project.app
}
`

const movedFull = movedBlock + `
resource "neon_project" "app" {
  name                      = "app"
  org_id                    = "org-partner-acme-10000001"
  region_id                 = "aws-us-east-1"
  pg_version                = 16
  store_passwords           = true
  history_retention_seconds = 86400

  branch = {
    name          = "trunk"
    role_name     = "worker"
    database_name = "orders"
  }

  default_endpoint_settings = {
    autoscaling_limit_min_cu = 0.5
    autoscaling_limit_max_cu = 4
    suspend_timeout_seconds  = 600
  }

  settings = {
    quota = {
      active_time_seconds  = 0
      compute_time_seconds = 3600
      logical_size_bytes   = 1000000
    }
    allowed_ips = {
      ips                     = ["198.51.100.7", "203.0.113.0/24"]
      protected_branches_only = true
    }
    enable_logical_replication = true
    block_public_connections   = false
    block_vpc_connections      = false
    maintenance_window = {
      weekdays   = [6, 7]
      start_time = "02:00"
      end_time   = "03:00"
    }
  }
}
`

func TestProjectIsMovedFromAnotherProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state  string
		body   string
		atNeon func(*emulator.Project)
	}{
		"every setting":                      {state: "full", body: movedFull, atNeon: movedSettings},
		"every setting, and none is set":     {state: "full", body: movedBlock + `resource "neon_project" "app" {}`, atNeon: movedSettings},
		"no setting":                         {state: "plain", body: movedBlock + `resource "neon_project" "app" {}`},
		"no setting, and zero is what's set": {state: "plain", body: movedBlock + `resource "neon_project" "app" { settings = { quota = { written_data_bytes = 0 } } }`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldToMove(t, test.atNeon)
			c := w.cli(map[string]string{"main.tf": w.partner(test.body), "terraform.tfstate": stateFile(t, 11, movedState(t, test.state))})

			c.must("plan", "-out=plan")
			c.wantOnlyMoved("plan")
			c.must("apply", "plan")
			if out, code := c.run("plan", "-detailed-exitcode"); code != 0 {
				t.Errorf("the second plan is not empty: %s", out)
			}
			state, err := os.ReadFile(filepath.Join(c.dir, "terraform.tfstate"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(state), "hush") || !strings.Contains(string(state), `"identity": {`) {
				t.Errorf("a password is in state, or the identity is not: %s", state)
			}
			for route := range w.requests() {
				if !strings.HasPrefix(route, "GET ") {
					t.Errorf("%s was called", route)
				}
			}
		})
	}
}

// Who puts this provider in the place of the other in the state keeps all names.
func TestProviderOfTheStateIsReplaced(t *testing.T) {
	t.Parallel()
	w := worldToMove(t, movedSettings)
	state := strings.Replace(stateFile(t, 11, movedState(t, "full")), `"name":"old"`, `"name":"app"`, 1)
	c := w.cli(map[string]string{"main.tf": w.partner(strings.TrimPrefix(movedFull, movedBlock)), "terraform.tfstate": state})
	c.must("state", "replace-provider", "-auto-approve", "kislerdm/neon", "neon-orgs/neon")
	if out, code := c.run("plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan is not empty: %s", out)
	}
	c.must("apply", "-auto-approve")
	kept, err := os.ReadFile(filepath.Join(c.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(kept), "hush") || !strings.Contains(string(kept), `"identity": {`) {
		t.Errorf("a password is in state, or the identity is not: %s", kept)
	}
	for route := range w.requests() {
		if !strings.HasPrefix(route, "GET ") {
			t.Errorf("%s was called", route)
		}
	}
}

// A state of another version is refused by name also where its provider was replaced.
func TestProviderOfTheStateIsReplacedTooEarly(t *testing.T) {
	t.Parallel()
	w := worldToMove(t, nil)
	state := strings.NewReplacer("kislerdm/neon", "neon-orgs/neon", `"name":"old"`, `"name":"app"`).Replace(stateFile(t, 10, movedState(t, "plain")))
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" {}`), "terraform.tfstate": state})
	c.mustFail([]string{"Project can't be moved", "schema version 10", "Upgrade kislerdm/neon to version 0.13.0"}, "plan")
	w.wantNoRequests()
}

func TestProjectsAreMovedByCount(t *testing.T) {
	t.Parallel()
	w, _ := worldToImport(t, 2)
	plain := string(movedState(t, "plain"))
	number := func(n string) []byte { return []byte(strings.Replace(plain, movedID, "calm-river-0000000"+n, 1)) }
	c := w.cli(map[string]string{
		"main.tf":           w.partner(movedBlock + `resource "neon_project" "app" { count = 2 }`),
		"terraform.tfstate": stateFile(t, 11, number("1"), number("2")),
	})
	c.must("apply", "-auto-approve")
	if got := c.must("state", "list"); got != "neon_project.app[0] neon_project.app[1]" {
		t.Errorf("the state has %s", got)
	}
	if n := len(w.projects()); n != 2 {
		t.Errorf("%d projects exist, want 2", n)
	}
	for route := range w.requests() {
		if !strings.HasPrefix(route, "GET ") {
			t.Errorf("%s was called", route)
		}
	}
}

// wantOnlyMoved asserts that a plan does nothing but give the project its new address.
func (c *cli) wantOnlyMoved(plan string) {
	c.t.Helper()
	c.wantOnlyMovedTo(plan, "neon_project.old", "neon_project.app")
}

func (c *cli) wantOnlyMovedTo(plan, from, to string) {
	c.t.Helper()
	var shown struct {
		ResourceChanges []struct {
			Address         string `json:"address"`
			PreviousAddress string `json:"previous_address"`
			Change          struct {
				Actions []string `json:"actions"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(c.must("show", "-json", plan)), &shown); err != nil {
		c.t.Fatal(err)
	}
	if len(shown.ResourceChanges) != 1 {
		c.t.Fatalf("the plan has %+v", shown.ResourceChanges)
	}
	got := shown.ResourceChanges[0]
	if got.Address != to || got.PreviousAddress != from || fmt.Sprint(got.Change.Actions) != "[no-op]" {
		c.t.Errorf("the plan is %+v", got)
	}
}

func TestMoveThatIsRefused(t *testing.T) {
	t.Parallel()
	project := movedBlock + `resource "neon_project" "app" {}`
	for name, test := range map[string]struct {
		version int
		change  func(map[string]any)
		want    []string
	}{
		"written by an old release": {version: 9, want: []string{"Project can't be moved", "schema version 9", "Upgrade kislerdm/neon to version 0.13.0"}},
		"written by a new release":  {version: 12, want: []string{"Project can't be moved", "schema version 12", "newer version of this provider", "import block"}},
		"without an id":             {version: 11, change: func(s map[string]any) { delete(s, "id") }, want: []string{"Project can't be moved", "its id is not that of a Neon project"}},
		"a flag that is none": {
			version: 11, change: func(s map[string]any) { s["store_password"] = "perhaps" },
			want: []string{"Project can't be moved", "neither \"yes\" nor \"no\""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldToMove(t, nil)
			attributes := movedState(t, "plain")
			if test.change != nil {
				var state map[string]any
				if err := json.Unmarshal(attributes, &state); err != nil {
					t.Fatal(err)
				}
				test.change(state)
				attributes, _ = json.Marshal(state)
			}
			c := w.cli(map[string]string{"main.tf": w.partner(project), "terraform.tfstate": stateFile(t, test.version, attributes)})
			c.mustFail(test.want, "plan")
			w.wantNoRequests()
		})
	}
}

// A project that is hidden from the key is not forgotten in the course of a move.
func TestMoveOfAProjectThatTheKeyCannotSee(t *testing.T) {
	t.Parallel()
	w := worldToMove(t, nil)
	c := w.cli(map[string]string{
		"main.tf":           w.config(customerOwner, "", movedBlock+`resource "neon_project" "app" {}`),
		"terraform.tfstate": stateFile(t, 11, movedState(t, "plain")),
	})
	c.mustFail([]string{"Project not visible to this key"}, "plan")
}

// The guide's examples are applied as they stand, to a state of the other provider.
func TestMigratingExamples(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "migrating.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"moved", "side-by-side", "import"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example, err := os.ReadFile(filepath.Join("..", "..", "examples", "migrating", name, "main.tf"))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(guide), "```terraform\n"+string(example)+"```\n") {
				t.Error("the guide shows something else")
			}
			w := worldToMove(t, movedSettings)
			environment := map[string]string{"NEON_API_HOST": w.url, "NEON_API_KEY": partnerAdmin}
			w.getenv = func(name string) string { return environment[name] }
			c := w.cli(map[string]string{"main.tf": string(example), "terraform.tfstate": stateFile(t, 11, movedState(t, "full"))})
			c.must("plan", "-out=plan")
			if name != "import" {
				c.wantOnlyMoved("plan")
			}
			c.must("apply", "plan")
			if out, code := c.run("plan", "-detailed-exitcode"); code != 0 {
				t.Errorf("the second plan is not empty: %s", out)
			}
			if got := c.must("state", "list"); got != "neon_project.app" {
				t.Errorf("the state has %s", got)
			}
			for route := range w.requests() {
				if !strings.HasPrefix(route, "GET ") {
					t.Errorf("%s was called", route)
				}
			}
		})
	}
}
