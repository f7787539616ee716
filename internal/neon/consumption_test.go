package neon

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestConsumptionRequests(t *testing.T) {
	t.Parallel()
	const v2, branches, legacy, lists = "/consumption_history/v2/projects", "/consumption_history/v2/branches", "/consumption_history/projects", "/projects"
	for n, want := range map[int]struct{ all, named, branches, lists int }{
		0: {1, 0, 0, 1}, 1: {2, 1, 2, 2}, 100: {2, 1, 2, 2}, 101: {3, 2, 4, 2}, 400: {5, 4, 8, 2}, 2500: {26, 25, 50, 8},
	} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for name, c := range map[string]struct {
					list    func(*Client, context.Context, ConsumptionQuery) iter.Seq2[Consumption, error]
					metric  string
					isNamed bool
					want    map[string]int
				}{
					"all":          {(*Client).ListProjectConsumption, MetricComputeUnitSeconds, false, map[string]int{v2: want.all}},
					"named":        {(*Client).ListProjectConsumption, MetricComputeUnitSeconds, true, map[string]int{v2: want.named}},
					"legacy":       {(*Client).ListProjectConsumption, MetricActiveTimeSeconds, false, map[string]int{legacy: want.all}},
					"named legacy": {(*Client).ListProjectConsumption, MetricActiveTimeSeconds, true, map[string]int{legacy: want.named}},
					"branches":     {(*Client).ListBranchConsumption, MetricComputeUnitSeconds, false, map[string]int{branches: want.branches, lists: want.lists}},
					"of branches":  {(*Client).ListBranchConsumption, MetricComputeUnitSeconds, true, map[string]int{branches: want.branches}},
				} {
					neon := newMetered(t, projectIDs(n)...)
					q := query(c.metric)
					if c.isNamed {
						q.ProjectIDs = append(projectIDs(n), projectIDs(n)...) // each twice
					}
					found := collect(t, c.list(neon.client(), t.Context(), q))
					if len(found) != n {
						t.Errorf("%s: %d found, want %d", name, len(found), n)
					}
					if c.isNamed && !slices.IsSortedFunc(found, func(a, b Consumption) int { return strings.Compare(a.ProjectID, b.ProjectID) }) {
						t.Errorf("%s: chunks are out of order", name)
					}
					maps.DeleteFunc(c.want, func(_ string, n int) bool { return n == 0 })
					if got := neon.counts(); !maps.Equal(got, c.want) {
						t.Errorf("%s: requests were %v, want %v", name, got, c.want)
					}
					if neon.limited > 0 {
						t.Errorf("%s: %d requests were too many", name, neon.limited)
					}
				}
			})
		})
	}
}

// One command runs the provider twice, and both runs together stay within what Neon
// allows.
func TestPlanAndApplyFitConsumptionBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := newMetered(t, projectIDs(2500)...)
		for _, q := range []ConsumptionQuery{query(MetricComputeUnitSeconds), query(MetricActiveTimeSeconds)} {
			q.ProjectIDs = projectIDs(2500)
			start := time.Now()
			collect(t, neon.client().ListProjectConsumption(t.Context(), q))
			if took := time.Since(start); took > 31*time.Second {
				t.Errorf("25 requests took %s, want 5 at once and 40 a minute", took)
			}
		}
		if neon.limited > 0 {
			t.Errorf("%d requests were too many", neon.limited)
		}
	})
}

// Others may have spent the budget: that is waited out, and holds up nothing else.
func TestConsumptionWaitsForItsBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := newMetered(t, projectIDs(1)...)
		for range 50 {
			neon.sent = append(neon.sent, time.Now())
		}
		client := neon.client()
		start := time.Now()
		var done sync.WaitGroup
		done.Go(func() { collect(t, client.ListProjectConsumption(t.Context(), query(MetricComputeUnitSeconds))) })
		synctest.Wait() // it has met a 429 and waits
		if neon.limited == 0 {
			t.Error("nothing was refused")
		}
		collect(t, client.ListProjects(t.Context(), ProjectFilter{}))
		if waited := time.Since(start); waited > 0 {
			t.Errorf("the list of projects waited %s", waited)
		}
		done.Wait()
		if waited := time.Since(start); waited < time.Minute || waited > 2*time.Minute {
			t.Errorf("consumption came after %s, want a minute and a bit", waited)
		}
	})
}

func TestConsumptionRequest(t *testing.T) {
	t.Parallel()
	neon := newMetered(t, "b-2", "a-1")
	q := query(MetricRootBranchBytesMonth, MetricComputeUnitSeconds, MetricComputeUnitSeconds)
	q.ProjectIDs, q.BranchIDs = []string{"b-2", "a-1", "b-2"}, []string{"br-b-2"}
	collect(t, neon.client().ListBranchConsumption(t.Context(), q))
	want := "branch_ids=br-b-2&from=2026-03-01T00%3A00%3A00Z&granularity=daily&limit=1000&metrics=compute_unit_seconds%2Croot_branch_bytes_month&org_id=org-a-1&project_ids=a-1%2Cb-2&to=2026-03-15T00%3A00%3A00Z"
	if got := neon.requests[0].URL.RawQuery; got != want {
		t.Errorf("query is %s\nwant     %s", got, want)
	}
}

// A project that Neon leaves out may be on a further page.
func TestConsumptionLooksForMissingProjects(t *testing.T) {
	t.Parallel()
	neon := newMetered(t, projectIDs(3)...)
	neon.silent[projectIDs(3)[1]] = true
	q := query(MetricComputeUnitSeconds)
	q.ProjectIDs = projectIDs(3)
	if found := collect(t, neon.client().ListProjectConsumption(t.Context(), q)); len(found) != 2 || len(neon.requests) != 2 {
		t.Errorf("%d found with %d requests, want 2 with 2", len(found), len(neon.requests))
	}
}

func TestLegacyConsumptionHasOnlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	found := collect(t, newMetered(t, "a-1").client().ListProjectConsumption(t.Context(), query(MetricActiveTimeSeconds)))
	if got, want := found[0].Periods[0].Timeframes[0].Metrics, map[string]int64{MetricActiveTimeSeconds: 10}; !maps.Equal(got, want) {
		t.Errorf("metrics are %v, want %v", got, want)
	}
}

func TestConsumptionIsCheckedBeforeItIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tooOld := query(MetricComputeUnitSeconds)
		tooOld.From = ides.AddDate(0, -3, 0)
		manyBranches := query(MetricComputeUnitSeconds)
		manyBranches.BranchIDs = projectIDs(101)
		neon := newMetered(t, "a-1")
		client := neon.client()
		for name, c := range map[string]struct {
			q                  ConsumptionQuery
			projects, branches bool // whether each is refused
			metric, with       string
		}{
			"no metric":       {query(), true, true, "", ""},
			"unknown":         {query("cpu_seconds"), true, true, "cpu_seconds", ""},
			"mixed":           {query(MetricComputeUnitSeconds, MetricActiveTimeSeconds), true, true, MetricActiveTimeSeconds, MetricComputeUnitSeconds},
			"mixed otherwise": {query(MetricActiveTimeSeconds, MetricComputeUnitSeconds), true, true, MetricComputeUnitSeconds, MetricActiveTimeSeconds},
			"of projects":     {query(MetricComputeUnitSeconds, MetricExtraBranchesMonth), false, true, MetricExtraBranchesMonth, ""},
			"legacy":          {query(MetricLogicalSizeBytes), false, true, MetricLogicalSizeBytes, ""},
			"too old":         {tooOld, true, true, "", ""},
			"many branches":   {manyBranches, false, true, "", ""},
		} {
			for kind, run := range map[string]func() error{
				"projects": func() error { return firstError(client.ListProjectConsumption(t.Context(), c.q)) },
				"branches": func() error { return firstError(client.ListBranchConsumption(t.Context(), c.q)) },
				"account":  func() error { _, err := client.GetAccountConsumption(t.Context(), c.q); return err },
			} {
				refused := c.projects
				if kind == "branches" {
					refused = c.branches
				}
				neon.requests = nil
				err := run()
				if (err != nil) != refused || refused && len(neon.requests) > 0 {
					t.Errorf("%s, %s: %v with %d requests, want an error: %t", name, kind, err, len(neon.requests), refused)
				}
				if wrong, ok := errors.AsType[*MetricsError](err); ok && kind != "branches" && (wrong.Metric != c.metric || wrong.With != c.with || len(wrong.Known) == 0) {
					t.Errorf("%s, %s: %v", name, kind, err)
				}
			}
		}
	})
}

func firstError[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestConsumptionRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := newMetered(t, "a-1")
		client := neon.client()
		for status, check := range map[int]func(error) bool{
			http.StatusForbidden: func(err error) bool {
				plan, ok := errors.AsType[*ConsumptionPlanError](err)
				return ok && slices.Contains(plan.Plans, "Enterprise") && IsForbidden(err)
			},
			http.StatusNotFound: IsNotFound,
			http.StatusNotAcceptable: func(err error) bool {
				window, ok := errors.AsType[*WindowError](err)
				return ok && window.Bound == "" && window.Unwrap() != nil && strings.Contains(err.Error(), "Neon does not tell")
			},
		} {
			for _, path := range []string{"/consumption_history/v2/projects", "/consumption_history/v2/branches", "/consumption_history/projects", "/consumption_history/account"} {
				neon.refusal[path] = status
			}
			_, account := client.GetAccountConsumption(t.Context(), query(MetricActiveTimeSeconds))
			for name, err := range map[string]error{
				"projects": firstError(client.ListProjectConsumption(t.Context(), query(MetricComputeUnitSeconds))),
				"legacy":   firstError(client.ListProjectConsumption(t.Context(), query(MetricActiveTimeSeconds))),
				"branches": firstError(client.ListBranchConsumption(t.Context(), query(MetricComputeUnitSeconds))),
				"account":  account,
			} {
				if !check(err) {
					t.Errorf("%d of %s: %v", status, name, err)
				}
			}
		}
	})
}

func TestAccountConsumption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			metric  string
			refused int
			source  string
			want    int64
		}{
			"Neon's own":           {MetricActiveTimeSeconds, 0, SourceAccount, 30},
			"withdrawn, 403":       {MetricActiveTimeSeconds, 403, SourceProjects, 30},
			"withdrawn, 404":       {MetricActiveTimeSeconds, 404, SourceProjects, 30},
			"withdrawn, 405":       {MetricActiveTimeSeconds, 405, SourceProjects, 30},
			"withdrawn, 410":       {MetricActiveTimeSeconds, 410, SourceProjects, 30},
			"withdrawn, 501":       {MetricActiveTimeSeconds, 501, SourceProjects, 30},
			"billed by":            {MetricComputeUnitSeconds, 0, SourceProjects, 3},
			"not of the account's": {MetricLogicalSizeBytesHour, 0, SourceProjects, 0},
		} {
			neon := newMetered(t, "c-3", "b-2", "a-1")
			neon.refusal["/consumption_history/account"] = c.refused
			found, err := neon.client().GetAccountConsumption(t.Context(), query(c.metric))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			totals, err := Totals([]string{c.metric}, found.Periods)
			if err != nil || found.Source != c.source || totals[c.metric] != c.want {
				t.Errorf("%s: %v of %s, %v; want %d of %s", name, totals, found.Source, err, c.want, c.source)
			}
			if len(found.Periods) != 1 || found.Periods[0].ID != "of-march" {
				t.Errorf("%s: periods are %+v", name, found.Periods)
			}
		}
		neon := newMetered(t)
		neon.refusal["/consumption_history/account"] = http.StatusBadRequest
		if _, err := neon.client().GetAccountConsumption(t.Context(), query(MetricActiveTimeSeconds)); err == nil {
			t.Error("a bad request was taken for a withdrawal")
		}
	})
}

// Projects need not have the same timeframes, nor periods of the same id.
func TestConsumptionSum(t *testing.T) {
	t.Parallel()
	march, april := at(t, "2026-03-01T00:00:00Z"), at(t, "2026-04-01T00:00:00Z")
	frame := func(start time.Time, n int64) ConsumptionTimeframe {
		return ConsumptionTimeframe{Start: start, End: start.AddDate(0, 0, 1), Metrics: map[string]int64{"m": n}}
	}
	var sum consumptionSum
	for _, periods := range [][]ConsumptionPeriod{
		{{ID: "x", Plan: "scale", Start: april, Timeframes: []ConsumptionTimeframe{frame(april, 1)}}},
		{{ID: "a", Plan: "scale", Start: march, End: &april, Timeframes: []ConsumptionTimeframe{frame(march.AddDate(0, 0, 2), 10), frame(march.AddDate(0, 0, 5), 20)}}},
		{{ID: "b", Plan: "scale", Start: march, End: &april, Timeframes: []ConsumptionTimeframe{frame(march, 300), frame(march.AddDate(0, 0, 2), 100)}}, {ID: "x", Plan: "scale", Start: april, Timeframes: []ConsumptionTimeframe{frame(april, 2)}}},
		{{ID: "f", Plan: "free", Start: march, Timeframes: []ConsumptionTimeframe{frame(march, 7)}}},
	} {
		if err := sum.add(periods); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, p := range sum.sorted() {
		got = append(got, fmt.Sprintf("%s %s %s", p.ID, p.Plan, p.Start.Format(time.DateOnly)))
		for _, f := range p.Timeframes {
			got = append(got, fmt.Sprintf("%s %d", f.Start.Format(time.DateOnly), f.Metrics["m"]))
		}
	}
	want := "f free 2026-03-01, 2026-03-01 7,  scale 2026-03-01, 2026-03-01 300, 2026-03-03 110, 2026-03-06 20, x scale 2026-04-01, 2026-04-01 3"
	if strings.Join(got, ", ") != want {
		t.Errorf("the sum is %s\nwant       %s", strings.Join(got, ", "), want)
	}
	if err := sum.add([]ConsumptionPeriod{{ID: "x", Plan: "scale", Start: april, Timeframes: []ConsumptionTimeframe{frame(april, math.MaxInt64)}}}); err == nil {
		t.Error("a sum that is too large passes for one")
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	march := at(t, "2026-03-01T00:00:00Z")
	metrics := []string{MetricWrittenDataBytes, MetricLogicalSizeBytes, MetricActiveTimeSeconds}
	periods := []ConsumptionPeriod{
		{Timeframes: []ConsumptionTimeframe{
			{Start: march.AddDate(0, 0, 1), Metrics: map[string]int64{MetricWrittenDataBytes: 1, MetricLogicalSizeBytes: 500}},
			{Start: march, Metrics: map[string]int64{MetricWrittenDataBytes: 2, MetricLogicalSizeBytes: 700}},
		}},
		{Timeframes: []ConsumptionTimeframe{{Start: march.AddDate(0, 0, 2), Metrics: map[string]int64{MetricWrittenDataBytes: 4}}}},
	}
	got, err := Totals(metrics, periods)
	if want := map[string]int64{MetricWrittenDataBytes: 7, MetricLogicalSizeBytes: 500, MetricActiveTimeSeconds: 0}; err != nil || !maps.Equal(got, want) {
		t.Errorf("totals are %v, %v; want %v", got, err, want)
	}
	periods[0].Timeframes[0].Metrics[MetricWrittenDataBytes] = math.MaxInt64
	_, err = Totals(metrics, periods)
	if tooLarge, ok := errors.AsType[*TotalsError](err); !ok || tooLarge.Metric != MetricWrittenDataBytes {
		t.Errorf("a sum that is too large gives %v", err)
	}
}

func TestInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var atOnce, most atomic.Int64
		slow := func(ctx context.Context, i int) (int, error) {
			most.Store(max(most.Load(), atOnce.Add(1)))
			defer atOnce.Add(-1)
			return i, sleep(ctx, time.Duration(100-i)*time.Second) // the later, the faster
		}
		for i, err := range inOrder(t.Context(), 50, slow) {
			if err != nil || i > 20 {
				break
			}
			most.Store(max(most.Load(), atOnce.Load()))
		}
		if n := atOnce.Load(); n != 0 {
			t.Errorf("%d are still under way", n)
		}
		if n := most.Load(); n != requestsAtOnce {
			t.Errorf("%d were under way at once, want %d", n, requestsAtOnce)
		}

		broken := errors.New("broken")
		var got []int
		var failure error
		for i, err := range inOrder(t.Context(), 50, func(_ context.Context, i int) (int, error) {
			if i == 3 || i == 5 {
				return 0, broken
			}
			return i, nil
		}) {
			if err != nil {
				failure = err
				continue
			}
			got = append(got, i)
		}
		if !errors.Is(failure, broken) || !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("got %v, then %v", got, failure)
		}

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := firstError(inOrder(ctx, 9, slow)); !errors.Is(err, context.Canceled) {
			t.Errorf("a context that has ended gives %v", err)
		}
	})
}

func TestGetProjects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, projectIDs(30)...)
		ids := append(projectIDs(30), "gone-project-1")
		answers := collect(t, fake.client().GetProjects(t.Context(), ids))
		for i, a := range answers {
			isGone := i == 30
			if a.ID != ids[i] || IsNotFound(a.Err) != isGone || (a.Project == nil) != isGone {
				t.Errorf("answer %d is %+v", i, a)
			}
		}
		if len(answers) != 31 || fake.requests != 31 {
			t.Errorf("%d answers with %d requests", len(answers), fake.requests)
		}
	})
}
