package neon

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter spreads requests over Neon's documented budgets: so many requests a
// minute for the account, 40 a second on one route, ten a second for creating
// organization keys, and fifty a minute for all consumption paths together.
type limiter struct {
	account     *rate.Limiter
	keyCreation *rate.Limiter
	consumption *rate.Limiter

	mu          sync.Mutex
	pausedUntil time.Time
}

// newLimiter makes the buckets. The account's burst is a 35th of a minute's
// budget, and two bursts are kept back from the rate: one command runs the
// provider twice (plan, then apply), each time with a full bucket, and both must
// fit in the minute. At 700 a minute that is 11 a second and bursts of 20, which
// also stays below 40 a second on any one route.
func newLimiter(requestsPerMinute int) *limiter {
	burst := max(1, requestsPerMinute/35)
	sustained := max(requestsPerMinute-2*burst, (requestsPerMinute+1)/2)
	return &limiter{
		account:     rate.NewLimiter(perMinute(sustained), burst),
		keyCreation: rate.NewLimiter(rate.Every(time.Second/5), 5),
		consumption: rate.NewLimiter(perMinute(40), 5),
	}
}

func perMinute(n int) rate.Limit { return rate.Limit(float64(n) / 60) }

// wait blocks until the request may be sent, or the context ends.
func (l *limiter) wait(ctx context.Context, method, route string) error {
	for _, bucket := range l.buckets(method, route) {
		if err := bucket.Wait(ctx); err != nil {
			return err
		}
	}
	for {
		pause := l.remainingPause()
		if pause <= 0 {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (l *limiter) buckets(method, route string) []*rate.Limiter {
	buckets := []*rate.Limiter{l.account}
	if strings.HasPrefix(route, "/consumption_history/") {
		buckets = append(buckets, l.consumption)
	}
	if method == "POST" && route == "/organizations/{org_id}/api_keys" {
		buckets = append(buckets, l.keyCreation)
	}
	return buckets
}

// pause holds everybody back, as a 429 says that the whole account is too fast:
// others may be using the same budget.
func (l *limiter) pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(d); until.After(l.pausedUntil) {
		l.pausedUntil = until
	}
}

func (l *limiter) remainingPause() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.pausedUntil)
}

// sleep waits for d, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
