package neon

import (
	"context"
	"sync"
)

// nameLocks lets one at a time do something under a name. The zero value is ready
// to use.
type nameLocks struct {
	mu    sync.Mutex
	locks map[string]chan struct{} // full while somebody has the lock
}

// lock waits until nobody else has the name, or the context ends.
func (n *nameLocks) lock(ctx context.Context, name string) (unlock func(), err error) {
	n.mu.Lock()
	if n.locks == nil {
		n.locks = map[string]chan struct{}{}
	}
	lock := n.locks[name]
	if lock == nil {
		lock = make(chan struct{}, 1)
		n.locks[name] = lock
	}
	n.mu.Unlock()
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
