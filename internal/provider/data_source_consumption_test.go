package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// ides is when it is now in the tests of consumption: noon of a Sunday.
var ides = time.Date(2026, time.March, 15, 12, 0, 0, 0, time.UTC)

// consumers is a world on the ides of March, in which Acme has projects, tenant-1 and
// so on, since the beginning of the year.
func consumers(n int, changes ...func(*emulator.Seed)) func(*emulator.Options) {
	return func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Organizations[0].ProjectsLimit = new(int64(10_000))
		seed.Organizations = append(seed.Organizations, emulator.Organization{ID: "org-free-trial-30000001", Name: "Free", Plan: "free", Keys: []*emulator.Key{{Secret: "napi_free"}}})
		if n > 0 {
			seed.Projects = []emulator.Project{{ID: "tenant-%d", Name: "tenant %d", OrgID: acme, Count: n, CreatedAt: ides.AddDate(0, -2, -14)}}
		}
		for _, change := range changes {
			change(&seed)
		}
		o.Seed, o.Clock = &seed, func() time.Time { return ides }
	}
}

// unhurried is config with a budget of requests that holds nothing up.
func (w *world) unhurried(body string) string {
	return strings.Replace(w.partner(body), "base_url =", fmt.Sprintf("requests_per_minute = %d\n  base_url =", unhurried), 1)
}

// asked counts the provider's requests of a route by how many projects they name.
func (w *world) asked(route string) map[int]int {
	w.t.Helper()
	counts := map[int]int{}
	for _, r := range w.emu.Requests() {
		if r.Route != route || !strings.Contains(r.UserAgent, "terraform-provider-neon") {
			continue
		}
		query, err := url.ParseQuery(r.Query)
		if err != nil {
			w.t.Fatal(err)
		}
		named := query.Get("project_ids")
		counts[len(strings.FieldsFunc(named, func(r rune) bool { return r == ',' }))]++
	}
	return counts
}

// Each data source with 1, 100, 101 and 2,500 projects. A command reads each once, so
// that the requests can be counted.
func TestAccConsumptionOfManyProjects(t *testing.T) {
	t.Parallel()
	const v2, byBranch = "GET /consumption_history/v2/projects", "GET /consumption_history/v2/branches"
	config := func(w *world) string {
		return w.unhurried(`
locals {
  all   = [for i in setproduct(range(50), range(50)) : "tenant-${50 * i[0] + i[1] + 1}"]
  sizes = { one = 1, hundred = 100, hundred_one = 101, all = 2500 }
}

data "neon_project_consumption" "these" {
  for_each    = local.sizes
  period      = "this_month"
  totals_only = true
  metrics     = ["compute_unit_seconds", "root_branch_bytes_month"]
  project_ids = slice(local.all, 0, each.value)
}

data "neon_branch_consumption" "these" {
  for_each    = local.sizes
  period      = "this_month"
  totals_only = true
  metrics     = ["compute_unit_seconds", "root_branch_bytes_month"]
  project_ids = slice(local.all, 0, each.value)
}

data "neon_billing_period_consumption" "these" {
  for_each    = local.sizes
  project_ids = slice(local.all, 0, each.value)
}

data "neon_project_consumption" "organization" {
  period      = "this_month"
  totals_only = true
  metrics     = ["compute_unit_seconds", "root_branch_bytes_month"]
}

data "neon_account_consumption" "billed" {
  period      = "this_month"
  totals_only = true
  metrics     = ["compute_unit_seconds", "root_branch_bytes_month"]
}

data "neon_account_consumption" "legacy" {
  period      = "this_month"
  totals_only = true
  metrics     = ["compute_time_seconds"]
}

output "counts" {
  value = {
    for name, size in local.sizes : name => [
      length(data.neon_project_consumption.these[name].projects) - size,
      length(data.neon_branch_consumption.these[name].branches) - size,
      length(data.neon_billing_period_consumption.these[name].projects) - size,
      sum(data.neon_project_consumption.these[name].projects[*].totals["compute_unit_seconds"]) - data.neon_project_consumption.these[name].totals["compute_unit_seconds"],
      data.neon_branch_consumption.these[name].totals["root_branch_bytes_month"] - data.neon_project_consumption.these[name].totals["root_branch_bytes_month"],
    ]
  }
}

output "sums" {
  value = [
    data.neon_project_consumption.organization.totals["compute_unit_seconds"],
    data.neon_project_consumption.these["all"].totals["compute_unit_seconds"],
    data.neon_branch_consumption.these["all"].totals["compute_unit_seconds"],
    data.neon_account_consumption.billed.totals["compute_unit_seconds"],
    data.neon_account_consumption.legacy.totals["compute_time_seconds"],
    # Nobody works on Sundays, so that the running day adds nothing.
    data.neon_billing_period_consumption.these["all"].totals["compute_time_seconds"],
  ]
}

output "sources" {
  value = [data.neon_account_consumption.billed.source, data.neon_account_consumption.legacy.source]
}
`)
	}
	w := newWorld(t, consumers(2500))
	c := w.cli(map[string]string{"main.tf": config(w)})
	c.must("apply", "-auto-approve", "-input=false", "-parallelism=2")
	var outputs struct {
		Counts  struct{ Value map[string][]int }
		Sums    struct{ Value []int64 }
		Sources struct{ Value []string }
	}
	if err := json.Unmarshal([]byte(c.must("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	if len(outputs.Counts.Value) != 4 {
		t.Errorf("counts are %v", outputs.Counts.Value)
	}
	for name, differences := range outputs.Counts.Value {
		if slices.ContainsFunc(differences, func(n int) bool { return n != 0 }) {
			t.Errorf("%s: differences are %v, want none", name, differences)
		}
	}
	if sums := slices.Compact(outputs.Sums.Value); len(sums) != 1 || sums[0] == 0 {
		t.Errorf("sums are %v, want them to be one", outputs.Sums.Value)
	}
	if !slices.Equal(outputs.Sources.Value, []string{"projects", "account"}) {
		t.Errorf("sources are %v", outputs.Sources.Value)
	}

	// By names: 1, 100, 100 + 1, and 25 hundreds. Without: 25 hundreds and the page
	// that ends the list, for the data source and for the account.
	if got, want := w.asked(v2), map[int]int{1: 2, 100: 1 + 1 + 25, 0: 2 * 26}; !maps.Equal(got, want) {
		t.Errorf("projects were asked for by %v, want %v", got, want)
	}
	// Of branches there may be more than projects, so that each has an empty page at the end.
	if got, want := w.asked(byBranch), map[int]int{1: 2 * 2, 100: 2 * (1 + 1 + 25)}; !maps.Equal(got, want) {
		t.Errorf("branches were asked for by %v, want %v", got, want)
	}
	requests := w.requests()
	for route, want := range map[string]int{
		"GET /consumption_history/account": 1, "GET /consumption_history/projects": 0, "GET /projects": 0,
		"GET /projects/{project_id}": 1 + 100 + 101 + 2500,
	} {
		if requests[route] != want {
			t.Errorf("%s was called %d times, want %d", route, requests[route], want)
		}
	}
}

// The results are typed: numbers are numbers, and times can be reckoned with.
func TestAccConsumptionAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(2, func(s *emulator.Seed) {
		s.Projects[0].ID, s.Projects[0].Name, s.Projects[0].Count = "tenant-a", "a", 0
		s.Projects = append(s.Projects, emulator.Project{ID: "idle-b", Name: "b", OrgID: acme, CreatedAt: ides.AddDate(0, -1, 0), Consumption: &emulator.Consumption{}})
	}))
	const body = `
resource "terraform_data" "later" { input = "tenant-a" }

data "neon_project_consumption" "march" {
  from        = "2026-03-02T10:00:00Z"
  to          = "2026-03-04T23:59:59+00:00"
  project_ids = ["tenant-a", "idle-b", "tenant-a"]
}

data "neon_project_consumption" "sizes" {
  period      = "3mo"
  metrics     = ["logical_size_bytes", "logical_size_bytes_hour"]
}

data "neon_branch_consumption" "later" {
  period      = "24h"
  project_ids = [terraform_data.later.output]
}

data "neon_branch_consumption" "organization" {
  period      = "yesterday"
  totals_only = true
}

data "neon_billing_period_consumption" "organization" {}

data "neon_account_consumption" "empty" {
  period  = "this_month"
  metrics = ["active_time_seconds"]
}

output "hours" {
  value = distinct([for p in data.neon_project_consumption.march.projects[1].periods[0].timeframes : timecmp(timeadd(p.timeframe_start, "24h"), p.timeframe_end)])
}
`
	// Paths that branch off from one another would share their memory.
	march := func() tfjsonpath.Path {
		return tfjsonpath.New("projects").AtSliceIndex(1).AtMapKey("periods").AtSliceIndex(0)
	}
	first := func() tfjsonpath.Path { return march().AtMapKey("timeframes").AtSliceIndex(0) }
	expect := func(address string, at tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+address, at, value)
	}
	eight := make(map[string]knownvalue.Check)
	for metric := range strings.FieldsSeq("compute_unit_seconds root_branch_bytes_month child_branch_bytes_month instant_restore_bytes_month public_network_transfer_bytes private_network_transfer_bytes extra_branches_month snapshot_storage_bytes_month") {
		eight[metric] = knownvalue.NotNull()
	}
	idle := make(map[string]knownvalue.Check)
	for metric := range eight {
		idle[metric] = knownvalue.Int64Exact(0)
	}
	w.run(
		resource.TestStep{
			Config: w.unhurried(body),
			ConfigStateChecks: []statecheck.StateCheck{
				expect("neon_project_consumption.march", tfjsonpath.New("granularity"), knownvalue.StringExact("daily")),
				expect("neon_project_consumption.march", tfjsonpath.New("from"), knownvalue.StringExact("2026-03-02T10:00:00Z")),
				expect("neon_project_consumption.march", tfjsonpath.New("projects"), knownvalue.ListSizeExact(2)),
				expect("neon_project_consumption.march", tfjsonpath.New("projects").AtSliceIndex(0), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"project_id": knownvalue.StringExact("idle-b"), "periods": knownvalue.ListSizeExact(0), "totals": knownvalue.MapExact(idle),
				})),
				expect("neon_project_consumption.march", march().AtMapKey("period_start"), knownvalue.StringExact("2026-03-01T00:00:00Z")),
				expect("neon_project_consumption.march", march().AtMapKey("period_end"), knownvalue.Null()),
				expect("neon_project_consumption.march", march().AtMapKey("period_plan"), knownvalue.StringExact("scale")),
				expect("neon_project_consumption.march", march().AtMapKey("period_id"), knownvalue.NotNull()),
				expect("neon_project_consumption.march", march().AtMapKey("timeframes"), knownvalue.ListSizeExact(2)),
				expect("neon_project_consumption.march", first().AtMapKey("timeframe_start"), knownvalue.StringExact("2026-03-02T00:00:00Z")),
				expect("neon_project_consumption.march", first().AtMapKey("timeframe_end"), knownvalue.StringExact("2026-03-03T00:00:00Z")),
				expect("neon_project_consumption.march", first().AtMapKey("metrics"), knownvalue.MapExact(eight)),
				expect("neon_project_consumption.march", tfjsonpath.New("totals"), knownvalue.MapExact(eight)),
				expect("neon_project_consumption.sizes", tfjsonpath.New("from"), knownvalue.StringExact("2025-12-01T00:00:00Z")),
				expect("neon_project_consumption.sizes", tfjsonpath.New("to"), knownvalue.StringExact("2026-03-01T00:00:00Z")),
				expect("neon_project_consumption.sizes", tfjsonpath.New("granularity"), knownvalue.StringExact("monthly")),
				expect("neon_branch_consumption.later", tfjsonpath.New("branches"), knownvalue.ListSizeExact(1)),
				expect("neon_branch_consumption.later", tfjsonpath.New("branches").AtSliceIndex(0).AtMapKey("project_id"), knownvalue.StringExact("tenant-a")),
				expect("neon_branch_consumption.later", tfjsonpath.New("branches").AtSliceIndex(0).AtMapKey("branch_id"), knownvalue.NotNull()),
				expect("neon_branch_consumption.organization", tfjsonpath.New("branches"), knownvalue.ListSizeExact(2)),
				expect("neon_branch_consumption.organization", tfjsonpath.New("branches").AtSliceIndex(0).AtMapKey("periods"), knownvalue.Null()),
				expect("neon_branch_consumption.organization", tfjsonpath.New("totals").AtMapKey("compute_unit_seconds"), knownvalue.NotNull()),
				expect("neon_billing_period_consumption.organization", tfjsonpath.New("projects").AtSliceIndex(1).AtMapKey("name"), knownvalue.StringExact("a")),
				expect("neon_billing_period_consumption.organization", tfjsonpath.New("projects").AtSliceIndex(1).AtMapKey("consumption_period_start"), knownvalue.StringExact("2026-03-01T00:00:00Z")),
				expect("neon_billing_period_consumption.organization", tfjsonpath.New("projects").AtSliceIndex(1).AtMapKey("consumption_period_end"), knownvalue.StringExact("2026-04-01T00:00:00Z")),
				expect("neon_billing_period_consumption.organization", tfjsonpath.New("projects").AtSliceIndex(0).AtMapKey("active_time_seconds"), knownvalue.Int64Exact(0)),
				expect("neon_account_consumption.empty", tfjsonpath.New("source"), knownvalue.StringExact("account")),
				wantOutput("hours", knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(0)})),
			},
		},
		resource.TestStep{Config: w.unhurried(body), ConfigPlanChecks: unchanged()},
		// Within the timeframe a plan finds nothing new, whatever has been consumed.
		resource.TestStep{PreConfig: func() { w.advance(59*time.Minute + 59*time.Second) }, Config: w.unhurried(body), ConfigPlanChecks: unchanged()},
		resource.TestStep{
			// On the first of a month there is no day of it yet, and nothing to ask.
			PreConfig: func() { w.advance(17 * 24 * time.Hour); w.emu.ClearRequests() },
			Config: w.unhurried(`
data "neon_account_consumption" "empty" { period = "this_month" }
data "neon_project_consumption" "empty" {
  period      = "this_month"
  metrics     = ["compute_unit_seconds"]
  project_ids = ["tenant-a"]
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				expect("neon_account_consumption.empty", tfjsonpath.New("source"), knownvalue.Null()),
				expect("neon_account_consumption.empty", tfjsonpath.New("periods"), knownvalue.ListSizeExact(0)),
				expect("neon_account_consumption.empty", tfjsonpath.New("from"), knownvalue.StringExact("2026-04-01T00:00:00Z")),
				expect("neon_project_consumption.empty", tfjsonpath.New("projects"), knownvalue.ListSizeExact(0)),
				expect("neon_project_consumption.empty", tfjsonpath.New("totals").AtMapKey("compute_unit_seconds"), knownvalue.Int64Exact(0)),
			},
		},
	)
	w.wantNoRequests()
}

// What is wrong is told before anything is sent, at the attribute that it is about.
func TestAccConsumptionBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(1))
	type badInput struct {
		kind, arguments string
		says            []string
	}
	// Each configuration has all of its blocks refused in one run: what can be told
	// without the time by validation, the rest by the plan.
	refuse := func(all []badInput) {
		t.Helper()
		var body strings.Builder
		var wants []string
		for i, bad := range all {
			fmt.Fprintf(&body, "data \"neon_%s_consumption\" \"bad%d\" {\n%s\n}\n", bad.kind, i, bad.arguments)
			wants = append(wants, bad.says...)
		}
		w.cli(map[string]string{"main.tf": w.unhurried(body.String())}).mustFail(wants, "plan", "-input=false")
		w.wantNoRequests()
	}
	refuse([]badInput{
		{"project", `metrics = ["compute_unit_seconds"]`, []string{"Exactly one of these attributes must be configured: [period,from]"}},
		{"project", `period = "7d"` + "\n" + `from = "2026-03-01T00:00:00Z"` + "\n" + `to = "2026-03-02T00:00:00Z"`, []string{"Exactly one of these attributes must be configured"}},
		{"branch", `from = "2026-03-01T00:00:00Z"`, []string{"These attributes must be configured together: [from,to]"}},
		{"project", `period = "1w"`, []string{`"1w" has the unit "w"`}},
		{"account", `period = "24h"` + "\n" + `granularity = "daily"`, []string{"Period and granularity don't fit", `The period "24h" can't be told by granularity "daily"`}},
		{"project", `period = "7d"` + "\n" + `granularity = "weekly"`, []string{`"weekly"`}},
		{"project", `from = "2026-03-01"` + "\n" + `to = "2026-03-02T00:00:00Z"`, []string{`"2026-03-01" is a date without a time of day`}},
		{"project", `from = "2024-02-29T00:00:00Z"` + "\n" + `to = "2024-03-02T00:00:00Z"`, []string{"Times without consumption history", "from is 2024-02-29T00:00:00Z"}},
		{"project", `from = "2026-03-02T10:00:00Z"` + "\n" + `to = "2026-03-02T20:00:00Z"`, []string{"There is nothing from 2026-03-02T10:00:00Z to 2026-03-02T20:00:00Z, as both are rounded down by granularity daily"}},
		{"project", `from = "2026-03-03T00:00:00Z"` + "\n" + `to = "2026-03-02T00:00:00Z"`, []string{"Let to be later"}},
		{"project", `period = "7d"` + "\n" + `metrics = ["cpu_seconds"]`, []string{"Metrics not possible", `There is no metric "cpu_seconds" here`, "snapshot_storage_bytes_month", "logical_size_bytes_hour"}},
		{"project", `period = "7d"` + "\n" + `metrics = ["compute_unit_seconds", "active_time_seconds"]`, []string{"can't be told together"}},
		{"project", `period = "7d"` + "\n" + `metrics = []`, []string{"The set is empty"}},
		{"branch", `period = "7d"` + "\n" + `metrics = ["extra_branches_month"]`, []string{`There is no metric "extra_branches_month" here`}},
		{"branch", `period = "7d"` + "\n" + `branch_ids = [for i in range(101) : "br-${i}"]`, []string{"at most 100 elements"}},
		{"project", `period = "7d"` + "\n" + `org_id = "acme"`, []string{`"acme" is not an id`}},
		{"project", `period = "7d"` + "\n" + `project_ids = ["My Shop"]`, []string{`looks like the project's name`}},
		{"billing_period", `org_id = "` + acme + `"` + "\n" + `project_ids = ["tenant-1"]`, []string{"These attributes cannot be configured together: [org_id,project_ids]"}},
	})
	refuse([]badInput{
		{"project", `from = "2026-01-13T00:00:00Z"` + "\n" + `to = "2026-03-02T00:00:00Z"`, []string{"from is 2026-01-13T00:00:00Z, and daily consumption goes back to 2026-01-14T12:00:00Z"}},
		{"branch", `granularity = "hourly"` + "\n" + `from = "2026-03-08T11:00:00Z"` + "\n" + `to = "2026-03-09T00:00:00Z"`, []string{"hourly consumption goes back to 2026-03-08T12:00:00Z"}},
		{"account", `granularity = "monthly"` + "\n" + `from = "2025-02-01T00:00:00Z"` + "\n" + `to = "2026-03-01T00:00:00Z"`, []string{"monthly consumption goes back to 2025-03-15T12:00:00Z"}},
		{"project", `from = "2026-04-01T00:00:00Z"` + "\n" + `to = "2026-04-03T00:00:00Z"`, []string{"which is in the future"}},
	})
}

// The CLI shows each refusal, all in one run, and waits where Neon says so.
func TestAccConsumptionRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(1))
	w.fault(emulator.Fault{Path: "/consumption_history/v2/branches", Effect: emulator.FaultEffect{Status: http.StatusNotAcceptable, Body: json.RawMessage(`{"code":"","message":"out of bounds"}`)}})()
	w.fault(emulator.Fault{Path: "/consumption_history/v2/projects", Times: 1, Effect: emulator.FaultEffect{Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "0"}}})()
	c := w.cli(map[string]string{"main.tf": w.config(customerOwner, bloom, `
data "neon_account_consumption" "plan" {
  period  = "7d"
  metrics = ["active_time_seconds"]
}

data "neon_account_consumption" "stranger" {
  org_id  = "`+acme+`"
  period  = "7d"
  metrics = ["active_time_seconds"]
}

data "neon_branch_consumption" "times" {
  period      = "7d"
  project_ids = ["tenant-1"]
}

data "neon_billing_period_consumption" "hidden" { project_ids = ["tenant-1"] }

data "neon_project_consumption" "fine" { period = "7d" }
`)})
	c.mustFail([]string{
		"Plan without consumption history", "plans Scale, Business, Enterprise",
		"Consumption not read", "does not see organization " + acme,
		"Times not accepted", "Neon says: out of bounds",
		"Projects not seen", "does not see tenant-1",
	}, "plan", "-input=false")
	if n := w.requests()["GET /consumption_history/v2/projects"]; n != 2 {
		t.Errorf("after a 429 there were %d requests, want 2", n)
	}
}
