package neon

import (
	"errors"
	"testing"
	"time"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestGranularityRounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		granularity       Granularity
		time, floor, next string
	}{
		{Hourly, "2024-03-15T15:30:00Z", "2024-03-15T15:00:00Z", "2024-03-15T16:00:00Z"},
		{Hourly, "2024-03-15T15:00:00Z", "2024-03-15T15:00:00Z", "2024-03-15T16:00:00Z"},
		{Hourly, "2024-03-15T15:30:00+05:30", "2024-03-15T10:00:00Z", "2024-03-15T11:00:00Z"},
		{Daily, "2024-03-15T15:30:00Z", "2024-03-15T00:00:00Z", "2024-03-16T00:00:00Z"},
		{Daily, "2024-03-15T00:30:00+01:00", "2024-03-14T00:00:00Z", "2024-03-15T00:00:00Z"},
		{Daily, "2024-02-29T23:59:59Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{Monthly, "2024-03-15T15:30:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"},
		{Monthly, "2024-12-31T23:59:59Z", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		{Monthly, "2024-01-31T00:00:00Z", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"},
	} {
		if got := c.granularity.Floor(at(t, c.time)); !got.Equal(at(t, c.floor)) || got.Location() != time.UTC {
			t.Errorf("%s of %s begins %s, want %s", c.granularity, c.time, got, c.floor)
		}
		if got := c.granularity.Next(at(t, c.time)); !got.Equal(at(t, c.next)) {
			t.Errorf("%s after %s begins %s, want %s", c.granularity, c.time, got, c.next)
		}
	}
}

func TestGranularityEarliest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		granularity Granularity
		now, want   string
	}{
		{Hourly, "2026-03-15T12:34:56Z", "2026-03-08T12:34:56Z"},
		{Daily, "2026-03-15T12:34:56Z", "2026-01-14T12:34:56Z"},
		{Monthly, "2026-03-15T12:34:56Z", "2025-03-15T12:34:56Z"},
		{Monthly, "2028-02-29T12:00:00Z", "2027-02-28T12:00:00Z"},
		{Monthly, "2024-06-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{Daily, "2024-03-02T00:00:00Z", "2024-03-01T00:00:00Z"},
	} {
		if got := c.granularity.Earliest(at(t, c.now)); !got.Equal(at(t, c.want)) {
			t.Errorf("%s at %s goes back to %s, want %s", c.granularity, c.now, got, c.want)
		}
	}
}

func TestWindowCheck(t *testing.T) {
	t.Parallel()
	const now = "2026-03-15T12:34:56Z"
	for _, c := range []struct {
		granularity Granularity
		from, to    string
		bound       string // "" where the window is fine
		early       bool
		isTimeless  bool // the same without knowing the time
	}{
		{Hourly, "2026-03-08T12:00:00Z", "2026-03-15T12:00:00Z", "", false, true},
		{Hourly, "2026-03-08T11:59:59Z", "2026-03-15T12:00:00Z", "from", true, false},
		{Hourly, "2026-03-15T12:00:00Z", "2026-03-15T12:59:59Z", "to", false, true},
		{Hourly, "2026-03-15T11:00:00Z", "2026-03-15T10:00:00Z", "to", false, true},
		{Hourly, "2026-03-16T11:00:00Z", "2026-03-16T12:00:00Z", "from", false, false},
		{Hourly, "2026-03-15T11:00:00Z", "2099-01-01T00:00:00Z", "", false, true}, // Neon may have it otherwise
		{Daily, "2026-01-14T00:00:00Z", "2026-03-15T00:00:00Z", "", false, true},
		{Daily, "2026-01-13T23:59:59Z", "2026-03-15T00:00:00Z", "from", true, false},
		{Daily, "2024-02-29T23:00:00Z", "2024-03-15T00:00:00Z", "from", true, true},
		{Monthly, "2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "", false, true},
		{Monthly, "2025-02-28T00:00:00Z", "2026-03-01T00:00:00Z", "from", true, false},
		{Monthly, "2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z", "to", false, true},
	} {
		window := Window{From: at(t, c.from), To: at(t, c.to), Granularity: c.granularity}
		for _, knows := range []bool{true, false} {
			moment := at(t, now)
			if !knows {
				moment = time.Time{}
			}
			err := window.Check(moment)
			wrong, ok := errors.AsType[*WindowError](err)
			isWrong := c.bound != "" && (knows || c.isTimeless)
			if ok != isWrong || (err != nil) != isWrong {
				t.Errorf("%s from %s to %s, now known: %t: %v, want an error: %t", c.granularity, c.from, c.to, knows, err, isWrong)
				continue
			}
			if isWrong && (wrong.Bound != c.bound || wrong.Earliest.IsZero() == c.early || wrong.Error() == "") {
				t.Errorf("%s from %s to %s: %s is wrong, early: %t; want %s, %t", c.granularity, c.from, c.to, wrong.Bound, !wrong.Earliest.IsZero(), c.bound, c.early)
			}
		}
	}
}

// What is sent is rounded, so that it is the same within a timeframe; but it is never
// older than Neon allows, to the second, where rounding would make it so.
func TestWindowSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		granularity     Granularity
		now, from, want string
	}{
		{Hourly, "2026-03-15T12:34:56Z", "2026-03-15T03:45:00Z", "2026-03-15T03:00:00Z"},
		{Hourly, "2026-03-15T12:34:56Z", "2026-03-08T13:10:00Z", "2026-03-08T13:00:00Z"},
		{Hourly, "2026-03-15T12:34:56Z", "2026-03-08T12:00:00Z", "2026-03-08T12:35:56Z"},
		{Hourly, "2026-03-15T12:59:30Z", "2026-03-08T12:00:00Z", "2026-03-08T12:59:59Z"},
		{Hourly, "2026-03-15T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-08T12:01:00Z"},
		{Daily, "2026-03-15T12:34:56Z", "2026-01-14T00:00:00Z", "2026-01-14T12:35:56Z"},
		{Monthly, "2026-03-15T12:34:56Z", "2025-03-01T00:00:00Z", "2025-03-15T12:35:56Z"},
		{Monthly, "2024-06-15T00:00:00Z", "2024-03-01T00:00:00Z", "2024-03-01T00:01:00Z"},
	} {
		window := Window{From: at(t, c.from), To: at(t, c.now), Granularity: c.granularity}
		from, to := window.sent(at(t, c.now))
		if !from.Equal(at(t, c.want)) || !c.granularity.Floor(from).Equal(c.granularity.Floor(window.From)) {
			t.Errorf("%s from %s at %s: %s is sent, want %s", c.granularity, c.from, c.now, from, c.want)
		}
		if !to.Equal(c.granularity.Floor(window.To)) {
			t.Errorf("%s to %s: %s is sent", c.granularity, c.now, to)
		}
	}
}
