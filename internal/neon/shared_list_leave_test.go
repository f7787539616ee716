package neon

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// An empty list, or none, would say that what is looked for does not exist.
func TestReaderOfASharedListWhoLeavesHasNotReadIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		first := lists.read(t.Context())
		synctest.Wait()
		interrupted := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		second := lists.read(ctx)
		synctest.Wait()
		cancel(interrupted)
		second.wantError(t)
		if !errors.Is(second.err, interrupted) {
			t.Errorf("got %v, want the cause", second.err)
		}
		lists.answer <- []string{"a"}
		first.want(t, "a")
	})
}

func TestSharedListIsNotAskedForAgainByTheOneWhoGaveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		ctx, cancel := context.WithCancel(t.Context())
		first := lists.read(ctx)
		synctest.Wait()
		cancel()
		first.wantError(t)
		if lists.asked != 1 {
			t.Errorf("asked %d times, want once", lists.asked)
		}
	})
}
