package emulator

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Neon's documented budgets.
const (
	requestsPerMinute = 700 // per account
	requestsPerSecond = 40  // per account and route
	keysPerSecond     = 10  // creations of organization keys, per account
)

// rateLimiter counts requests in fixed windows of the emulator's clock. The
// zero value is ready to use.
type rateLimiter struct {
	mu      sync.Mutex
	windows map[string]*window
	refused int // how many requests got a 429
}

type window struct {
	start time.Time
	used  int
}

// spend takes one request from the account's and the route's budgets, or refuses.
func (l *rateLimiter) spend(now time.Time, accountID, route string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	perAccount := l.window(accountID, now, time.Minute)
	perRoute := l.window(accountID+" "+route, now, time.Second)
	var wait time.Duration
	if perAccount.used >= requestsPerMinute {
		wait = perAccount.start.Add(time.Minute).Sub(now)
	}
	if perRoute.used >= perSecond(route) {
		wait = max(wait, perRoute.start.Add(time.Second).Sub(now))
	}
	if wait > 0 {
		l.refused++
		refusal := refuse(http.StatusTooManyRequests, "too many requests: %d a minute and bursts of %d a second of this route are allowed", requestsPerMinute, perSecond(route))
		refusal.headers = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
		return refusal
	}
	perAccount.used++
	perRoute.used++
	return nil
}

// perSecond is how many requests of a route an account may make in a second.
func perSecond(route string) int {
	if route == "POST /organizations/{org_id}/api_keys" {
		return keysPerSecond
	}
	return requestsPerSecond
}

func (l *rateLimiter) window(key string, now time.Time, length time.Duration) *window {
	if l.windows == nil {
		l.windows = map[string]*window{}
	}
	w := l.windows[key]
	if w == nil || !now.Before(w.start.Add(length)) {
		w = &window{start: now}
		l.windows[key] = w
	}
	return w
}

func (l *rateLimiter) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows, l.refused = nil, 0
}

func (l *rateLimiter) refusals() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}
