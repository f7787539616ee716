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
	account     *budget
	keyCreation *budget
	consumption *budget
}

// budget is one of them. It stands still when Neon has said that it is spent.
type budget struct {
	*rate.Limiter
	// leastPause is how long to stand still where Neon does not say until when. A
	// budget that fills within seconds needs none.
	leastPause time.Duration

	mu          sync.Mutex
	pausedUntil time.Time
}

// newLimiter makes the buckets. The account's burst is a 35th of a minute's
// budget, and two bursts are kept back from the rate: one command runs the
// provider twice (plan, then apply), each time with a full bucket, and both must
// fit in the minute. At 700 a minute that is 11 a second and bursts of 20, which
// also stays below 40 a second on any one route. Consumption is likewise: at 50 a
// minute that is one every 1.5 seconds and bursts of 5.
func newLimiter(requestsPerMinute, consumptionPerMinute int) *limiter {
	l := &limiter{
		account:     newBudget(requestsPerMinute, requestsPerMinute/35),
		keyCreation: &budget{Limiter: rate.NewLimiter(rate.Every(time.Second/5), 5)},
		consumption: newBudget(consumptionPerMinute, consumptionPerMinute/10),
	}
	// So that a request outlasts the minute by the usual number of attempts.
	l.consumption.leastPause = 8 * time.Second
	return l
}

func newBudget(perMinute, burst int) *budget {
	burst = max(1, burst)
	sustained := max(perMinute-2*burst, (perMinute+1)/2)
	return &budget{Limiter: rate.NewLimiter(rate.Limit(float64(sustained)/60), burst)}
}

// wait blocks until the request may be sent, or the context ends.
func (l *limiter) wait(ctx context.Context, method, route string) error {
	budgets := l.budgets(method, route)
	for _, b := range budgets {
		if err := b.Wait(ctx); err != nil {
			return err
		}
	}
	for {
		var pause time.Duration
		for _, b := range budgets {
			pause = max(pause, b.remainingPause())
		}
		if pause <= 0 {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// budgets are those that a request spends, the tightest last.
func (l *limiter) budgets(method, route string) []*budget {
	budgets := []*budget{l.account}
	if strings.HasPrefix(route, "/consumption_history/") {
		budgets = append(budgets, l.consumption)
	}
	if method == "POST" && route == "/organizations/{org_id}/api_keys" {
		budgets = append(budgets, l.keyCreation)
	}
	return budgets
}

// tightest is the budget that must be spent when Neon refuses a request for being
// too many. That of consumption is no reason to hold up the rest of a run; if it was
// the account's after all, the others will be told.
func (l *limiter) tightest(method, route string) *budget {
	budgets := l.budgets(method, route)
	return budgets[len(budgets)-1]
}

// pause holds back everybody who spends the budget, as a 429 says that the whole
// account is too fast: others may be using it too.
func (b *budget) pause(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := time.Now().Add(d); until.After(b.pausedUntil) {
		b.pausedUntil = until
	}
}

func (b *budget) remainingPause() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Until(b.pausedUntil)
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
