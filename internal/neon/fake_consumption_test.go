package neon

import (
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// meteredNeon tells consumption: of each project one day with 1 compute unit second
// and legacy metrics of 10. It allows 50 requests a minute.
type meteredNeon struct {
	t   *testing.T
	mu  sync.Mutex
	ids []string // newest first
	// silent projects are left out of answers.
	silent map[string]bool
	// refusal, by path, is answered instead.
	refusal map[string]int

	requests []*http.Request
	sent     []time.Time
	limited  int
}

func newMetered(t *testing.T, ids ...string) *meteredNeon {
	t.Helper()
	return &meteredNeon{t: t, ids: ids, silent: map[string]bool{}, refusal: map[string]int{}}
}

func (n *meteredNeon) client() *Client {
	n.t.Helper()
	client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: filling{n}}, Clock: func() time.Time { return ides }})
	if err != nil {
		n.t.Fatal(err)
	}
	return client
}

// ides is when it is now.
var ides = time.Date(2026, time.March, 15, 12, 34, 56, 0, time.UTC)

// query asks for the fourteen days before.
func query(metrics ...string) ConsumptionQuery {
	return ConsumptionQuery{OrgID: orgA, Window: Window{From: ides.AddDate(0, 0, -14), To: ides, Granularity: Daily}, Metrics: metrics}
}

// RoundTrip implements http.RoundTripper.
func (n *meteredNeon) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	path := strings.TrimPrefix(req.URL.Path, "/api/v2")
	if strings.HasPrefix(path, "/consumption_history/") {
		now := time.Now()
		n.sent = slices.DeleteFunc(n.sent, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
		if len(n.sent) == 50 {
			n.limited++
			return answer(req, http.StatusTooManyRequests, ErrorBody{Message: "too many"})
		}
		n.sent = append(n.sent, now)
	}
	n.requests = append(n.requests, req)
	if status := n.refusal[path]; status != 0 {
		return answer(req, status, ErrorBody{Message: "no"})
	}
	day := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	v2 := []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframeV2]{{PeriodID: "of-march", PeriodPlan: "scale", PeriodStart: day.AddDate(0, 0, -1), Consumption: []ConsumptionHistoryPerTimeframeV2{
		{TimeframeStart: day, TimeframeEnd: day.AddDate(0, 0, 1), Metrics: []ConsumptionMetricValue{{MetricName: MetricComputeUnitSeconds, Value: 1}}},
	}}}
	legacy := []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframe]{{PeriodID: "of-march", PeriodPlan: "scale", PeriodStart: day.AddDate(0, 0, -1), Consumption: []ConsumptionHistoryPerTimeframe{
		{TimeframeStart: day, TimeframeEnd: day.AddDate(0, 0, 1), ActiveTimeSeconds: 10, ComputeTimeSeconds: 10, WrittenDataBytes: 10, SyntheticStorageSizeBytes: 10},
	}}}
	switch path {
	case "/projects":
		var page ProjectsPage
		for _, id := range n.after(slices.Sorted(slices.Values(n.ids)), req) {
			page.Projects = append(page.Projects, ProjectListItem{ProjectFields: ProjectFields{ID: id}})
			page.Pagination = &Pagination{Cursor: id}
		}
		return answer(req, http.StatusOK, page)
	case "/consumption_history/v2/projects":
		page := ConsumptionHistoryPerProjectV2Response{Projects: []ConsumptionHistoryProject[ConsumptionHistoryPerTimeframeV2]{}}
		for _, id := range n.after(n.ids, req) {
			page.Projects = append(page.Projects, ConsumptionHistoryProject[ConsumptionHistoryPerTimeframeV2]{ProjectID: id, Periods: v2})
			page.Pagination = &Pagination{Cursor: id}
		}
		return answer(req, http.StatusOK, page)
	case "/consumption_history/v2/branches":
		page := ConsumptionHistoryPerBranchV2Response{Branches: []ConsumptionHistoryPerBranchV2{}}
		for _, id := range n.after(slices.Sorted(slices.Values(n.ids)), req) {
			if named := req.URL.Query().Get("branch_ids"); named != "" && !slices.Contains(strings.Split(named, ","), "br-"+id) {
				continue
			}
			page.Branches = append(page.Branches, ConsumptionHistoryPerBranchV2{ProjectID: id, BranchID: "br-" + id, Periods: v2})
			page.Pagination = &Pagination{Cursor: id}
		}
		return answer(req, http.StatusOK, page)
	case "/consumption_history/projects":
		page := ConsumptionHistoryPerProjectResponse{Projects: []ConsumptionHistoryProject[ConsumptionHistoryPerTimeframe]{}}
		for _, id := range n.after(n.ids, req) {
			page.Projects = append(page.Projects, ConsumptionHistoryProject[ConsumptionHistoryPerTimeframe]{ProjectID: id, Periods: legacy})
			page.Pagination = &Pagination{Cursor: id}
		}
		return answer(req, http.StatusOK, page)
	case "/consumption_history/account":
		legacy[0].Consumption[0].ActiveTimeSeconds *= int64(len(n.ids))
		return answer(req, http.StatusOK, ConsumptionHistoryPerAccountResponse{Periods: legacy})
	default:
		return answer(req, http.StatusNotFound, ErrorBody{Message: path})
	}
}

// after is the page that a request asks for.
func (n *meteredNeon) after(ids []string, req *http.Request) []string {
	asked := req.URL.Query()
	if cursor := asked.Get("cursor"); cursor != "" {
		ids = ids[slices.Index(ids, cursor)+1:]
	}
	if named := asked.Get("project_ids"); named != "" {
		wanted := strings.Split(named, ",")
		if len(wanted) > 100 {
			n.t.Errorf("%d projects in a request", len(wanted))
		}
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(wanted, id) })
	}
	limit, err := strconv.Atoi(asked.Get("limit"))
	if err != nil {
		n.t.Errorf("limit is %q", asked.Get("limit"))
	}
	ids = ids[:min(limit, len(ids))]
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return n.silent[id] })
}

// counts gives the requests by path.
func (n *meteredNeon) counts() map[string]int {
	counts := map[string]int{}
	for _, req := range n.requests {
		counts[strings.TrimPrefix(req.URL.Path, "/api/v2")]++
	}
	return counts
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}
