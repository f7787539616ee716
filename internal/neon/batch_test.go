package neon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// batchWorld is callers whose changes share requests, at most five to one, and the
// requests that they make.
type batchWorld struct {
	t       *testing.T
	batches batches[string, string, string]
	takes   time.Duration // of a request
	began   time.Time
	mu      sync.Mutex
	sent    []string // "ITEMS at TIME" or "ITEMS at TIME, given up"
	callers sync.WaitGroup
}

func newBatchWorld(t *testing.T, takes time.Duration) *batchWorld {
	t.Helper()
	return &batchWorld{t: t, takes: takes, began: time.Now()}
}

func (w *batchWorld) send(ctx context.Context, _ string, items []string) []string {
	slices.Sort(items)
	what := fmt.Sprintf("%s at %s", strings.Join(items, " "), time.Since(w.began))
	results := make([]string, len(items))
	if sleep(ctx, w.takes) != nil {
		what += ", given up"
		for i := range results {
			results[i] = "given up"
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, what)
	return results
}

// call asks for a change in the background, which has to have the result or error.
func (w *batchWorld) call(ctx context.Context, item, result string, want error) {
	w.t.Helper()
	w.callers.Go(func() {
		got, err := w.batches.do(ctx, "key", item, 5, w.send)
		if got != result || !errors.Is(err, want) {
			w.t.Errorf("%s: got %q, %v, want %q, %v", item, got, err, result, want)
		}
	})
	synctest.Wait()
}

func (w *batchWorld) wantSent(want ...string) {
	w.t.Helper()
	w.callers.Wait()
	if !slices.Equal(w.sent, want) {
		w.t.Errorf("sent %q, want %q", w.sent, want)
	}
}

func TestFullBatchIsSentAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, 0)
		for _, item := range []string{"a", "b", "c", "d", "e"} {
			w.call(t.Context(), item, "", nil)
		}
		w.wantSent("a b c d e at 0s")
	})
}

func TestBatchWaitsForARequestThatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, 5*time.Second)
		w.call(t.Context(), "a", "", nil) // sent at 60ms
		time.Sleep(time.Second)
		w.call(t.Context(), "b", "", nil)
		time.Sleep(time.Second)
		w.call(t.Context(), "c", "", nil) // which does not send b
		// At the end of the request another may follow a, and is waited for.
		w.wantSent("a at 60ms", "b c at 6.06s")
	})
}

func TestBatchIsSentSoonOnceAllHaveFollowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, 5*time.Second)
		w.call(t.Context(), "a", "", nil)
		time.Sleep(time.Second)
		w.call(t.Context(), "b", "", nil)
		time.Sleep(4500 * time.Millisecond) // a's request has ended at 5.06s
		w.call(t.Context(), "c", "", nil)   // follows it
		w.wantSent("a at 60ms", "b c at 5.5s")
	})
}

// However long a batch was held, those that follow the request have their time.
func TestFollowersOfALongRequestAreWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, 9500*time.Millisecond)
		w.call(t.Context(), "a", "", nil)
		time.Sleep(100 * time.Millisecond)
		w.call(t.Context(), "b", "", nil)
		time.Sleep(10_300 * time.Millisecond) // a's request has ended at 9.56s
		w.call(t.Context(), "c", "", nil)
		w.wantSent("a at 60ms", "b c at 10.4s")
	})
}

func TestCallerThatLeavesTakesNobodyAlong(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	for name, tt := range map[string]struct {
		others []string
		want   string
	}{
		"alone":       {nil, "later at 60ms"},
		"with others": {[]string{"other"}, "later other at 60ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newBatchWorld(t, time.Second)
				ctx, leave := context.WithCancelCause(t.Context())
				w.call(ctx, "leaver", "", gone)
				for _, other := range tt.others {
					w.call(t.Context(), other, "", nil)
				}
				leave(gone)
				synctest.Wait()
				w.call(t.Context(), "later", "", nil)
				w.wantSent(tt.want)
			})
		})
	}
}

func TestRequestThatAllHaveLeftIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, time.Hour)
		first, leaveFirst := context.WithCancel(t.Context())
		second, leaveSecond := context.WithCancel(t.Context())
		w.call(first, "a", "", errNotAwaited)
		w.call(second, "b", "given up", nil)
		time.Sleep(time.Minute)
		leaveFirst()
		time.Sleep(time.Minute)
		leaveSecond()
		w.wantSent("a b at 60ms, given up")
		if took := time.Since(w.began); took != 2*time.Minute {
			t.Errorf("given up after %s, want when the last has left", took)
		}
	})
}

// A timer that is set anew while it runs off does so twice.
func TestBatchIsSentOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t, 0)
		entry := &batchEntry[string, string]{item: "a"}
		joined := w.batches.join(t.Context(), "key", entry, 5, w.send)
		w.batches.send(t.Context(), "key", joined, w.send)
		w.batches.send(t.Context(), "key", joined, w.send)
		time.Sleep(time.Minute)
		w.wantSent("a at 0s")
	})
}
