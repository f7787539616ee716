package neon

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// plainReads is how many projects of an organization are read one by one before
// its list is read: three projects of ten thousand need no list.
const plainReads = 3

// manyReads is a number of reads that says that there are likely many more: a CLI
// has ten under way at a time.
const manyReads = 10

// nextRead is how long a read waits for the CLI to hand over another, when the
// reads so far are worth no further page. One with ten thousand projects to look
// after takes a tenth of a second between them.
const nextRead = 500 * time.Millisecond

// projectReads answers reads of single projects from pages of lists. What was read
// once is good for as long as the client lives, which is one command, save for
// projects that the client itself has changed. The zero value is ready to use.
type projectReads struct {
	mu    sync.Mutex
	lists map[string]*projectList // by organization
	// changed are the projects that the client has sent a change of. What is kept
	// of them, or comes with a page, may be older than the change.
	changed map[string]bool
}

// projectList is how far an organization's list has been read, for all that read
// projects of it. The mutex of projectReads guards it.
type projectList struct {
	pager *pager[ProjectsPage]
	items map[string]*ProjectListItem // nil for one that has to be read by itself
	asked int                         // reads of single projects so far
	more  chan struct{}               // closed by the next of them
	pages int                         // pages asked for so far
	ended bool
	fetch *pageFetch // under way, or nil
}

// pageFetch is a request for the next page.
type pageFetch struct {
	done    chan struct{}
	readers int // how many still wait
	cancel  context.CancelFunc
}

// ReadProject reads a project that orgID is likely to own; it may be empty. The
// first few of an organization are read by GET /projects/{project_id}. From then
// on pages of GET /projects answer them, 400 to a request, which all readers
// share. No more pages are read than reads were asked for, so that few reads cost
// at most twice the requests that they would by themselves. From the tenth on there
// may be three times as many pages, so that no read of a whole organization has to
// be made by itself because it came early and its page comes late. One that is out
// of pages waits for another to come, but not for long.
//
// What is read is never older than the client, nor than its last change of the
// project. Only the project's own GET says that it is missing: one that no page
// shows, or not in full, is read by itself. A caller whose context ends leaves,
// and the page goes on for those that still wait for it.
func (c *Client) ReadProject(ctx context.Context, projectID, orgID string) (*ProjectListItem, error) {
	item, err := c.readListed(ctx, projectID, orgID)
	if err != nil || item != nil {
		return item, err
	}
	project, err := c.GetProject(ctx, projectID)
	if err != nil {
		return nil, err
	}
	item = new(project.listItem())
	c.reads.keep(orgID, item)
	return item, nil
}

// readListed is nil where the project has to be read by itself.
func (c *Client) readListed(ctx context.Context, projectID, orgID string) (*ProjectListItem, error) {
	if orgID == "" {
		return nil, nil //nolint:nilnil // see above
	}
	r := &c.reads
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list(orgID)
	list.noteRead()
	isEarly := list.asked <= plainReads
	for !r.changed[projectID] {
		if item, isKnown := list.items[projectID]; isKnown {
			return item, nil
		}
		if isEarly || list.ended {
			break
		}
		if list.fetch == nil && list.pages >= list.mostPages() {
			if !r.awaitRead(ctx, list) {
				break
			}
			continue
		}
		if err := c.awaitPage(ctx, list); err != nil {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // see above
}

// noteRead counts a read, and tells those that wait for one.
func (l *projectList) noteRead() {
	l.asked++
	close(l.more)
	l.more = make(chan struct{})
}

// mostPages is how many pages the reads so far are worth.
func (l *projectList) mostPages() int {
	if l.asked < manyReads {
		return l.asked
	}
	return 3 * l.asked
}

// awaitRead waits for another read of the list, and tells whether there was one. It
// wants the mutex held, and lets go of it meanwhile.
func (r *projectReads) awaitRead(ctx context.Context, list *projectList) bool {
	more := list.more
	r.mu.Unlock()
	defer r.mu.Lock()
	timer := time.NewTimer(nextRead)
	defer timer.Stop()
	select {
	case <-more:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// awaitPage waits for the list's next page, which it asks for if nobody has yet.
// It wants the mutex held, and lets go of it meanwhile.
func (c *Client) awaitPage(ctx context.Context, list *projectList) error {
	if list.fetch == nil {
		// The page outlives each reader's own context, and ends when all have left.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		list.fetch = &pageFetch{done: make(chan struct{}), cancel: cancel}
		list.pages++
		go c.fetchPage(shared, list, list.fetch)
	}
	fetch := list.fetch
	fetch.readers++
	c.reads.mu.Unlock()
	var err error
	select {
	case <-fetch.done:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	c.reads.mu.Lock()
	if fetch.readers--; fetch.readers == 0 {
		fetch.cancel()
	}
	return err
}

// fetchPage asks for the next page and enters it. A list that can't be read is
// not asked for again: a key may see projects and no list of them.
func (c *Client) fetchPage(ctx context.Context, list *projectList, fetch *pageFetch) {
	page, err := list.pager.next(ctx, c)
	c.reads.mu.Lock()
	defer c.reads.mu.Unlock()
	for _, id := range page.UnavailableProjectIDs {
		list.items[id] = nil
	}
	for _, item := range page.Projects {
		if !item.isComplete() {
			list.items[item.ID] = nil
			continue
		}
		list.items[item.ID] = &item
	}
	isAbandoned := ctx.Err() != nil
	list.ended = list.pager.ended || err != nil && !isAbandoned
	list.fetch = nil
	close(fetch.done)
}

// isComplete tells whether a listed project has what its own GET shows. Neon does
// not promise these for lists.
func (p *ProjectListItem) isComplete() bool {
	return p.Settings != nil && p.DefaultEndpointSettings != nil && p.HistoryRetentionSeconds != nil
}

// list is the organization's, begun if need be. It wants the mutex held.
func (r *projectReads) list(orgID string) *projectList {
	list := r.lists[orgID]
	if list == nil {
		list = &projectList{pager: newPager(projectsRoute, nil, ProjectFilter{OrgID: orgID}.query(), lookAtProjects), items: map[string]*ProjectListItem{}, more: make(chan struct{})}
		if r.lists == nil {
			r.lists = map[string]*projectList{}
		}
		r.lists[orgID] = list
	}
	return list
}

// keep enters what a project's own GET has shown, for others that read it: a
// transfer request, say, reads the project that it is for.
func (r *projectReads) keep(orgID string, item *ProjectListItem) {
	if orgID == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list(orgID).items[item.ID] = item
}

// noteChange is told of every request before it is sent.
func (r *projectReads) noteChange(sent request) {
	if sent.method == http.MethodGet {
		return
	}
	ids := []string{sent.path["project_id"]}
	if transfer, ok := sent.body.(TransferProjects); ok {
		ids = transfer.ProjectIDs
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = map[string]bool{}
	}
	for _, id := range ids {
		r.changed[id] = true
	}
}
