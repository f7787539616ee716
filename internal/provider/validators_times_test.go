package provider

import (
	"testing"
	"time"
)

func TestCheckRFC3339(t *testing.T) {
	t.Parallel()
	runChecks(t, checkRFC3339, "Invalid time", []checkCase{
		{"UTC", "2026-01-31T00:00:00Z", ""},
		{"offset", "2026-01-31T02:00:00+02:00", ""},
		{"fraction", "2026-01-31T00:00:00.123456789Z", ""},
		{"leap day", "2024-02-29T00:00:00Z", ""},
		{"empty", "", "The value is empty."},
		{"date", "2026-01-31", `write "2026-01-31T00:00:00Z"`},
		{"no zone", "2026-01-31T12:00:00", `write "2026-01-31T12:00:00Z"`},
		{"no such date", "2026-02-30", "is not such a time"},
		{"blank for T", "2026-01-31 00:00:00Z", "is not such a time"},
		{"comma", "2026-01-31T00:00:00,5Z", "is not such a time"},
		{"hour of one digit", "2026-01-31T1:00:00Z", "is not such a time"},
		{"period", "24h", "is not such a time"},
	})
}

func TestCheckClockTime(t *testing.T) {
	t.Parallel()
	runChecks(t, checkClockTime, "Invalid time of day", []checkCase{
		{"midnight", "00:00", ""},
		{"last minute", "23:59", ""},
		{"empty", "", "The value is empty."},
		{"one digit", "9:30", `write "09:30"`},
		{"end of day", "24:00", `write "00:00"`},
		{"seconds", "09:30:00", "more to it than hours and minutes"},
		{"half of the day", "09:30 pm", "more to it than hours and minutes"},
		{"no such minute", "09:60", "is not a time of day"},
		{"cut in a letter", "09:3é0", "is not a time of day"},
	})
}

func TestCheckWeekday(t *testing.T) {
	t.Parallel()
	for day := int64(1); day <= 7; day++ {
		if p := checkWeekday(day); p != nil {
			t.Errorf("%d was refused: %s", day, p.detail)
		}
	}
	for _, day := range []int64{-1, 0, 8} {
		if checkWeekday(day) == nil {
			t.Errorf("%d was accepted", day)
		}
	}
}

func FuzzRFC3339(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		_, err := time.Parse(time.RFC3339, s)
		if p := checkRFC3339(s); p == nil && err != nil {
			t.Fatalf("%q was accepted: %v", s, err)
		}
	})
}

func FuzzClockTime(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		_, err := time.Parse("15:04", s)
		if p := checkClockTime(s); (p == nil) != (err == nil && len(s) == 5) {
			t.Fatalf("%q: %v, time.Parse: %v", s, p, err)
		}
	})
}
