package neon

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
)

// Where an account's consumption comes from.
const (
	SourceAccount  = "account"  // Neon's own totals
	SourceProjects = "projects" // the sum over the projects
)

// AccountConsumption is what all projects of an organization consumed together.
type AccountConsumption struct {
	Source  string
	Periods []ConsumptionPeriod
}

// GetAccountConsumption tells what an organization consumed: GET
// /consumption_history/account where that has the metrics and Neon still answers
// it, else the sum over ListProjectConsumption of all projects, whose errors it
// has. ProjectIDs are not looked at.
func (c *Client) GetAccountConsumption(ctx context.Context, q ConsumptionQuery) (*AccountConsumption, error) {
	q.ProjectIDs, q.BranchIDs = nil, nil
	if err := errors.Join(CheckProjectMetrics(q.Metrics), q.Check(c.Now())); err != nil {
		return nil, err
	}
	if _, err := checkMetrics(q.Metrics, AccountMetrics()); err == nil {
		periods, err := c.ownAccountConsumption(ctx, q)
		if err == nil {
			return &AccountConsumption{Source: SourceAccount, Periods: periods}, nil
		}
		if !isWithdrawn(err) {
			return nil, q.explain(err, nil)
		}
	}
	var sum consumptionSum
	for project, err := range c.ListProjectConsumption(ctx, q) {
		if err != nil {
			return nil, err
		}
		if err := sum.add(project.Periods); err != nil {
			return nil, err
		}
	}
	return &AccountConsumption{Source: SourceProjects, Periods: sum.sorted()}, nil
}

func (c *Client) ownAccountConsumption(ctx context.Context, q ConsumptionQuery) ([]ConsumptionPeriod, error) {
	var out ConsumptionHistoryPerAccountResponse
	if err := c.get(ctx, "/consumption_history/account", nil, q.values(c.Now()), &out); err != nil {
		return nil, err
	}
	periods := periodsOf(out.Periods)
	keepMetrics(periods, q.Metrics)
	return periods, nil
}

// isWithdrawn tells whether Neon may have refused because the call is one of the
// past. It has announced the end, not how that shows. A refusal that had another
// cause, such as the plan, is met again at the projects.
func isWithdrawn(err error) bool {
	for _, status := range []int{
		http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented,
	} {
		if hasStatus(err, status) {
			return true
		}
	}
	return false
}

// consumptionSum adds projects up, timeframe by timeframe.
type consumptionSum struct{ periods []ConsumptionPeriod }

func (s *consumptionSum) add(periods []ConsumptionPeriod) error {
	for _, period := range periods {
		sum := s.period(period)
		for _, t := range period.Timeframes {
			if err := AddMetrics(sum.timeframe(t).Metrics, t.Metrics); err != nil {
				return err
			}
		}
	}
	return nil
}

// period finds or makes the sum's period. An id that is not that of all the
// projects says nothing.
func (s *consumptionSum) period(like ConsumptionPeriod) *ConsumptionPeriod {
	for i := range s.periods {
		p := &s.periods[i]
		if p.Start.Equal(like.Start) && p.Plan == like.Plan {
			if p.ID != like.ID {
				p.ID = ""
			}
			return p
		}
	}
	like.Timeframes = nil
	s.periods = append(s.periods, like)
	return &s.periods[len(s.periods)-1]
}

// timeframe finds or makes the timeframe that begins when t does. They stay sorted.
func (p *ConsumptionPeriod) timeframe(t ConsumptionTimeframe) ConsumptionTimeframe {
	i, found := slices.BinarySearchFunc(p.Timeframes, t.Start, func(have ConsumptionTimeframe, start time.Time) int { return have.Start.Compare(start) })
	if !found {
		p.Timeframes = slices.Insert(p.Timeframes, i, ConsumptionTimeframe{Start: t.Start, End: t.End, Metrics: map[string]int64{}})
	}
	return p.Timeframes[i]
}

func (s *consumptionSum) sorted() []ConsumptionPeriod {
	slices.SortFunc(s.periods, func(a, b ConsumptionPeriod) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Plan, b.Plan)) })
	return s.periods
}
