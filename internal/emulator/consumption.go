package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// The plans that have the kinds of history, as documented.
var (
	projectHistoryPlans = []string{"launch", "scale", "agent", "business", "enterprise"}
	branchHistoryPlans  = []string{"launch", "scale", "agent", "enterprise"}
	legacyHistoryPlans  = []string{"scale", "business", "enterprise"}
)

// The metrics of the kinds of history. The first four of the legacy ones are what a
// query means that names none.
var (
	branchMetrics  = []metric{computeUnitSeconds, rootBranchBytesMonth, childBranchBytesMonth, instantRestoreBytesMonth, publicNetworkTransferBytes, privateNetworkTransferBytes}
	projectMetrics = append(slices.Clone(branchMetrics), extraBranchesMonth, snapshotStorageBytesMonth)
	accountMetrics = []metric{activeTimeSeconds, computeTimeSeconds, writtenDataBytes, syntheticStorageSizeBytes, dataStorageBytesHour}
	legacyMetrics  = append(slices.Clone(accountMetrics), logicalSizeBytes, logicalSizeBytesHour)
)

const consumptionPrefix = "/consumption_history/"

func consumptionRoutes() []route {
	timeframes := []param{
		{name: "from", required: true, shape: text{dateTime: true}},
		{name: "to", required: true, shape: text{dateTime: true}},
		{name: "granularity", required: true, shape: text{oneOf: []string{string(hourly), string(daily), string(monthly)}}},
	}
	with := func(more ...param) []param { return append(slices.Clone(timeframes), more...) }
	list := func(name string, least int, required bool) param {
		return param{name: name, required: required, shape: array{of: idShape, min: least, max: 100}}
	}
	metrics := param{name: "metrics", shape: array{of: text{}, min: 1}}
	requiredMetrics := param{name: "metrics", required: true, shape: array{of: text{}, min: 1}}
	orgID, requiredOrgID := param{name: "org_id", shape: idShape}, param{name: "org_id", required: true, shape: idShape}
	v1 := param{name: "include_v1_metrics", shape: boolean{}}
	cursor := param{name: "cursor", shape: text{}}
	limit := param{name: "limit", shape: integer{min: 1, max: 100}}
	return []route{
		{
			method: http.MethodGet, pattern: consumptionPrefix + "v2/projects", keys: noScopedKey, handle: projectHistory,
			query: with(cursor, limit, list("project_ids", 0, false), requiredOrgID, requiredMetrics),
		},
		{
			method: http.MethodGet, pattern: consumptionPrefix + "v2/branches", keys: noScopedKey, handle: branchHistory,
			query: with(cursor, param{name: "limit", shape: integer{min: 1, max: 1000}}, list("project_ids", 1, true), list("branch_ids", 0, false), requiredOrgID, requiredMetrics),
		},
		{
			method: http.MethodGet, pattern: consumptionPrefix + "projects", keys: noScopedKey, handle: legacyProjectHistory,
			query: with(cursor, limit, list("project_ids", 0, false), orgID, metrics, v1),
		},
		{
			method: http.MethodGet, pattern: consumptionPrefix + "account", keys: noScopedKey, handle: accountHistory,
			query: with(orgID, metrics, v1),
		},
	}
}

// accountOfHistory is the organization that the query names, else the caller's own
// account.
func (x *exchange) accountOfHistory() (account, error) {
	id := x.query.text("org_id")
	if id == "" {
		return x.caller.account(), nil
	}
	org, err := x.organization(id)
	return account{org: org}, err
}

// projectHistory is GET /consumption_history/v2/projects.
func projectHistory(x *exchange) (reply, error) {
	return historyOfProjects(x, projectHistoryPlans, projectMetrics, showV2)
}

// legacyProjectHistory is GET /consumption_history/projects.
func legacyProjectHistory(x *exchange) (reply, error) {
	return historyOfProjects(x, legacyHistoryPlans, legacyMetrics, showLegacy)
}

func historyOfProjects[T any](x *exchange, plans []string, known []metric, show func([]metric, span) T) (reply, error) {
	h, err := x.history(plans, known)
	if err != nil {
		return reply{}, err
	}
	projects, next, err := x.consumers(h.account)
	if err != nil {
		return reply{}, err
	}
	out := neon.ConsumptionHistoryProjects[T]{Projects: []neon.ConsumptionHistoryProject[T]{}, Pagination: next}
	for _, p := range projects {
		out.Projects = append(out.Projects, neon.ConsumptionHistoryProject[T]{ProjectID: p.ID, Periods: periodsOf(h, x.w.projectReader(p), show)})
	}
	return ok(http.StatusOK, out)
}

// accountHistory is GET /consumption_history/account, which Neon has deprecated.
func accountHistory(x *exchange) (reply, error) {
	h, err := x.history(legacyHistoryPlans, accountMetrics)
	if err != nil {
		return reply{}, err
	}
	var readers []reader
	for _, p := range x.w.consumersOf(h.account) {
		readers = append(readers, x.w.projectReader(p))
	}
	all := func(from, to hour) usage {
		var sum usage
		for _, read := range readers {
			sum.add(read(from, to))
		}
		return sum
	}
	return ok(http.StatusOK, neon.ConsumptionHistoryPerAccountResponse{Periods: periodsOf(h, all, showLegacy)})
}

// consumersOf are the projects that an account pays for, newest first: also those
// that were deleted and can be recovered. Names narrow them down.
func (w *world) consumersOf(of account, named ...string) []*Project {
	all := slices.Clone(w.owned[of.id()])
	if len(named) > 0 {
		all = nil
		for _, id := range slices.Compact(slices.Sorted(slices.Values(named))) {
			if p := w.projects[id]; p != nil && p.OwnerID == of.id() {
				all = append(all, p)
			}
		}
	}
	all = slices.DeleteFunc(all, w.purged)
	slices.SortFunc(all, newestFirst)
	return all
}

func newestFirst(a, b *Project) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// consumers is the page of an account's projects that the query asks for. Projects
// that it names and that aren't the account's are left out.
func (x *exchange) consumers(of account) ([]*Project, *neon.Pagination, error) {
	all := x.w.consumersOf(of, x.query.list("project_ids")...)
	if cursor := x.query.text("cursor"); cursor != "" {
		last := x.w.projects[cursor]
		if last == nil {
			return nil, nil, badRequest("query parameter cursor is not one that a page gave")
		}
		all = slices.DeleteFunc(all, func(p *Project) bool { return newestFirst(p, last) <= 0 })
	}
	all = all[:min(len(all), x.query.limit(10))]
	if len(all) == 0 {
		return nil, nil, nil
	}
	return all, &neon.Pagination{Cursor: all[len(all)-1].ID}, nil
}

// branchHistory is GET /consumption_history/v2/branches: by project, then branch.
func branchHistory(x *exchange) (reply, error) {
	h, err := x.history(branchHistoryPlans, branchMetrics)
	if err != nil {
		return reply{}, err
	}
	wanted := x.query.list("branch_ids")
	lastProject, lastBranch, _ := strings.Cut(x.query.text("cursor"), "/")
	limit := x.query.limit(100)
	out := neon.ConsumptionHistoryPerBranchV2Response{Branches: []neon.ConsumptionHistoryPerBranchV2{}}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(x.query.list("project_ids")))) {
		p := x.w.projects[id]
		if p == nil || p.OwnerID != h.account.id() || x.w.purged(p) {
			continue
		}
		for _, m := range x.w.metersInOrder(p) {
			isSeen := cmp.Or(cmp.Compare(id, lastProject), cmp.Compare(m.branchID, lastBranch)) <= 0
			isOver := m.ended && m.to <= hourOf(h.from)
			if isSeen || isOver || len(wanted) > 0 && !slices.Contains(wanted, m.branchID) {
				continue
			}
			if len(out.Branches) == limit {
				return ok(http.StatusOK, out)
			}
			out.Branches = append(out.Branches, neon.ConsumptionHistoryPerBranchV2{ProjectID: id, BranchID: m.branchID, Periods: periodsOf(h, m.between, showV2)})
			out.Pagination = &neon.Pagination{Cursor: id + "/" + m.branchID}
		}
	}
	return ok(http.StatusOK, out)
}

func (w *world) metersInOrder(p *Project) []meter {
	meters := w.meters(p)
	slices.SortFunc(meters, func(a, b meter) int { return cmp.Compare(a.branchID, b.branchID) })
	return meters
}
