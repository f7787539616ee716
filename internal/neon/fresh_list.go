package neon

import (
	"context"
	"sync"
)

// freshLists shares whole lists of organizations among those who have to know that
// a project is missing. A list counts only if it was asked for after they asked, so
// whoever comes while one is being read waits for the next. The zero value is ready
// to use.
type freshLists struct {
	mu      sync.Mutex
	waiting map[string]*freshList // by organization
	reading map[string]*freshList
}

// freshList is one reading of a list. Its other fields are written before done is
// closed.
type freshList struct {
	done chan struct{}
	// items are by id, and nil for projects that Neon calls unavailable.
	items map[string]*ProjectListItem
	err   error
	// gaveUp: the context of the one who read it ended.
	gaveUp bool
}

func (f *freshLists) get(
	ctx context.Context, orgID string, read func(context.Context, string) (map[string]*ProjectListItem, error),
) (map[string]*ProjectListItem, error) {
	for {
		list, before, isMine := f.join(orgID)
		if isMine {
			f.read(ctx, orgID, list, before, read)
			return list.items, list.err
		}
		select {
		case <-list.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if !list.gaveUp {
			return list.items, list.err
		}
	}
}

// join returns the list that is read next, and the one that is being read, if any.
func (f *freshLists) join(orgID string) (next, before *freshList, isMine bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting == nil {
		f.waiting, f.reading = map[string]*freshList{}, map[string]*freshList{}
	}
	before = f.reading[orgID]
	if waiting := f.waiting[orgID]; waiting != nil {
		return waiting, before, false
	}
	next = &freshList{done: make(chan struct{})}
	f.waiting[orgID] = next
	return next, before, true
}

// read waits for the reading before, and then lets nobody else join.
func (f *freshLists) read(
	ctx context.Context, orgID string, list, before *freshList, read func(context.Context, string) (map[string]*ProjectListItem, error),
) {
	defer close(list.done)
	if before != nil {
		select {
		case <-before.done:
		case <-ctx.Done():
		}
	}
	f.mu.Lock()
	delete(f.waiting, orgID)
	f.reading[orgID] = list
	f.mu.Unlock()
	list.items, list.err = read(ctx, orgID)
	list.gaveUp = ctx.Err() != nil
}

// listWhole reads the list of an organization's projects to its end: GET /projects.
func (c *Client) listWhole(ctx context.Context, orgID string) (map[string]*ProjectListItem, error) {
	items := map[string]*ProjectListItem{}
	for page, err := range c.projectPages(ctx, ProjectFilter{OrgID: orgID}) {
		if err != nil {
			return nil, err
		}
		for _, id := range page.UnavailableProjectIDs {
			items[id] = nil
		}
		for _, item := range page.Projects {
			items[item.ID] = &item
		}
	}
	return items, nil
}
