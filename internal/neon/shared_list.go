package neon

import (
	"context"
	"slices"
	"sync"
)

// sharedLists lets many readers of single things share the list that has them
// all, such as the members of an organization or the guests of a project: of each
// list there is one request for all who ask at the same time, and none for those
// who come later, until a write makes it forgotten. Lists live as long as the
// client; a caller that has to know what somebody else did meanwhile asks Neon
// itself. The zero value is ready to use.
type sharedLists[T any] struct {
	mu    sync.Mutex
	lists map[string]*sharedList[T]
}

// sharedList is one list. Its fields are written before done is closed, and after
// that by edit alone, which replaces the list.
type sharedList[T any] struct {
	done  chan struct{}
	items []T
	err   error
	// gaveUp: it is not Neon that failed, but the context of the one who asked.
	gaveUp bool
}

// get gives the list of an owner, such as an organization's id; fetch asks Neon
// for it. The result is shared and must not be changed. A failure is told to all
// who waited for the same request, and is not remembered.
func (s *sharedLists[T]) get(ctx context.Context, owner string, fetch func(context.Context) ([]T, error)) ([]T, error) {
	for {
		list, isMine := s.join(owner)
		if isMine {
			list.items, list.err = fetch(ctx)
			list.gaveUp = ctx.Err() != nil
			if list.err != nil {
				s.drop(owner, list)
			}
			close(list.done)
			return list.items, list.err
		}
		select {
		case <-list.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if list.err == nil || !list.gaveUp {
			return list.items, list.err
		}
	}
}

// known returns the list of an owner if it is there, without a request.
func (s *sharedLists[T]) known(owner string) (items []T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.lists[owner]
	if list == nil {
		return nil, false
	}
	select {
	case <-list.done:
		return list.items, list.err == nil
	default:
		return nil, false
	}
}

// find gives the item of a list that matches, or nil where there is none.
func (s *sharedLists[T]) find(ctx context.Context, owner string, fetch func(context.Context) ([]T, error), matches func(T) bool) (*T, error) {
	items, err := s.get(ctx, owner, fetch)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(items, matches); i >= 0 {
		return new(items[i]), nil
	}
	return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
}

// join gives the list that there is, or a new one that the caller has to fetch.
func (s *sharedLists[T]) join(owner string) (list *sharedList[T], isMine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.lists[owner]; list != nil {
		return list, false
	}
	if s.lists == nil {
		s.lists = map[string]*sharedList[T]{}
	}
	list = &sharedList[T]{done: make(chan struct{})}
	s.lists[owner] = list
	return list, true
}

func (s *sharedLists[T]) drop(owner string, list *sharedList[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists[owner] == list {
		delete(s.lists, owner)
	}
}

// forget is for a write whose outcome isn't known in full: whoever reads from now
// on asks anew. A request that is under way may miss the write, so that it is
// forgotten as well; those who wait for it began before the write was done.
func (s *sharedLists[T]) forget(owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.lists, owner)
}

// edit is for a write whose answer tells what has become of the list: it carries
// that into the list, if there is one, and saves asking anew. It gives what the
// list was. A request that is under way is forgotten.
func (s *sharedLists[T]) edit(owner string, change func(items []T) []T) (before []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.lists[owner]
	if list == nil {
		return nil
	}
	delete(s.lists, owner)
	select {
	case <-list.done:
	default:
		return nil
	}
	edited := &sharedList[T]{done: list.done, items: change(slices.Clone(list.items))}
	s.lists[owner] = edited
	return list.items
}
