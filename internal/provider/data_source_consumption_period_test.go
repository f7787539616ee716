package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestConsumptionPeriods(t *testing.T) {
	t.Parallel()
	const ides = "2026-03-15T12:34:56Z"
	for _, c := range []struct{ period, granularity, now, from, to string }{
		{"1h", "hourly", ides, "2026-03-15T11:00:00Z", "2026-03-15T12:00:00Z"},
		{"24h", "hourly", ides, "2026-03-14T12:00:00Z", "2026-03-15T12:00:00Z"},
		{"168h", "hourly", ides, "2026-03-08T12:00:00Z", "2026-03-15T12:00:00Z"},
		{"1d", "daily", ides, "2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"7d", "daily", ides, "2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"7d", "hourly", ides, "2026-03-08T12:00:00Z", "2026-03-15T12:00:00Z"},
		{"60d", "daily", ides, "2026-01-14T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"1mo", "monthly", ides, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"12mo", "monthly", ides, "2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"today", "hourly", ides, "2026-03-15T00:00:00Z", "2026-03-15T12:00:00Z"},
		{"today", "hourly", "2026-03-15T00:59:59Z", "2026-03-15T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"yesterday", "daily", ides, "2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"yesterday", "hourly", "2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"this_month", "daily", ides, "2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"this_month", "daily", "2026-03-01T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"last_month", "monthly", ides, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"last_month", "monthly", "2026-03-31T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"last_month", "monthly", "2026-01-01T00:00:00Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		// Not the zone that the clock is in counts, but UTC.
		{"yesterday", "daily", "2026-03-15T00:30:00+01:00", "2026-03-13T00:00:00Z", "2026-03-14T00:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		m := consumptionTimesModel{Period: types.StringValue(c.period), Granularity: types.StringValue(c.granularity), From: types.StringNull(), To: types.StringNull()}
		window, diags := m.window(now)
		if diags.HasError() {
			t.Errorf("%s, %s: %v", c.period, c.granularity, diags)
			continue
		}
		m.show(window)
		if m.From.ValueString() != c.from || m.To.ValueString() != c.to {
			t.Errorf("%s, %s at %s: from %s to %s, want %s to %s", c.period, c.granularity, c.now, m.From, m.To, c.from, c.to)
		}
		// It is the same until the timeframe is over, and another one then.
		end := window.Granularity.Next(now)
		if later, _ := m.window(end.Add(-time.Second)); later != window {
			t.Errorf("%s, %s: at the end of the timeframe it is %v, want %v", c.period, c.granularity, later, window)
		}
		if later, _ := m.window(end); later == window && c.period != "yesterday" {
			t.Errorf("%s, %s: in the next timeframe it is the same", c.period, c.granularity)
		}
		// What is not empty is nothing that Neon doesn't tell.
		if err := window.Check(now); err != nil && window.From != window.To {
			t.Errorf("%s, %s at %s: %v", c.period, c.granularity, c.now, err)
		}
	}
}

func TestConsumptionPeriodHasAGranularityOfItsOwn(t *testing.T) {
	t.Parallel()
	for period, want := range map[string]neon.Granularity{
		"24h": neon.Hourly, "7d": neon.Daily, "60d": neon.Daily, "3mo": neon.Monthly,
		"today": neon.Hourly, "yesterday": neon.Daily, "this_month": neon.Daily, "last_month": neon.Monthly,
	} {
		m := consumptionTimesModel{Period: types.StringValue(period), Granularity: types.StringNull()}
		if window, diags := m.window(time.Now()); diags.HasError() || window.Granularity != want {
			t.Errorf("%s is told %s, %v; want %s", period, window.Granularity, diags, want)
		}
	}
	for _, c := range []struct{ period, granularity string }{
		{"24h", "daily"}, {"8d", "hourly"}, {"7d", "monthly"}, {"1mo", "daily"}, {"today", "daily"}, {"this_month", "monthly"}, {"this_month", "hourly"}, {"last_month", "daily"},
	} {
		m := consumptionTimesModel{Period: types.StringValue(c.period), Granularity: types.StringValue(c.granularity)}
		_, diags := m.window(time.Now())
		wantOneError(t, diags, "granularity", "Period and granularity don't fit", c.period, c.granularity)
	}
}

func TestConsumptionPeriodMistakes(t *testing.T) {
	t.Parallel()
	for period, says := range map[string]string{
		"":                      "no period",
		"h":                     "no period",
		"a week":                "no period",
		"last month":            "no period",
		"LAST_MONTH":            "no period",
		"-1d":                   "60 days at most",
		"+1d":                   "no period",
		"01d":                   "no period",
		"1.5h":                  "no period",
		"1 d":                   "no period",
		"99999999999999999999d": "no period",
		"1m":                    `unit "m"`,
		"1w":                    `unit "w"`,
		"30":                    `unit ""`,
		"0h":                    "168 hours at most",
		"169h":                  "168 hours at most",
		"61d":                   "60 days at most",
		"13mo":                  "12 months at most",
	} {
		_, p := parseConsumptionPeriod(period)
		if p == nil || !strings.Contains(p.detail, says) || !strings.Contains(p.detail, "this_month") {
			t.Errorf("%q: %v, want %q and what is possible", period, p, says)
		}
	}
}
