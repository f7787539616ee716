package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// briefly makes a call of the framework's, which keeps the context of each until
// the process ends (up to 1.19 at least): some ten kilobytes that belong to its
// log. A plan makes four calls for a resource, so that ten thousand would take
// half a gigabyte, and the garbage collector most of the time. So the framework
// gets a context that is emptied when the call has ended.
func briefly[Req, Resp any](ctx context.Context, call func(context.Context, Req) (Resp, error), req Req) (Resp, error) {
	brief := &callContext{}
	brief.inner.Store(&ctx)
	defer brief.inner.Store(nil) //nolint:contextcheck // nil is no context
	return call(brief, req)      //nolint:contextcheck // it is ctx, as long as the call lasts
}

// callContext is the context of a call until that has ended, and then one that is
// cancelled and holds nothing.
type callContext struct {
	inner atomic.Pointer[context.Context]
}

// ended is what is left of the calls that have ended.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (c *callContext) get() context.Context {
	if inner := c.inner.Load(); inner != nil {
		return *inner
	}
	return ended
}

// Deadline implements context.Context.
func (c *callContext) Deadline() (time.Time, bool) { return c.get().Deadline() }

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} { return c.get().Done() }

// Err implements context.Context.
func (c *callContext) Err() error { return c.get().Err() }

// Value implements context.Context.
func (c *callContext) Value(key any) any { return c.get().Value(key) }
