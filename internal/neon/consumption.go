package neon

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxIDsPerConsumption is how many projects one request can name, and branches.
	maxIDsPerConsumption = 100
	// MaxBranchesPerConsumption is how many branches consumption can be narrowed to.
	MaxBranchesPerConsumption = maxIDsPerConsumption
)

// ConsumptionQuery says what consumption to read.
type ConsumptionQuery struct {
	// OrgID is the organization whose projects are meant. It is required.
	OrgID string
	Window
	// Metrics are what to tell; they have to be those of one of Neon's calls.
	Metrics []string
	// ProjectIDs are any number of projects; nil stands for all. An id that is there
	// twice counts once.
	ProjectIDs []string
	// BranchIDs narrow ListBranchConsumption, to at most MaxBranchesPerConsumption
	// branches; nil stands for all.
	BranchIDs []string
}

// Consumption is what one project or branch consumed.
type Consumption struct {
	ProjectID string
	BranchID  string // only of a branch
	Periods   []ConsumptionPeriod
}

// ConsumptionPeriod is a billing period, with those of its timeframes in which
// something was consumed, oldest first.
type ConsumptionPeriod struct {
	ID         string
	Plan       string // such as scale
	Start      time.Time
	End        *time.Time // nil while the period runs
	Timeframes []ConsumptionTimeframe
}

// ConsumptionTimeframe is an hour, a day or a month. A metric's unit is in its name.
type ConsumptionTimeframe struct {
	Start, End time.Time
	Metrics    map[string]int64
}

// ConsumptionPlanError says that an organization's plan has no such consumption
// history (403).
type ConsumptionPlanError struct {
	// Plans are those that have it.
	Plans []string
	Err   error
}

func (e *ConsumptionPlanError) Error() string {
	return fmt.Sprintf("consumption is told on the plans %s: %v", strings.Join(e.Plans, ", "), e.Err)
}

// Unwrap gives what Neon answered.
func (e *ConsumptionPlanError) Unwrap() error { return e.Err }

// CheckProjectMetrics tells, as a *MetricsError, why ListProjectConsumption and
// GetAccountConsumption can't read such metrics.
func CheckProjectMetrics(metrics []string) error {
	_, err := endpointFor(metrics)
	return err
}

// CheckBranchMetrics tells, as a *MetricsError, why ListBranchConsumption can't
// read such metrics.
func CheckBranchMetrics(metrics []string) error {
	_, err := checkMetrics(metrics, BranchMetrics())
	return err
}

func endpointFor(metrics []string) (consumptionEndpoint, error) {
	endpoints := []consumptionEndpoint{projectEndpoint(), legacyEndpoint()}
	i, err := checkMetrics(metrics, endpoints[0].metrics, endpoints[1].metrics)
	if err != nil {
		return consumptionEndpoint{}, err
	}
	return endpoints[i], nil
}

// ListProjectConsumption tells what each project of an organization consumed: GET
// /consumption_history/v2/projects, or GET /consumption_history/projects where the
// metrics are legacy ones. A hundred projects come in a request. Without
// ProjectIDs there is one request after the other, as each tells where the next
// one begins; with them several are under way at once. All of them share Neon's
// budget of about 50 a minute for the account. Neon may leave out projects that
// consumed nothing, and those that are not the organization's.
//
// Metrics that Neon has not are a *MetricsError and times that it does not tell of
// a *WindowError, before anything is sent. Neon's 406 is a *WindowError too, its
// 403 a *ConsumptionPlanError.
func (c *Client) ListProjectConsumption(ctx context.Context, q ConsumptionQuery) iter.Seq2[Consumption, error] {
	endpoint, err := endpointFor(q.Metrics)
	if err == nil {
		err = q.Check(c.Now())
	}
	return func(yield func(Consumption, error) bool) {
		if err != nil {
			yield(Consumption{}, err)
			return
		}
		chunks := c.consumptionInChunks(ctx, endpoint, q)
		if q.ProjectIDs == nil {
			chunks = c.consumptionOf(ctx, endpoint, q, nil)
		}
		yieldEach(chunks, yield)
	}
}

// ListBranchConsumption tells what each branch of an organization's projects
// consumed: GET /consumption_history/v2/branches. Neon wants the projects named,
// so that without ProjectIDs they are listed first. Otherwise it is as
// ListProjectConsumption.
func (c *Client) ListBranchConsumption(ctx context.Context, q ConsumptionQuery) iter.Seq2[Consumption, error] {
	err := CheckBranchMetrics(q.Metrics)
	if err == nil {
		err = q.Check(c.Now())
	}
	if err == nil && len(q.BranchIDs) > MaxBranchesPerConsumption {
		err = fmt.Errorf("neon: consumption of %d branches was asked for, and Neon takes at most %d", len(q.BranchIDs), MaxBranchesPerConsumption)
	}
	return func(yield func(Consumption, error) bool) {
		if err == nil && q.ProjectIDs == nil {
			q.ProjectIDs, err = c.projectIDsOf(ctx, q.OrgID)
		}
		if err != nil {
			yield(Consumption{}, err)
			return
		}
		yieldEach(c.consumptionInChunks(ctx, branchEndpoint(), q), yield)
	}
}

func yieldEach[T any](chunks iter.Seq2[[]T, error], yield func(T, error) bool) {
	var none T
	for chunk, err := range chunks {
		if err != nil {
			yield(none, err)
			return
		}
		for _, item := range chunk {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func (c *Client) projectIDsOf(ctx context.Context, orgID string) ([]string, error) {
	ids := []string{}
	for item, err := range c.ListProjects(ctx, ProjectFilter{OrgID: orgID}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, item.ID)
	}
	return ids, nil
}

// consumptionInChunks reads the projects that the query names, as many to a
// request as Neon takes.
func (c *Client) consumptionInChunks(ctx context.Context, endpoint consumptionEndpoint, q ConsumptionQuery) iter.Seq2[[]Consumption, error] {
	chunks := slices.Collect(slices.Chunk(unique(q.ProjectIDs), maxIDsPerConsumption))
	return inOrder(ctx, len(chunks), func(ctx context.Context, i int) ([]Consumption, error) {
		var all []Consumption
		for page, err := range c.consumptionOf(ctx, endpoint, q, chunks[i]) {
			if err != nil {
				return nil, err
			}
			all = append(all, page...)
			// Projects that are all there need no further page, which would be empty.
			if endpoint.limit == maxIDsPerConsumption && len(all) == len(chunks[i]) {
				break
			}
		}
		return all, nil
	})
}

// consumptionOf reads page by page. No project ids stand for all projects.
func (c *Client) consumptionOf(ctx context.Context, endpoint consumptionEndpoint, q ConsumptionQuery, projectIDs []string) iter.Seq2[[]Consumption, error] {
	query := q.values(c.Now())
	query.Set("limit", strconv.Itoa(endpoint.limit))
	if len(projectIDs) > 0 {
		query.Set("project_ids", strings.Join(projectIDs, ","))
	}
	if len(q.BranchIDs) > 0 {
		query.Set("branch_ids", strings.Join(unique(q.BranchIDs), ","))
	}
	return func(yield func([]Consumption, error) bool) {
		for page, err := range endpoint.pages(ctx, c, endpoint.route, query) {
			if err != nil {
				yield(nil, q.explain(err, endpoint.plans))
				return
			}
			for _, item := range page {
				keepMetrics(item.Periods, q.Metrics)
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// values are the parameters that all the calls have.
func (q ConsumptionQuery) values(now time.Time) url.Values {
	from, to := q.sent(now)
	return url.Values{
		"org_id":      {q.OrgID},
		"from":        {from.Format(time.RFC3339)},
		"to":          {to.Format(time.RFC3339)},
		"granularity": {string(q.Granularity)},
		"metrics":     {strings.Join(unique(q.Metrics), ",")},
	}
}

// keepMetrics drops what was not asked for: legacy answers have four metrics always.
func keepMetrics(periods []ConsumptionPeriod, metrics []string) {
	for _, period := range periods {
		for _, t := range period.Timeframes {
			for name := range t.Metrics {
				if !slices.Contains(metrics, name) {
					delete(t.Metrics, name)
				}
			}
		}
	}
}

// explain gives the refusals that are of consumption's own their types.
func (q ConsumptionQuery) explain(err error, plans []string) error {
	switch {
	case IsForbidden(err):
		return &ConsumptionPlanError{Plans: plans, Err: err}
	case hasStatus(err, http.StatusNotAcceptable):
		return &WindowError{Window: q.Window, Err: err}
	default:
		return err
	}
}
