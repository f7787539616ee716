package emulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// randomConsumers are projects of all ages, some with many branches and branches
// that are no more, some deleted, some idle.
func randomConsumers(random *rand.Rand) func(*Options) {
	return seeded(func(s *Seed) {
		for i := range 8 {
			p := old(fmt.Sprintf("p-%d", i))
			p.CreatedAt = lastSpring.Add(time.Duration(random.IntN(340*24*60)) * time.Minute)
			if random.IntN(4) == 0 {
				p.Consumption = &Consumption{Factor: random.Int64N(4)}
			}
			if random.IntN(4) == 0 {
				p.DeletedAt = new(noon.Add(-time.Duration(random.IntN(6*24*60)) * time.Minute))
			}
			for b := range 1 + random.IntN(3)*random.IntN(9) {
				made := p.CreatedAt.Add(time.Duration(random.Int64N(int64(noon.Sub(p.CreatedAt)))))
				branch := &Branch{Branch: neon.Branch{ID: fmt.Sprintf("br-%d-%d", i, b), ProjectID: p.ID, Name: strconv.Itoa(b), CreatedAt: made, InitSource: "parent-data", CreationSource: "console"}}
				if b == 0 {
					branch.CreatedAt, branch.Default = p.CreatedAt, true
				} else {
					branch.ParentID = p.Branches[0].ID
				}
				if b > 0 && random.IntN(3) == 0 {
					p.FormerBranches = append(p.FormerBranches, FormerBranch{ID: branch.ID, ParentID: branch.ParentID, CreatedAt: made, EndedAt: made.Add(time.Duration(random.Int64N(int64(noon.Sub(made)) + 1)))})
					continue
				}
				p.Branches = append(p.Branches, branch)
			}
			s.Projects = append(s.Projects, p)
		}
	})
}

// Whatever was consumed, hours add up to days and days to months, branches to
// projects and projects to the account, and what the four paths and the projects
// themselves say of the same thing is the same.
func TestConsumptionAddsUp(t *testing.T) {
	t.Parallel()
	for seed := range 3 {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			admin := start(t, randomConsumers(random)).as(adminKey)
			all := "metrics=" + listed(projectMetrics)
			six := "metrics=" + listed(branchMetrics)
			five := "metrics=" + listed(accountMetrics)
			projects := func(granularity, from, to, metrics string) map[string]map[string]int64 {
				sums := map[string]map[string]int64{}
				page := read[neon.ConsumptionHistoryPerProjectV2Response](admin.get(ask("v2/projects", "granularity="+granularity, "from="+from, "to="+to, metrics)).want(200))
				for _, p := range page.Projects {
					sums[p.ProjectID] = sumsV2(timeframes(p.Periods))
				}
				return sums
			}
			branches := func(granularity, from, to string) map[string]map[string]int64 {
				sums := map[string]map[string]int64{}
				var ids []string
				for i := range 8 {
					ids = append(ids, fmt.Sprintf("p-%d", i))
				}
				page := read[neon.ConsumptionHistoryPerBranchV2Response](admin.get(ask("v2/branches", "granularity="+granularity, "from="+from, "to="+to, six, "limit=1000", "project_ids="+strings.Join(ids, ","))).want(200))
				for _, b := range page.Branches {
					if sums[b.ProjectID] == nil {
						sums[b.ProjectID] = map[string]int64{}
					}
					addTo(sums[b.ProjectID], sumsV2(timeframes(b.Periods)))
				}
				return sums
			}
			legacy := func(granularity, from, to string) (sum map[string]int64, sizes int64) {
				sum = map[string]int64{}
				page := read[neon.ConsumptionHistoryPerProjectResponse](admin.get(ask("projects", "granularity="+granularity, "from="+from, "to="+to, five)).want(200))
				var newest time.Time
				for _, p := range page.Projects {
					frames := timeframes(p.Periods)
					addTo(sum, sumsLegacy(frames))
					if len(frames) == 0 {
						continue
					}
					last := frames[len(frames)-1]
					if last.TimeframeEnd.After(newest) {
						newest, sizes = last.TimeframeEnd, 0
					}
					if last.TimeframeEnd.Equal(newest) {
						sizes += last.SyntheticStorageSizeBytes
					}
				}
				return sum, sizes
			}
			account := func(granularity, from, to string) []neon.ConsumptionHistoryPerTimeframe {
				page := read[neon.ConsumptionHistoryPerAccountResponse](admin.get(ask("account", "granularity="+granularity, "from="+from, "to="+to, five)).want(200))
				return timeframes(page.Periods)
			}
			same := func(what string, a, b map[string]map[string]int64) {
				t.Helper()
				for id := range a {
					wantSums(t, what+" of "+id, a[id], b[id])
				}
				if len(a) == 0 || len(a) != len(b) {
					t.Errorf("%s: %d and %d projects", what, len(a), len(b))
				}
			}

			// A month, by days and as a month; days, by hours and by days.
			for _, c := range []struct{ fine, coarse, from, to string }{
				{"daily", "monthly", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
				{"hourly", "daily", "2026-03-12T00:00:00Z", "2026-03-14T00:00:00Z"},
				// The running day and month.
				{"hourly", "daily", "2026-03-14T00:00:00Z", "2026-03-16T00:00:00Z"},
				{"daily", "monthly", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
			} {
				what := c.fine + " and " + c.coarse
				same(what+" by project", projects(c.fine, c.from, c.to, all), projects(c.coarse, c.from, c.to, all))
				same(what+" by branch", branches(c.fine, c.from, c.to), branches(c.coarse, c.from, c.to))
				same("branches and projects", withZeros(branches(c.fine, c.from, c.to), projects(c.fine, c.from, c.to, six)), projects(c.fine, c.from, c.to, six))
				fine, fineSizes := legacy(c.fine, c.from, c.to)
				coarse, coarseSizes := legacy(c.coarse, c.from, c.to)
				wantSums(t, what+", legacy", fine, coarse)
				equal(t, what+", sizes", fineSizes, coarseSizes)
				frames := account(c.fine, c.from, c.to)
				wantSums(t, "account and projects", sumsLegacy(frames), fine)
				equal(t, "account and projects, sizes", frames[len(frames)-1].SyntheticStorageSizeBytes, fineSizes)
				var computed int64
				for _, sums := range projects(c.fine, c.from, c.to, six) {
					computed += sums["compute_unit_seconds"]
				}
				equal(t, "v2 and legacy", computed, fine["compute_time_seconds"])
			}

			// What the projects say of themselves is the running month.
			month, _ := legacy("monthly", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")
			public := projects("monthly", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "metrics=public_network_transfer_bytes")
			var own, listed, transferred, publicSum int64
			said := map[string]int64{}
			for _, p := range admin.everyProject() {
				addTo(said, map[string]int64{
					"active_time_seconds": p.ActiveTimeSeconds, "compute_time_seconds": p.ComputeTimeSeconds,
					"written_data_bytes": p.WrittenDataBytes, "data_storage_bytes_hour": p.DataStorageBytesHour,
				})
				own += p.ActiveTimeSeconds
				transferred += p.DataTransferBytes
				publicSum += public[p.ID]["public_network_transfer_bytes"]
			}
			if month["active_time_seconds"] == 0 || transferred == 0 {
				t.Error("nothing was consumed in March")
			}
			equal(t, "transferred", transferred, publicSum)
			for _, p := range read[neon.ProjectsPage](admin.get("/projects?limit=400&org_id=" + acme).want(200)).Projects {
				listed += p.ActiveTime
			}
			equal(t, "listed active time", listed, own)
			live, _ := admin.legacyOfLive()
			wantSums(t, "projects' own counters", said, live)
		})
	}
}

// withZeros gives projects without any branch in the answer a place, as the path of
// projects does.
func withZeros(branches, projects map[string]map[string]int64) map[string]map[string]int64 {
	for id := range projects {
		if branches[id] == nil {
			branches[id] = map[string]int64{}
		}
	}
	return branches
}

// everyProject reads Acme's projects one by one, deleted ones not.
func (p person) everyProject() []neon.Project {
	p.w.t.Helper()
	var all []neon.Project
	for _, item := range read[neon.ProjectsPage](p.get("/projects?limit=400&org_id=" + acme).want(200)).Projects {
		all = append(all, read[neon.ProjectEnvelope](p.get("/projects/"+item.ID).want(200)).Project)
	}
	return all
}

// legacyOfLive is the running month of the projects that everyProject reads.
func (p person) legacyOfLive() (map[string]int64, []string) {
	p.w.t.Helper()
	var ids []string
	for _, project := range p.everyProject() {
		ids = append(ids, project.ID)
	}
	slices.Sort(ids)
	sum := map[string]int64{}
	page := read[neon.ConsumptionHistoryPerProjectResponse](p.get(ask("projects", "granularity=monthly", "to=2026-04-01T00:00:00Z",
		"metrics="+listed(accountMetrics), "project_ids="+strings.Join(ids, ","))).want(200))
	for _, project := range page.Projects {
		addTo(sum, sumsLegacy(timeframes(project.Periods)))
	}
	return sum, ids
}
