package neon

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// slowLists counts how often a list was asked for, and answers when told to.
type slowLists struct {
	sharedLists[string]
	asked  int
	answer chan []string
}

func newSlowLists() *slowLists { return &slowLists{answer: make(chan []string)} }

func (s *slowLists) fetch(ctx context.Context) ([]string, error) {
	s.asked++
	select {
	case items := <-s.answer:
		if items == nil {
			return nil, errors.New("refused")
		}
		return items, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read asks in the background. The answer is there after synctest.Wait.
func (s *slowLists) read(ctx context.Context) *readResult {
	r := &readResult{}
	go func() {
		items, err := s.get(ctx, "org", s.fetch)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.items, r.err, r.done = items, err, true
	}()
	return r
}

type readResult struct {
	mu    sync.Mutex
	items []string
	err   error
	done  bool
}

func (r *readResult) want(t *testing.T, items ...string) {
	t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.done || r.err != nil || !slices.Equal(r.items, items) {
		t.Errorf("done %v with %v, %v, want %v", r.done, r.items, r.err, items)
	}
}

func (r *readResult) wantError(t *testing.T) {
	t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.done || r.err == nil {
		t.Errorf("done %v with %v, want an error", r.done, r.items)
	}
}

func TestSharedListIsAskedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		first, second := lists.read(t.Context()), lists.read(t.Context())
		synctest.Wait()
		lists.answer <- []string{"a"}
		first.want(t, "a")
		second.want(t, "a")
		lists.read(t.Context()).want(t, "a")
		if lists.asked != 1 {
			t.Errorf("asked %d times", lists.asked)
		}
	})
}

func TestSharedListTellsAFailureToAllWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		first, second := lists.read(t.Context()), lists.read(t.Context())
		synctest.Wait()
		lists.answer <- nil
		first.wantError(t)
		second.wantError(t)
		later := lists.read(t.Context())
		synctest.Wait()
		lists.answer <- []string{"a"}
		later.want(t, "a")
		if lists.asked != 2 {
			t.Errorf("asked %d times", lists.asked)
		}
	})
}

func TestSharedListOutlivesTheOneWhoAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := newSlowLists()
		ctx, cancel := context.WithCancel(t.Context())
		first := lists.read(ctx)
		synctest.Wait()
		second := lists.read(t.Context())
		synctest.Wait()
		cancel()
		first.wantError(t)
		lists.answer <- []string{"a"}
		second.want(t, "a")
	})
}

func TestSharedListAfterWrites(t *testing.T) {
	t.Parallel()
	add := func(s *slowLists) {
		s.edit("org", func(items []string) []string { return append(items, "b") })
	}
	for name, test := range map[string]struct {
		write func(*slowLists)
		// wants is what a reader gets who comes after the write; asked how often
		// Neon was asked by then, to which it answers "new".
		wants []string
		asked int
	}{
		"forgotten": {func(s *slowLists) { s.forget("org") }, []string{"new"}, 2},
		"edited":    {add, []string{"a", "b"}, 1},
		"another's": {func(s *slowLists) { s.forget("another"); s.edit("third", nil) }, []string{"a"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lists := newSlowLists()
				before := lists.read(t.Context())
				synctest.Wait()
				lists.answer <- []string{"a"}
				synctest.Wait()
				test.write(lists)
				before.want(t, "a")
				after := lists.read(t.Context())
				synctest.Wait()
				if lists.asked == 2 {
					lists.answer <- []string{"new"}
				}
				after.want(t, test.wants...)
				if lists.asked != test.asked {
					t.Errorf("asked %d times, want %d", lists.asked, test.asked)
				}
			})
		})
		// A write while Neon is being asked: that answer may lack it.
		t.Run(name+" under way", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lists := newSlowLists()
				before := lists.read(t.Context())
				synctest.Wait()
				test.write(lists)
				after := lists.read(t.Context())
				synctest.Wait()
				wantAsked := 2
				if name == "another's" {
					wantAsked = 1
				}
				if lists.asked != wantAsked {
					t.Errorf("asked %d times, want %d", lists.asked, wantAsked)
				}
				for range wantAsked {
					lists.answer <- []string{"new"}
				}
				before.want(t, "new")
				after.want(t, "new")
			})
		})
	}
}
