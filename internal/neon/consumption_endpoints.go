package neon

import (
	"context"
	"iter"
	"net/url"
)

// consumptionEndpoint is one of Neon's paths that list consumption.
type consumptionEndpoint struct {
	route   string
	metrics []string
	// plans are those that have it, by Neon's documentation.
	plans []string
	limit int // the most items in a page
	// pages reads it page by page.
	pages func(ctx context.Context, c *Client, route string, query url.Values) iter.Seq2[[]Consumption, error]
}

func projectEndpoint() consumptionEndpoint {
	return consumptionEndpoint{
		route: "/consumption_history/v2/projects", metrics: ProjectMetrics(), limit: 100,
		plans: []string{"Launch", "Scale", "Agent", "Business", "Enterprise"},
		pages: consumptionPages(readProjects[ConsumptionHistoryPerTimeframeV2]),
	}
}

func branchEndpoint() consumptionEndpoint {
	return consumptionEndpoint{
		route: "/consumption_history/v2/branches", metrics: BranchMetrics(), limit: 1000,
		plans: []string{"Launch", "Scale", "Agent", "Enterprise"},
		pages: consumptionPages(readBranches),
	}
}

func legacyEndpoint() consumptionEndpoint {
	return consumptionEndpoint{
		route: "/consumption_history/projects", metrics: LegacyMetrics(), limit: 100,
		plans: []string{"Scale", "Business", "Enterprise"},
		pages: consumptionPages(readProjects[ConsumptionHistoryPerTimeframe]),
	}
}

// consumptionPages reads pages that read knows to tell from.
func consumptionPages[P any](read func(P) ([]Consumption, *Pagination)) func(context.Context, *Client, string, url.Values) iter.Seq2[[]Consumption, error] {
	look := func(page P) (int, string) {
		found, next := read(page)
		return len(found), valueOrZero(next).Cursor
	}
	return func(ctx context.Context, c *Client, route string, query url.Values) iter.Seq2[[]Consumption, error] {
		return func(yield func([]Consumption, error) bool) {
			for page, err := range pages(ctx, c, route, nil, query, look) {
				found, _ := read(page)
				if !yield(found, err) {
					return
				}
			}
		}
	}
}

func readProjects[T timeframe](page ConsumptionHistoryProjects[T]) ([]Consumption, *Pagination) {
	all := make([]Consumption, len(page.Projects))
	for i, p := range page.Projects {
		all[i] = Consumption{ProjectID: p.ProjectID, Periods: periodsOf(p.Periods)}
	}
	return all, page.Pagination
}

func readBranches(page ConsumptionHistoryPerBranchV2Response) ([]Consumption, *Pagination) {
	all := make([]Consumption, len(page.Branches))
	for i, b := range page.Branches {
		all[i] = Consumption{ProjectID: b.ProjectID, BranchID: b.BranchID, Periods: periodsOf(b.Periods)}
	}
	return all, page.Pagination
}

// timeframe is one of the two kinds of timeframes.
type timeframe interface{ common() ConsumptionTimeframe }

func periodsOf[T timeframe](periods []ConsumptionHistoryPeriod[T]) []ConsumptionPeriod {
	all := make([]ConsumptionPeriod, len(periods))
	for i, p := range periods {
		all[i] = ConsumptionPeriod{ID: p.PeriodID, Plan: p.PeriodPlan, Start: p.PeriodStart, End: p.PeriodEnd}
		for _, t := range p.Consumption {
			all[i].Timeframes = append(all[i].Timeframes, t.common())
		}
	}
	return all
}

func (t ConsumptionHistoryPerTimeframeV2) common() ConsumptionTimeframe {
	metrics := make(map[string]int64, len(t.Metrics))
	for _, m := range t.Metrics {
		metrics[m.MetricName] = m.Value
	}
	return ConsumptionTimeframe{Start: t.TimeframeStart, End: t.TimeframeEnd, Metrics: metrics}
}

func (t ConsumptionHistoryPerTimeframe) common() ConsumptionTimeframe {
	metrics := map[string]int64{
		MetricActiveTimeSeconds:         t.ActiveTimeSeconds,
		MetricComputeTimeSeconds:        t.ComputeTimeSeconds,
		MetricWrittenDataBytes:          t.WrittenDataBytes,
		MetricSyntheticStorageSizeBytes: t.SyntheticStorageSizeBytes,
	}
	for name, value := range map[string]*int64{
		MetricDataStorageBytesHour: t.DataStorageBytesHour,
		MetricLogicalSizeBytes:     t.LogicalSizeBytes,
		MetricLogicalSizeBytesHour: t.LogicalSizeBytesHour,
	} {
		if value != nil {
			metrics[name] = *value
		}
	}
	return ConsumptionTimeframe{Start: t.TimeframeStart, End: t.TimeframeEnd, Metrics: metrics}
}
