package emulator

import (
	"slices"
	"sync"
	"time"
)

// lateWork holds the work of requests that were answered before it was done. The
// emulator's clock says when it is due, and whoever looks at the world then finds
// it done: no timer runs, so that work does not overtake a test. The zero value is
// ready to use.
type lateWork struct {
	mu    sync.Mutex
	calls []*call // by when they are due
}

// add leaves the work of a call until it is due.
func (l *lateWork) add(c *call, due time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.due = due
	i, _ := slices.BinarySearchFunc(l.calls, due, func(other *call, due time.Time) int {
		if other.due.After(due) {
			return 1
		}
		return -1 // one that is due at the same time came first
	})
	l.calls = slices.Insert(l.calls, i, c)
}

// clear forgets the work.
func (l *lateWork) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
}

// catchUp does the work that is due. It must come before each look at the world.
func (e *Emulator) catchUp() {
	e.late.mu.Lock()
	defer e.late.mu.Unlock()
	for len(e.late.calls) > 0 {
		next := e.late.calls[0]
		var now time.Time
		e.locked(func(w *world) { now = w.now })
		if next.due.After(now) {
			return
		}
		e.late.calls = e.late.calls[1:]
		next.work(nil)
	}
}
