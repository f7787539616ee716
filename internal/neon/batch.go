package neon

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// A change waits for others that can share its request until none has come for
// batchQuiet, but no longer than batchLongest after the first. While a request for
// earlier ones is under way it waits for that, too, but no longer than batchHold: a
// CLI makes ten changes at a time and begins others when a request lets some go, so
// that changes that had come in two groups would stay in two groups for good.
//
// What a request lets go is followed by as many others, but one after the other:
// Terraform writes its state after each change. Until they are there the next
// request waits for batchFollow after each, and no longer than batchHold in all.
const (
	batchQuiet   = 60 * time.Millisecond
	batchLongest = 300 * time.Millisecond
	batchFollow  = time.Second
	batchHold    = 10 * time.Second
)

// errNotAwaited is for a caller who left while others wait for the request that
// the change is in: it may be made or not.
var errNotAwaited = errors.New("the request was not waited for")

// batches collects changes that are asked for one by one, so that those made at
// the same time share a request. K is what they have to have in common for that,
// T a change, and R what became of it. The zero value is ready to use.
type batches[K comparable, T, R any] struct {
	mu         sync.Mutex
	collecting map[K]*batch[T, R]
	underWay   map[K]int // requests
	followers  map[K]int // how many changes the last request has let go, where none has followed yet
}

// batchSender sends up to as many changes as a request takes, and gives for each
// what became of it, in the same order.
type batchSender[K comparable, T, R any] func(ctx context.Context, key K, items []T) []R

// batch is changes that share a request. All but done and the entries' results is
// guarded by the mutex of batches.
type batch[T, R any] struct {
	entries []*batchEntry[T, R] // those of callers that left before it was sent are gone
	callers int                 // how many still wait
	began   time.Time
	timer   *time.Timer
	isHeld  bool // for a request that is under way, or was
	isSent  bool
	awaited int // how many entries there will be if all that were let go are followed
	// deadline is the latest of the callers'; without limit where one has none.
	deadline  time.Time
	unlimited bool
	cancel    context.CancelFunc

	done chan struct{}
}

type batchEntry[T, R any] struct {
	item   T
	result R // written before done is closed
}

// do makes a change together with others, at most so many in a request. An error
// is the end of the caller's context: errNotAwaited where the request goes on for
// others, else nothing was sent. A request that nobody else waits for is given up,
// and its result says how far it came.
func (b *batches[K, T, R]) do(ctx context.Context, key K, item T, most int, send batchSender[K, T, R]) (R, error) {
	entry := &batchEntry[T, R]{item: item}
	joined := b.join(ctx, key, entry, most, send)
	select {
	case <-joined.done:
		return entry.result, nil
	case <-ctx.Done():
		return b.leave(ctx, key, joined, entry)
	}
}

// join adds a change to the batch that is being collected, or begins one.
func (b *batches[K, T, R]) join(ctx context.Context, key K, entry *batchEntry[T, R], most int, send batchSender[K, T, R]) *batch[T, R] {
	b.mu.Lock()
	defer b.mu.Unlock()
	joined := b.collecting[key]
	if joined == nil {
		joined = b.begin(ctx, key, send)
	}
	joined.entries = append(joined.entries, entry)
	joined.callers++
	if deadline, ok := ctx.Deadline(); !ok {
		joined.unlimited = true
	} else if deadline.After(joined.deadline) {
		joined.deadline = deadline
	}
	switch {
	case len(joined.entries) == most:
		delete(b.collecting, key) // the next one begins another
		joined.timer.Reset(0)
	case joined.isHeld && b.underWay[key] > 0:
	default:
		joined.waitForMore()
	}
	return joined
}

// waitForMore lets the batch wait for another entry. It wants the mutex held.
func (b *batch[T, R]) waitForMore() {
	pause, longest := batchQuiet, batchLongest
	if len(b.entries) < b.awaited {
		pause, longest = batchFollow, batchHold
	}
	b.timer.Reset(min(pause, time.Until(b.began.Add(longest))))
}

// begin begins a batch. Its context outlives each caller's own, and ends when all
// of them have left. It wants the mutex held.
func (b *batches[K, T, R]) begin(ctx context.Context, key K, send batchSender[K, T, R]) *batch[T, R] {
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // the batch keeps cancel, and send and leave call it
	begun := &batch[T, R]{began: time.Now(), cancel: cancel, done: make(chan struct{})}
	begun.timer = time.AfterFunc(batchQuiet, func() { b.send(shared, key, begun, send) })
	if b.collecting == nil {
		b.collecting, b.underWay, b.followers = map[K]*batch[T, R]{}, map[K]int{}, map[K]int{}
	}
	begun.awaited = b.followers[key]
	delete(b.followers, key)
	b.collecting[key] = begun
	return begun
}

// send makes the changes and gives each caller what became of its own.
func (b *batches[K, T, R]) send(ctx context.Context, key K, full *batch[T, R], send batchSender[K, T, R]) {
	entries, ok := b.close(key, full)
	if !ok {
		return
	}
	defer full.cancel()
	if !full.unlimited {
		bounded, cancel := context.WithDeadline(ctx, full.deadline)
		defer cancel()
		ctx = bounded
	}
	items := make([]T, len(entries))
	for i, entry := range entries {
		items[i] = entry.item
	}
	for i, result := range send(ctx, key, items) {
		entries[i].result = result
	}
	b.end(key, len(entries)) // before anybody follows
	close(full.done)
}

// close ends the collecting and gives what is to be sent. It isn't ok where that
// has to wait, where all have left, or the timer ran off twice.
func (b *batches[K, T, R]) close(key K, full *batch[T, R]) (entries []*batchEntry[T, R], ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	isCollecting := b.collecting[key] == full
	if isCollecting && b.underWay[key] > 0 && !full.isHeld {
		full.isHeld = true
		full.timer.Reset(batchHold)
		return nil, false
	}
	if isCollecting {
		delete(b.collecting, key)
	}
	if full.isSent || full.callers == 0 {
		return nil, false
	}
	full.isSent = true
	b.underWay[key]++
	return full.entries, true
}

// end is for a request that has ended and has let so many callers go. Those who
// follow them join the batch that was collected meanwhile, or begin one.
func (b *batches[K, T, R]) end(key K, released int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.underWay[key]--
	next := b.collecting[key]
	if next == nil {
		b.followers[key] = released
		return
	}
	next.began = time.Now()
	next.awaited = len(next.entries) + released
	next.waitForMore()
}

// leave is for a caller whose context has ended. What was not sent yet never will
// be. A request that nobody else waits for is given up; one that others wait for
// goes on.
func (b *batches[K, T, R]) leave(ctx context.Context, key K, from *batch[T, R], entry *batchEntry[T, R]) (R, error) {
	b.mu.Lock()
	from.callers--
	isLast, isSent := from.callers == 0, from.isSent
	if !isSent {
		from.entries = slices.DeleteFunc(from.entries, func(e *batchEntry[T, R]) bool { return e == entry })
	}
	if !isSent && isLast && b.collecting[key] == from {
		delete(b.collecting, key)
	}
	b.mu.Unlock()

	if isLast {
		from.cancel()
	}
	var none R
	switch {
	case !isSent:
		return none, context.Cause(ctx)
	case isLast:
		<-from.done
		return entry.result, nil
	default:
		return none, errNotAwaited
	}
}
