package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// ask is the query of a consumption request in Acme, changed by name=value pairs.
func ask(path string, changes ...string) string {
	query := url.Values{
		"org_id": {acme}, "from": {"2026-03-01T00:00:00Z"}, "to": {"2026-03-15T00:00:00Z"}, "granularity": {"daily"},
		"metrics": {"compute_unit_seconds"}, "limit": {"100"},
	}
	if path == "account" {
		query.Del("limit")
	}
	if !strings.HasPrefix(path, "v2/") {
		query.Set("metrics", "compute_time_seconds")
	}
	for _, change := range changes {
		name, value, _ := strings.Cut(change, "=")
		query.Del(name)
		if value != "" {
			query.Set(name, value)
		}
	}
	return consumptionPrefix + path + "?" + query.Encode()
}

var (
	startOfYear = time.Date(2026, time.January, 1, 8, 30, 0, 0, time.UTC)
	lastSpring  = time.Date(2025, time.April, 10, 8, 30, 0, 0, time.UTC)
)

// old is a project of Acme that is there since the beginning of the year.
func old(id string) Project { return Project{ID: id, OrgID: acme, CreatedAt: startOfYear} }

func withOld(ids ...string) func(*Options) {
	return seeded(func(s *Seed) {
		for _, id := range ids {
			s.Projects = append(s.Projects, old(id))
		}
	})
}

func TestConsumptionWindows(t *testing.T) {
	t.Parallel()
	// It is noon of Sunday, March 15, 2026.
	admin := start(t, withOld("p-one")).as(adminKey)
	for _, c := range []struct {
		granularity, from, to string
		want                  int
		// first and last are the first timeframe's start and the last one's end.
		first, last string
	}{
		{"hourly", "2026-03-08T12:00:00Z", "2026-03-15T12:00:00Z", 200, "2026-03-08T12:00:00Z", "2026-03-15T12:00:00Z"},
		{"hourly", "2026-03-08T11:59:59Z", "2026-03-15T12:00:00Z", 406, "", ""},
		{"hourly", "2026-03-12T10:59:59Z", "2026-03-12T12:59:59Z", 200, "2026-03-12T10:00:00Z", "2026-03-12T12:00:00Z"},
		{"hourly", "2026-03-12T10:59:59+02:00", "2026-03-12T18:30:00+02:00", 200, "2026-03-12T08:00:00Z", "2026-03-12T16:00:00Z"},
		{"hourly", "2026-03-12T10:10:00Z", "2026-03-12T10:50:00Z", 406, "", ""},
		{"hourly", "2026-03-12T12:00:00Z", "2026-03-12T10:00:00Z", 406, "", ""},
		{"daily", "2026-01-14T12:00:00Z", "2026-03-15T00:00:00Z", 200, "2026-01-14T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"daily", "2026-01-14T11:59:59Z", "2026-03-15T00:00:00Z", 406, "", ""},
		{"daily", "2026-03-09T15:30:00Z", "2026-03-11T15:30:00Z", 200, "2026-03-09T00:00:00Z", "2026-03-11T00:00:00Z"},
		{"monthly", "2025-03-15T12:00:00Z", "2026-03-01T00:00:00Z", 200, "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"monthly", "2025-03-15T11:59:59Z", "2026-03-01T00:00:00Z", 406, "", ""},
		// A time to come brings the running timeframe, as far as it has got.
		{"monthly", "2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z", 200, "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"},
		{"weekly", "2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z", 400, "", ""},
		{"daily", "2026-03-01", "2026-03-15T00:00:00Z", 400, "", ""},
	} {
		name := fmt.Sprintf("%s from %s to %s", c.granularity, c.from, c.to)
		r := admin.get(ask("v2/projects", "granularity="+c.granularity, "from="+c.from, "to="+c.to, "metrics=root_branch_bytes_month"))
		if r.status != c.want {
			t.Errorf("%s: answered %d, want %d: %s", name, r.status, c.want, r.data)
		}
		if r.status != http.StatusOK {
			continue
		}
		frames := timeframes(read[neon.ConsumptionHistoryPerProjectV2Response](r).Projects[0].Periods)
		if got := frames[0].TimeframeStart.Format(time.RFC3339); got != c.first {
			t.Errorf("%s: begins %s, want %s", name, got, c.first)
		}
		if got := frames[len(frames)-1].TimeframeEnd.Format(time.RFC3339); got != c.last {
			t.Errorf("%s: ends %s, want %s", name, got, c.last)
		}
		if !slices.IsSortedFunc(frames, func(a, b neon.ConsumptionHistoryPerTimeframeV2) int {
			return a.TimeframeStart.Compare(b.TimeframeStart)
		}) {
			t.Errorf("%s: not oldest first", name)
		}
	}
}

func timeframes[T any](periods []neon.ConsumptionHistoryPeriod[T]) []T {
	var all []T
	for _, p := range periods {
		all = append(all, p.Consumption...)
	}
	return all
}

func TestConsumptionBeforeThereIsAHistory(t *testing.T) {
	t.Parallel()
	w := start(t, withOld("p-one"), func(o *Options) {
		o.Clock = func() time.Time { return time.Date(2024, time.March, 20, 0, 0, 0, 0, time.UTC) }
	})
	w.as(adminKey).get(ask("v2/projects", "from=2024-02-29T23:59:59Z", "to=2024-03-10T00:00:00Z")).want(406)
	w.as(adminKey).get(ask("v2/projects", "from=2024-03-01T00:00:00Z", "to=2024-03-10T00:00:00Z")).want(200)
}

func TestConsumptionPeriods(t *testing.T) {
	t.Parallel()
	admin := start(t, withOld("p-one", "p-two")).as(adminKey)
	page := read[neon.ConsumptionHistoryPerProjectV2Response](admin.get(ask("v2/projects", "from=2026-02-01T00:00:00Z")).want(200))
	periods := page.Projects[0].Periods
	if len(periods) != 2 {
		t.Fatalf("%d periods, want 2", len(periods))
	}
	february, march := periods[0], periods[1]
	equal(t, "start", february.PeriodStart, time.Date(2026, time.February, 1, 0, 0, 0, 0, time.UTC))
	equal(t, "end", *february.PeriodEnd, march.PeriodStart)
	equal(t, "plan", march.PeriodPlan, "scale")
	if march.PeriodEnd != nil {
		t.Errorf("the running period ends %s", march.PeriodEnd)
	}
	equal(t, "id of the other project's period", page.Projects[1].Periods[0].PeriodID, february.PeriodID)
	if february.PeriodID == march.PeriodID {
		t.Error("two periods have one id")
	}
	// Nobody works on Sundays, and where nothing was consumed there is no day.
	for _, frame := range timeframes(periods) {
		if frame.TimeframeStart.Weekday() == time.Sunday {
			t.Errorf("%s is there, with %v", frame.TimeframeStart, frame.Metrics)
		}
	}
	if n := len(timeframes(periods)); n < 30 || n > 36 {
		t.Errorf("%d of 42 days are there", n)
	}
	// Storage is used all the time.
	stored := read[neon.ConsumptionHistoryPerProjectV2Response](admin.get(ask("v2/projects", "from=2026-02-01T00:00:00Z", "metrics=compute_unit_seconds,root_branch_bytes_month")))
	equal(t, "days with storage", len(timeframes(stored.Projects[0].Periods)), 42)
}

func TestConsumptionPages(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		for i := range 5 {
			p := old("p-" + strconv.Itoa(i))
			p.CreatedAt = p.CreatedAt.AddDate(0, 0, i)
			s.Projects = append(s.Projects, p)
		}
		s.Projects = append(s.Projects, Project{ID: "l-1", OrgID: labs, CreatedAt: startOfYear})
	}))
	admin := w.as(adminKey)
	for _, path := range []string{"v2/projects", "projects"} {
		var seen []string
		for cursor := ""; ; {
			r := admin.get(ask(path, "limit=2", "cursor="+cursor)).want(200)
			for _, p := range read[neon.ConsumptionHistoryPerProjectV2Response](r).Projects {
				seen = append(seen, p.ProjectID)
			}
			if cursor = r.at("pagination.cursor"); cursor == "" {
				break
			}
		}
		equal(t, path+": newest first", strings.Join(seen, " "), "p-4 p-3 p-2 p-1 p-0")
	}
	named := admin.get(ask("v2/projects", "project_ids=p-1,l-1,p-none,p-3,p-1") + "&project_ids=p-0").want(200)
	equal(t, "named", projectIDsOf(named), "p-3 p-1 p-0")

	// What was deleted has consumed, as long as it can be recovered.
	admin.delete("/projects/p-3").want(200)
	equal(t, "with a deleted one", projectIDsOf(admin.get(ask("v2/projects"))), "p-4 p-3 p-2 p-1 p-0")
	w.advance(7 * 24 * time.Hour)
	equal(t, "without it", projectIDsOf(admin.get(ask("v2/projects"))), "p-4 p-2 p-1 p-0")

	admin.post("/projects/p-1/branches", `{"branch":{"name":"dev"}}`).want(201)
	var branches []string
	for cursor := ""; ; {
		r := admin.get(ask("v2/branches", "project_ids=p-2,p-1,l-1,p-none", "limit=1", "cursor="+cursor)).want(200)
		for _, b := range read[neon.ConsumptionHistoryPerBranchV2Response](r).Branches {
			branches = append(branches, b.ProjectID+"/"+b.BranchID)
		}
		if cursor = r.at("pagination.cursor"); cursor == "" {
			break
		}
	}
	if len(branches) != 3 || !slices.IsSorted(branches) {
		t.Errorf("branches are %v, want three by project and branch", branches)
	}
	_, one, _ := strings.Cut(branches[1], "/")
	r := admin.get(ask("v2/branches", "project_ids=p-2,p-1", "branch_ids="+one)).want(200)
	equal(t, "one branch", len(read[neon.ConsumptionHistoryPerBranchV2Response](r).Branches), 1)
}

func projectIDsOf(r response) string {
	var ids []string
	for _, p := range read[neon.ConsumptionHistoryPerProjectV2Response](r).Projects {
		ids = append(ids, p.ProjectID)
	}
	return strings.Join(ids, " ")
}

func TestLegacyTimeframesHaveFourMetrics(t *testing.T) {
	t.Parallel()
	admin := start(t, withOld("p-one")).as(adminKey)
	for query, want := range map[string][]string{
		ask("projects", "metrics="):                                                                                    {},
		ask("projects", "metrics=", "include_v1_metrics=true"):                                                         {"data_storage_bytes_hour"},
		ask("projects", "metrics=logical_size_bytes,logical_size_bytes_hour"):                                          {"logical_size_bytes", "logical_size_bytes_hour"},
		ask("account", "metrics=data_storage_bytes_hour", "include_v1_metrics=true"):                                   {"data_storage_bytes_hour"},
		ask("projects", "metrics=logical_size_bytes", "include_v1_metrics=true") + "&metrics=" + "active_time_seconds": {"logical_size_bytes"},
	} {
		r := admin.get(query).want(200)
		at := "projects.0.periods.0.consumption.0"
		if strings.Contains(query, "account") {
			at = "periods.0.consumption.0"
		}
		for _, always := range legacyMetrics[:4] {
			if r.at(at+"."+always.String()) == "" {
				t.Errorf("%s: no %s", query, always)
			}
		}
		var more []string
		for _, name := range legacyMetrics[4:] {
			if r.at(at+"."+name.String()) != "" {
				more = append(more, name.String())
			}
		}
		slices.Sort(more)
		if !slices.Equal(more, want) && len(more)+len(want) > 0 {
			t.Errorf("%s: also has %v, want %v", query, more, want)
		}
	}
}

// What a branch has consumed stays consumed when it is deleted or expires.
func TestConsumptionOfFormerBranches(t *testing.T) {
	t.Parallel()
	w := start(t, withOld("p-one"))
	admin := w.as(adminKey)
	made := admin.post("/projects/p-one/branches", `{"branch":{"name":"dev"}}`).want(201).at("branch.id")
	expires := w.emu.nowLocked().Add(36 * time.Hour).Format(time.RFC3339)
	shortLived := admin.post("/projects/p-one/branches", `{"branch":{"name":"tmp","expires_at":"`+expires+`"}}`).want(201).at("branch.id")
	w.advance(48 * time.Hour)
	week := func(id string) string {
		return ask("v2/branches", "project_ids=p-one", "branch_ids="+id, "to=2026-03-31T00:00:00Z", "metrics=child_branch_bytes_month,compute_unit_seconds")
	}
	before := admin.get(week(made)).want(200)
	expired := admin.get(week(shortLived)).want(200)
	admin.delete("/projects/p-one/branches/" + made).want(200)
	w.advance(48 * time.Hour)
	equal(t, "of the deleted branch", admin.get(week(made)).at("branches"), before.at("branches"))
	equal(t, "of the expired branch", admin.get(week(shortLived)).at("branches"), expired.at("branches"))
	if n := len(read[neon.ConsumptionHistoryPerBranchV2Response](expired).Branches[0].Periods[0].Consumption); n != 2 {
		t.Errorf("the expired branch consumed on %d days, want 2", n)
	}
	equal(t, "in April", admin.get(ask("v2/branches", "project_ids=p-one", "from=2026-03-18T00:00:00Z", "to=2026-03-31T00:00:00Z", "branch_ids="+shortLived)).at("branches"), "[]")

	restored := start(t)
	if err := restored.emu.Restore(w.emu.Snapshot()); err != nil {
		t.Fatal(err)
	}
	equal(t, "in a restored world", restored.as(adminKey).get(week(made)).at("branches"), before.at("branches"))
}

func TestConsumptionFactor(t *testing.T) {
	t.Parallel()
	admin := start(t, seeded(func(s *Seed) {
		for factor, id := range map[int64]string{0: "p-idle", 1: "p-usual", 5: "p-busy"} {
			p := old(id)
			p.Branches = []*Branch{{Branch: neon.Branch{ID: "br-same", ProjectID: id, Name: "main", Default: true, CreatedAt: startOfYear, InitSource: "parent-data", CreationSource: "console"}}}
			p.Consumption = &Consumption{Factor: factor}
			s.Projects = append(s.Projects, p)
		}
	})).as(adminKey)
	total := func(id string) int64 {
		page := read[neon.ConsumptionHistoryPerProjectV2Response](admin.get(ask("v2/projects", "project_ids="+id)).want(200))
		return sumsV2(timeframes(page.Projects[0].Periods))["compute_unit_seconds"]
	}
	equal(t, "idle", total("p-idle"), 0)
	equal(t, "busy", total("p-busy"), 5*total("p-usual"))
	equal(t, "periods of the idle one", admin.get(ask("v2/projects", "project_ids=p-idle")).at("projects.0.periods"), "[]")
	_, err := New(Options{Seed: &Seed{Projects: []Project{{ID: "p", Consumption: &Consumption{Factor: 1001}}}}})
	if err == nil || !strings.Contains(err.Error(), "consumption.factor must be from 0 to 1000") {
		t.Errorf("a factor of 1001: %v", err)
	}
}

func sumsV2(frames []neon.ConsumptionHistoryPerTimeframeV2) map[string]int64 {
	sums := map[string]int64{}
	for _, frame := range frames {
		for _, m := range frame.Metrics {
			sums[m.MetricName] += m.Value
		}
	}
	return sums
}

// sumsLegacy leaves sizes out, which don't add up over time.
func sumsLegacy(frames []neon.ConsumptionHistoryPerTimeframe) map[string]int64 {
	sums := map[string]int64{}
	for _, frame := range frames {
		sums["active_time_seconds"] += frame.ActiveTimeSeconds
		sums["compute_time_seconds"] += frame.ComputeTimeSeconds
		sums["written_data_bytes"] += frame.WrittenDataBytes
		sums["data_storage_bytes_hour"] += *frame.DataStorageBytesHour
	}
	return sums
}

// listed are the names of metrics as a query has them.
func listed(metrics []metric) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(metrics), "[]"), " ", ",")
}

func addTo(sums, more map[string]int64) {
	for name, n := range more {
		sums[name] += n
	}
}

func wantSums(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
