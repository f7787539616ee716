package neon

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// httpDate returns the date that is d from now, as Retry-After has it.
func httpDate(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }

// TestRetryAfter covers what the header says and how long the next attempt waits.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value       func() string
		least, most time.Duration
	}{
		"no seconds":             {func() string { return "0" }, 0, 0},
		"seconds":                {func() string { return "7" }, 7 * time.Second, 7 * time.Second},
		"the longest":            {func() string { return "120" }, maxRetryAfter, maxRetryAfter},
		"an hour":                {func() string { return "3600" }, maxRetryAfter, maxRetryAfter},
		"more than can be said":  {func() string { return strconv.Itoa(1 << 62) }, maxRetryAfter, maxRetryAfter},
		"a date":                 {func() string { return httpDate(7 * time.Second) }, 7 * time.Second, 7 * time.Second},
		"a date in an hour":      {func() string { return httpDate(time.Hour) }, maxRetryAfter, maxRetryAfter},
		"a date in a century":    {func() string { return httpDate(100 * 365 * 24 * time.Hour) }, maxRetryAfter, maxRetryAfter},
		"a date that has passed": {func() string { return httpDate(-time.Hour) }, 0, 0},
		"negative":               {func() string { return "-5" }, minBackoff / 2, minBackoff},
		"nonsense":               {func() string { return "soon" }, minBackoff / 2, minBackoff},
	}
	for _, code := range []int{http.StatusLocked, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for name, tt := range tests {
			t.Run(strconv.Itoa(code)+" with "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					refusal := status(code)
					refusal.header = http.Header{"Retry-After": {tt.value()}}
					client, script := scriptedClient(t, refusal, ok(okProject))
					if _, err := client.GetProject(t.Context(), "a-b-12345678"); err != nil {
						t.Fatal(err)
					}
					if waited := script.times[1].Sub(script.times[0]); waited < tt.least || waited > tt.most {
						t.Errorf("waited %s, want %s to %s", waited, tt.least, tt.most)
					}
				})
			})
		}
	}
}

// TestRetryAfterHoldsTheOthersUpNoLonger: a 429 holds back the whole account.
func TestRetryAfterHoldsTheOthersUpNoLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refusal := status(http.StatusTooManyRequests)
		refusal.header = http.Header{"Retry-After": {httpDate(time.Hour)}}
		client, script := scriptedClient(t, refusal, ok(okProject), ok(okProject))
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := client.GetProject(t.Context(), "a-b-12345678"); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		for _, at := range script.times[1:] {
			if waited := at.Sub(script.times[0]); waited != maxRetryAfter {
				t.Errorf("waited %s, want %s", waited, maxRetryAfter)
			}
		}
	})
}
