package provider

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// consumptionPeriod is a span of time that a short word stands for. It ends with the
// last whole timeframe before now, so that plans within a timeframe are equal.
type consumptionPeriod struct {
	// granularities are those that it can be told by, its own first.
	granularities []neon.Granularity
	// span gives the times for one of them. They are the same where no timeframe of
	// the period is over yet.
	span func(g neon.Granularity, now time.Time) (from, to time.Time)
}

// What Neon tells at most, by granularity.
const (
	maxConsumptionHours  = 168
	maxConsumptionDays   = 60
	maxConsumptionMonths = 12
)

const consumptionPeriodForm = `A period is a number of whole hours ("1h" to "168h"), days ("1d" to "60d") or months ("1mo" to "12mo") up to now, ` +
	`or one of "today", "yesterday", "this_month" and "last_month".`

// consumptionPeriodValidator accepts what parseConsumptionPeriod does.
func consumptionPeriodValidator() stringValidator {
	return stringValidator{
		description: "must be a number of hours, days or months such as `24h`, `7d` or `3mo`, or `today`, `yesterday`, `this_month` or `last_month`",
		check: func(s string) *problem {
			_, p := parseConsumptionPeriod(s)
			return p
		},
	}
}

func parseConsumptionPeriod(s string) (consumptionPeriod, *problem) {
	switch s {
	case "today":
		return consumptionPeriod{[]neon.Granularity{neon.Hourly}, since(neon.Daily)}, nil
	case "this_month":
		return consumptionPeriod{[]neon.Granularity{neon.Daily}, since(neon.Monthly)}, nil
	case "yesterday":
		return consumptionPeriod{[]neon.Granularity{neon.Daily, neon.Hourly}, lastWhole(neon.Daily)}, nil
	case "last_month":
		return consumptionPeriod{[]neon.Granularity{neon.Monthly}, lastWhole(neon.Monthly)}, nil
	}
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	if err != nil || digits != strconv.Itoa(n) {
		return consumptionPeriod{}, newProblem("Invalid period", quote(s)+" is no period. "+consumptionPeriodForm)
	}
	switch unit := strings.TrimPrefix(s, digits); unit {
	case "h":
		return consumptionPeriod{[]neon.Granularity{neon.Hourly}, before(0, 0, n)}, checkPeriodLength(s, n, maxConsumptionHours, "hours")
	case "d":
		granularities := []neon.Granularity{neon.Daily, neon.Hourly}
		if n > maxConsumptionHours/24 {
			granularities = granularities[:1]
		}
		return consumptionPeriod{granularities, before(0, n, 0)}, checkPeriodLength(s, n, maxConsumptionDays, "days")
	case "mo":
		return consumptionPeriod{[]neon.Granularity{neon.Monthly}, before(n, 0, 0)}, checkPeriodLength(s, n, maxConsumptionMonths, "months")
	default:
		return consumptionPeriod{}, newProblem("Invalid period", fmt.Sprintf("%s has the unit %q, and units are h, d and mo. %s", quote(s), unit, consumptionPeriodForm))
	}
}

func checkPeriodLength(s string, n, most int, unit string) *problem {
	if n >= 1 && n <= most {
		return nil
	}
	return newProblem("Invalid period", fmt.Sprintf("%s is not possible: Neon tells the consumption of the last %d %s at most. %s", quote(s), most, unit, consumptionPeriodForm))
}

// since goes back to the beginning of the day or month that now is in.
func since(outer neon.Granularity) func(neon.Granularity, time.Time) (time.Time, time.Time) {
	return func(g neon.Granularity, now time.Time) (from, to time.Time) { return outer.Floor(now), g.Floor(now) }
}

// lastWhole is the day or month before the one that now is in.
func lastWhole(outer neon.Granularity) func(neon.Granularity, time.Time) (time.Time, time.Time) {
	return func(_ neon.Granularity, now time.Time) (from, to time.Time) {
		to = outer.Floor(now)
		return outer.Floor(to.Add(-time.Hour)), to
	}
}

// before goes back from the last whole timeframe.
func before(months, days, hours int) func(neon.Granularity, time.Time) (time.Time, time.Time) {
	return func(g neon.Granularity, now time.Time) (from, to time.Time) {
		to = g.Floor(now)
		return to.AddDate(0, -months, -days).Add(-time.Duration(hours) * time.Hour), to
	}
}

// checkGranularity says why a period can't be told by a granularity.
func (p consumptionPeriod) checkGranularity(period string, g neon.Granularity) *problem {
	if slices.Contains(p.granularities, g) {
		return nil
	}
	possible := make([]string, len(p.granularities))
	for i, g := range p.granularities {
		possible[i] = quote(string(g))
	}
	return newProblem("Period and granularity don't fit",
		fmt.Sprintf("The period %s can't be told by granularity %q: it can by %s. Change one of the two, or leave granularity out.", quote(period), g, strings.Join(possible, " or ")))
}
