package neon

import (
	"fmt"
	"time"
)

// Granularity is how long the timeframes are that consumption is told by. They
// begin and end at whole hours, days and months in UTC.
type Granularity string

// Neon's granularities.
const (
	Hourly  Granularity = "hourly"
	Daily   Granularity = "daily"
	Monthly Granularity = "monthly"
)

// Granularities are all of them.
func Granularities() []Granularity { return []Granularity{Hourly, Daily, Monthly} }

// ConsumptionHistoryStart is the first moment that Neon tells consumption of.
func ConsumptionHistoryStart() time.Time { return time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC) }

// Floor gives the beginning of the timeframe that a time is in, which is how Neon
// rounds.
func (g Granularity) Floor(t time.Time) time.Time {
	t = t.UTC()
	switch g {
	case Hourly:
		return t.Truncate(time.Hour)
	case Daily:
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	default:
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
}

// Next gives the beginning of the timeframe after the one that a time is in.
func (g Granularity) Next(t time.Time) time.Time {
	start := g.Floor(t)
	switch g {
	case Hourly:
		return start.Add(time.Hour)
	case Daily:
		return start.AddDate(0, 0, 1)
	default:
		return start.AddDate(0, 1, 0)
	}
}

// Earliest is how far back Neon tells: 168 hours, 60 days or a year before now,
// and nothing from before March 2024.
func (g Granularity) Earliest(now time.Time) time.Time {
	var earliest time.Time
	switch now = now.UTC(); g {
	case Hourly:
		earliest = now.Add(-168 * time.Hour)
	case Daily:
		earliest = now.Add(-60 * 24 * time.Hour)
	default:
		// Not AddDate alone: a year before February 29 it would give March 1.
		earliest = now.AddDate(-1, 0, 0)
		if earliest.Month() != now.Month() {
			earliest = earliest.AddDate(0, 0, -earliest.Day())
		}
	}
	if start := ConsumptionHistoryStart(); earliest.Before(start) {
		return start
	}
	return earliest
}

// Window is a span of time, from From to before To, that consumption is asked
// for. Neon rounds both down to the granularity, so that a timeframe that To lies
// in is not part of it.
type Window struct {
	From, To    time.Time
	Granularity Granularity
}

// WindowError is a span of time that Neon does not tell consumption of.
type WindowError struct {
	Window Window
	// Bound is the one that is wrong, "from" or "to"; empty where Neon refused (406)
	// and does not say which.
	Bound string
	// Earliest is set where From is too early: Neon tells nothing from before it.
	Earliest time.Time
	// Err is Neon's refusal. It is nil where nothing was sent.
	Err error
}

func (e *WindowError) Error() string {
	span := fmt.Sprintf("%s consumption from %s to %s", e.Window.Granularity, e.Window.From.Format(time.RFC3339), e.Window.To.Format(time.RFC3339))
	switch {
	case e.Err != nil:
		return fmt.Sprintf("Neon does not tell %s: %v", span, e.Err)
	case !e.Earliest.IsZero():
		return fmt.Sprintf("there is no %s: it goes back to %s", span, e.Earliest.Format(time.RFC3339))
	case e.Bound == "from":
		return fmt.Sprintf("there is no %s: it begins in the future", span)
	default:
		return fmt.Sprintf("there is no %s: no whole timeframe lies between", span)
	}
}

// Unwrap gives what Neon answered.
func (e *WindowError) Unwrap() error { return e.Err }

// Check tells, as a *WindowError, why Neon can't have consumption of the window.
// What Neon may think otherwise about is left to it, such as a To in the future. A
// zero now leaves out what depends on the time.
func (w Window) Check(now time.Time) error {
	from, to := w.Granularity.Floor(w.From), w.Granularity.Floor(w.To)
	earliest := ConsumptionHistoryStart()
	if !now.IsZero() {
		earliest = w.Granularity.Earliest(now)
	}
	switch {
	case from.Before(w.Granularity.Floor(earliest)):
		return &WindowError{Window: w, Bound: "from", Earliest: earliest}
	case !from.Before(to):
		return &WindowError{Window: w, Bound: "to"}
	case !now.IsZero() && from.After(now):
		return &WindowError{Window: w, Bound: "from"}
	default:
		return nil
	}
}

// sent gives the two times as they go to Neon: rounded, so that the same request
// is made for as long as the answer is the same. Only a From in the oldest
// timeframe stays within the limit to the second, as it is not known whether Neon
// rounds before it looks at the limit or after.
func (w Window) sent(now time.Time) (from, to time.Time) {
	const allowance = time.Minute // for clocks that differ and requests that wait
	from = w.Granularity.Floor(w.From)
	if safe := w.Granularity.Earliest(now).Add(allowance); from.Before(safe) {
		from = safe.Truncate(time.Second)
		if last := w.Granularity.Next(w.From).Add(-time.Second); last.Before(from) {
			from = last
		}
	}
	return from, w.Granularity.Floor(w.To)
}
