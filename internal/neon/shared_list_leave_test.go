package neon

import (
	"context"
	"errors"
	"slices"
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

// What is known of a list is what has been read: not one that is being read, and
// none that was forgotten.
func TestSharedListIsKnownOnceItIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		want := func(when string, isKnown bool, items ...string) {
			t.Helper()
			synctest.Wait()
			if got, ok := lists.known("org"); ok != isKnown || !slices.Equal(got, items) {
				t.Errorf("%s: got %q, %t", when, got, ok)
			}
		}
		want("before", false)
		reader := lists.read(t.Context())
		want("while it is read", false)
		lists.answer <- []string{"a"}
		reader.want(t, "a")
		want("after", true, "a")
		lists.forget("org")
		want("forgotten", false)
		reader = lists.read(t.Context())
		synctest.Wait()
		lists.answer <- nil
		reader.wantError(t)
		want("after a failure", false)
		if lists.asked != 2 {
			t.Errorf("asked %d times, want only by the readers", lists.asked)
		}
	})
}
