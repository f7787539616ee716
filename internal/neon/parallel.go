package neon

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// requestsAtOnce is how many requests of one call are under way together. The rate
// budgets decide how fast they go; this hides how long each takes.
const requestsAtOnce = 8

// inOrder does n pieces of work, several at a time, and gives their results in
// order. The first failure in that order ends it. Whoever stops early has what is
// under way called off, and awaited.
func inOrder[T any](ctx context.Context, n int, work func(ctx context.Context, i int) (T, error)) iter.Seq2[T, error] {
	type outcome struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		var workers sync.WaitGroup
		defer workers.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()

		outcomes := make([]chan outcome, n)
		for i := range outcomes {
			outcomes[i] = make(chan outcome, 1)
		}
		var next atomic.Int64
		for range min(n, requestsAtOnce) {
			workers.Go(func() {
				for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
					// Also when ctx has ended: the work then fails at once, and says so.
					value, err := work(ctx, int(i))
					outcomes[i] <- outcome{value, err}
				}
			})
		}
		for _, done := range outcomes {
			o := <-done
			if !yield(o.value, o.err) || o.err != nil {
				return
			}
		}
	}
}
