package emulator

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// granularity is a kind of timeframes.
type granularity string

const (
	hourly  granularity = "hourly"
	daily   granularity = "daily"
	monthly granularity = "monthly"
)

// begin is when the timeframe that a time is in begins.
func (g granularity) begin(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	clock := t.UTC().Hour()
	switch g {
	case monthly:
		day, clock = 1, 0
	case daily:
		clock = 0
	default:
	}
	return time.Date(year, month, day, clock, 0, 0, 0, time.UTC)
}

// end is when it ends and the next one begins.
func (g granularity) end(t time.Time) time.Time {
	span := map[granularity]time.Duration{hourly: time.Hour, daily: 24 * time.Hour, monthly: 31 * 24 * time.Hour}[g]
	return g.begin(g.begin(t).Add(span))
}

// limit is how far back there is a history.
func (g granularity) limit(now time.Time) time.Time {
	limit := now.AddDate(-1, 0, 0)
	switch g {
	case hourly:
		limit = now.Add(-168 * time.Hour)
	case daily:
		limit = now.AddDate(0, 0, -60)
	default:
	}
	if first := time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC); limit.Before(first) {
		return first
	}
	return limit
}

// history is what a request wants to know: of which time, by which timeframes, in
// which metrics.
type history struct {
	w           *world
	account     account
	from, to    time.Time // rounded
	granularity granularity
	metrics     []metric
}

// history reads the parameters that all the paths have. It refuses a plan that has
// no history and times that there is none of.
func (x *exchange) history(plans []string, known []metric) (history, error) {
	metrics, err := x.metrics(known)
	if err != nil {
		return history{}, err
	}
	of, err := x.accountOfHistory()
	if err != nil {
		return history{}, err
	}
	if !slices.Contains(plans, of.plan().name) {
		return history{}, forbidden("this endpoint is not available. It is only supported on the plans %s", strings.Join(plans, ", "))
	}
	from, to := x.query.time("from"), x.query.time("to")
	h := history{w: x.w, account: of, metrics: metrics, granularity: granularity(x.query.text("granularity"))}
	if earliest := h.granularity.limit(x.w.now); from.Before(earliest) {
		return history{}, refuse(http.StatusNotAcceptable, "the specified date-time range is outside the boundaries of the specified granularity: from is before %s", earliest.Format(time.RFC3339))
	}
	h.from, h.to = h.granularity.begin(from), h.granularity.begin(to)
	if !h.from.Before(h.to) {
		return history{}, refuse(http.StatusNotAcceptable, "the specified date-time range is empty for the specified granularity")
	}
	if end := h.granularity.end(x.w.now); h.to.After(end) {
		h.to = end
	}
	return h, nil
}

// metrics are those that the query names, or the ones that it then means.
func (x *exchange) metrics(known []metric) ([]metric, error) {
	names := x.query.list("metrics")
	if len(names) == 0 {
		metrics := slices.Clone(known[:4])
		if x.query.boolean("include_v1_metrics") {
			metrics = append(metrics, dataStorageBytesHour)
		}
		return metrics, nil
	}
	var metrics []metric
	for _, name := range names {
		m := metric(slices.Index(metricNames[:], name))
		if !slices.Contains(known, m) {
			return nil, badRequest("query parameter metrics: %q is not supported here; supported are %v", name, known)
		}
		metrics = append(metrics, m)
	}
	slices.Sort(metrics)
	return slices.Compact(metrics), nil
}

// reader tells what something consumed from one hour to before another.
type reader func(from, to hour) usage

// span is a timeframe with what was consumed in it.
type span struct {
	start, end time.Time
	used       usage
}

// spans are the timeframes in which one of the metrics was consumed, oldest first.
func (h history) spans(read reader) []span {
	var spans []span
	for start := h.from; start.Before(h.to); start = h.granularity.end(start) {
		s := span{start: start, end: h.granularity.end(start)}
		s.used = read(hourOf(s.start), hourOf(s.end))
		if slices.ContainsFunc(h.metrics, func(m metric) bool { return s.used[m] != 0 }) {
			spans = append(spans, s)
		}
	}
	return spans
}

// periodsOf sorts timeframes by billing period, which is the calendar month.
func periodsOf[T any](h history, read reader, show func([]metric, span) T) []neon.ConsumptionHistoryPeriod[T] {
	periods := []neon.ConsumptionHistoryPeriod[T]{}
	for _, s := range h.spans(read) {
		start := monthly.begin(s.start)
		if last := len(periods) - 1; last < 0 || !periods[last].PeriodStart.Equal(start) {
			period := neon.ConsumptionHistoryPeriod[T]{PeriodID: periodID(h.account.id(), start), PeriodPlan: h.account.plan().name, PeriodStart: start}
			if end := monthly.end(start); !h.w.now.Before(end) {
				period.PeriodEnd = &end
			}
			periods = append(periods, period)
		}
		p := &periods[len(periods)-1]
		p.Consumption = append(p.Consumption, show(h.metrics, s))
	}
	return periods
}

// periodID is a UUID that an account has for a month.
func periodID(accountID string, start time.Time) string {
	hash := fnv.New128a()
	_, _ = fmt.Fprint(hash, accountID, start.Unix()) // never fails
	b := hash.Sum(nil)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func showV2(metrics []metric, s span) neon.ConsumptionHistoryPerTimeframeV2 {
	t := neon.ConsumptionHistoryPerTimeframeV2{TimeframeStart: s.start, TimeframeEnd: s.end}
	for _, m := range metrics {
		t.Metrics = append(t.Metrics, neon.ConsumptionMetricValue{MetricName: metricNames[m], Value: s.used[m]})
	}
	return t
}

// showLegacy has four metrics always, and the others where they are wanted.
func showLegacy(metrics []metric, s span) neon.ConsumptionHistoryPerTimeframe {
	t := neon.ConsumptionHistoryPerTimeframe{
		TimeframeStart: s.start, TimeframeEnd: s.end,
		ActiveTimeSeconds: s.used[activeTimeSeconds], ComputeTimeSeconds: s.used[computeTimeSeconds],
		WrittenDataBytes: s.used[writtenDataBytes], SyntheticStorageSizeBytes: s.used[syntheticStorageSizeBytes],
	}
	for _, m := range metrics {
		switch m {
		case dataStorageBytesHour:
			t.DataStorageBytesHour = new(s.used[m])
		case logicalSizeBytes:
			t.LogicalSizeBytes = new(s.used[m])
		case logicalSizeBytesHour:
			t.LogicalSizeBytesHour = new(s.used[m])
		default:
		}
	}
	return t
}

// projectReader tells what a project consumed.
func (w *world) projectReader(p *Project) reader {
	meters := w.meters(p)
	return func(from, to hour) usage { return consumed(meters, from, to) }
}
