package emulator

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Neon's documented budgets.
const (
	requestsPerMinute    = 700 // per account
	requestsPerSecond    = 40  // per account and route
	keysPerSecond        = 10  // creations of organization keys, per account
	consumptionPerMinute = 50  // per account, for all consumption paths together
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

// budget is how many requests of a key go into a window.
type budget struct {
	key    string
	most   int
	length time.Duration
}

// spend takes one request from the account's budgets, or refuses.
func (l *rateLimiter) spend(now time.Time, accountID string, rt *route) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	budgets := []budget{
		{accountID, requestsPerMinute, time.Minute},
		{accountID + " " + rt.String(), perSecond(rt.String()), time.Second},
	}
	if strings.HasPrefix(rt.pattern, consumptionPrefix) {
		budgets = append(budgets, budget{accountID + " consumption", consumptionPerMinute, time.Minute})
	}
	var wait time.Duration
	var spent budget
	for _, b := range budgets {
		w := l.window(b.key, now, b.length)
		if left := w.start.Add(b.length).Sub(now); w.used >= b.most && left > wait {
			wait, spent = left, b
		}
	}
	if wait > 0 {
		l.refused++
		refusal := refuse(http.StatusTooManyRequests, "too many requests: %d in %s are allowed here", spent.most, spent.length)
		refusal.headers = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
		return refusal
	}
	for _, b := range budgets {
		l.window(b.key, now, b.length).used++
	}
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
