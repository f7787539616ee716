package neon

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

const createKeyRoute = "/organizations/{org_id}/api_keys"

// spent returns how many requests a limiter lets through in d.
func spent(t *testing.T, l *limiter, method, route string, d time.Duration) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	n := 0
	for l.wait(ctx, method, route) == nil {
		n++
	}
	<-ctx.Done() // a limiter gives up as soon as it sees that its turn comes too late
	return n
}

// A plan and its apply are two processes, which share the account's minute.
func TestTwoProcessesStayWithinAnyBudget(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{10, 35, 70, 100, 700, 3000} {
		t.Run(strconv.Itoa(perMinute), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := spent(t, newLimiter(perMinute, 50), "GET", "/projects", 30*time.Second) +
					spent(t, newLimiter(perMinute, 50), "GET", "/projects", 30*time.Second)
				if n > perMinute || n < perMinute*3/4 {
					t.Errorf("%d requests in a minute, want close to and at most %d", n, perMinute)
				}
			})
		})
	}
}

func TestTwoProcessesStayWithinTheConsumptionBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const route = "/consumption_history/account"
		n := spent(t, newLimiter(700, 50), "GET", route, 30*time.Second) + spent(t, newLimiter(700, 50), "GET", route, 30*time.Second)
		if n > 50 || n < 40 {
			t.Errorf("%d requests in a minute, want close to and at most 50", n)
		}
	})
}

func TestSmallBudgetsLetRequestsThrough(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{1, 2, 3} {
		synctest.Test(t, func(t *testing.T) {
			if n := spent(t, newLimiter(perMinute, 50), "GET", "/projects", 10*time.Minute); n < 5*perMinute {
				t.Errorf("%d requests in ten minutes at %d a minute", n, perMinute)
			}
		})
	}
}

func TestKeysAreCreatedNoFasterThanNeonTakesThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const plenty = 1_000_000
		if n := spent(t, newLimiter(plenty, 50), "POST", createKeyRoute, time.Second); n > 10 || n < 5 {
			t.Errorf("%d keys in the first second, want at most 10", n)
		}
		if n := spent(t, newLimiter(plenty, 50), "POST", createKeyRoute, 10*time.Second); n > 100 || n < 50 {
			t.Errorf("%d keys in ten seconds, want at most 10 in each", n)
		}
		for method, route := range map[string]string{"GET": createKeyRoute, "POST": "/projects"} {
			if n := spent(t, newLimiter(plenty, 50), method, route, time.Second); n < 1000 {
				t.Errorf("%s %s: %d requests in a second, want no limit but the account's", method, route, n)
			}
		}
	})
}

func TestPauseOfABudgetIsNotShortened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(700, 50)
		l.account.pause(time.Minute)
		l.account.pause(time.Second)
		began := time.Now()
		if err := l.wait(t.Context(), "GET", "/projects"); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != time.Minute {
			t.Errorf("waited %s, want the longer pause of %s", waited, time.Minute)
		}
	})
}

// A pause that is made longer meanwhile is waited for to its new end.
func TestPauseThatIsMadeLongerIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(700, 50)
		l.account.pause(time.Minute)
		time.AfterFunc(30*time.Second, func() { l.account.pause(time.Minute) })
		began := time.Now()
		if err := l.wait(t.Context(), "GET", "/projects"); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != 90*time.Second {
			t.Errorf("waited %s, want %s", waited, 90*time.Second)
		}
	})
}

func TestSpentConsumptionBudgetHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const route = "/consumption_history/v2/projects"
		l := newLimiter(700, 50)
		l.tightest("GET", route).pause(time.Minute)
		began := time.Now()
		if err := l.wait(t.Context(), "GET", "/projects"); err != nil || time.Since(began) != 0 {
			t.Errorf("another request waited %s, %v", time.Since(began), err)
		}
		if err := l.wait(t.Context(), "GET", route); err != nil || time.Since(began) != time.Minute {
			t.Errorf("consumption waited %s, %v", time.Since(began), err)
		}
		l.tightest("GET", "/projects").pause(time.Minute)
		began = time.Now()
		if err := l.wait(t.Context(), "GET", route); err != nil || time.Since(began) != time.Minute {
			t.Errorf("consumption waited %s for the account, %v", time.Since(began), err)
		}
	})
}

func TestPauseEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(700, 50)
		l.account.pause(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := l.wait(ctx, "GET", "/projects"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %s, want the deadline after a second", err, time.Since(began))
		}
	})
}
