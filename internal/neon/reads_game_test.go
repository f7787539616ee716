package neon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// readEvent is something that happens, to the project, request or reader that
// choice picks out of those there are.
type readEvent struct {
	kind   string
	choice int
	fault  string // of the page, for "work"
}

var (
	// Kinds that are named twice happen twice as often.
	readEventKinds = []string{"read", "read", "read", "work", "work", "work", "answer", "answer", "answer", "change", "move", "outside", "outside delete", "outside move", "leave"}
	pageFaults     = []string{"", "", "", "", "unavailable", "incomplete", "omitted", "500", "403", "garbage"}
)

// truth is what a project is: absent without an owner.
type truth struct {
	since   int // by the game's clock
	owner   string
	version string
}

// readGame is a Neon whose requests are worked on, and answered, when the script
// says so.
type readGame struct {
	mu      sync.Mutex
	clock   int
	ids     []string
	history map[string][]truth
	pending []*heldRequest
	readers []*reader
	changed map[string]int // when the client's last change that is known to have ended was made
	lists   int
	gets    int

	problems []string
}

type heldRequest struct {
	req    *http.Request
	moves  TransferProjects // what a POST asks for
	status int              // of the answer, once it was worked on
	body   any              // of the answer
	send   chan struct{}
}

type reader struct {
	id      string
	since   int // when it began
	trusted int // what was true before that it must not say any more
	leave   context.CancelFunc
	hasLeft bool
}

// playReads gives what was wrong.
func playReads(t *testing.T, script []readEvent) []string {
	t.Helper()
	g := &readGame{history: map[string][]truth{}, changed: map[string]int{}, ids: projectIDs(12)}
	for i, id := range g.ids {
		g.set(id, truth{owner: []string{orgA, orgA, orgB}[i%3], version: "v0"})
	}
	client, err := New(Options{
		APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: filling{g}},
		MaxAttempts: 1, RequestsPerMinute: 1_000_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range script {
		g.play(t, client, event)
		synctest.Wait()
	}
	for len(g.pending) > 0 {
		g.play(t, client, readEvent{kind: "work"})
		g.play(t, client, readEvent{kind: "answer"})
		synctest.Wait()
	}
	mostLists := len(g.readers)
	if mostLists >= manyReads {
		mostLists *= 3
	}
	if g.gets > len(g.readers) || g.lists > mostLists {
		g.problems = append(g.problems, fmt.Sprintf("%d reads took %d pages and %d requests of single projects", len(g.readers), g.lists, g.gets))
	}
	return g.problems
}

func (g *readGame) play(t *testing.T, client *Client, event readEvent) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.clock++
	id := g.ids[event.choice]
	now := g.now(id)
	switch event.kind {
	case "read":
		g.begin(t, client, id)
	case "work":
		if held := pick(g.pending, event.choice); held != nil && held.status == 0 {
			held.status, held.body = g.work(held, event.fault)
		}
	case "answer":
		if held := pick(g.pending, event.choice); held != nil && held.status != 0 {
			g.pending = slices.DeleteFunc(g.pending, func(h *heldRequest) bool { return h == held })
			close(held.send)
		}
	case "leave":
		if r := pick(g.readers, event.choice); r != nil {
			r.hasLeft = true
			r.leave()
		}
	case "change":
		name := fmt.Sprintf("own %d", g.clock)
		go func() {
			if _, err := held(client, id).Update(t.Context(), ProjectUpdate{Name: &name}); err == nil {
				g.ended(id, name)
			}
		}()
	case "move":
		from := now.owner
		go func() {
			if err := client.TransferToOrganization(t.Context(), from, orgC, []string{id}); err == nil {
				g.ended(id, now.version)
			}
		}()
	case "outside":
		if now.owner != "" {
			g.set(id, truth{owner: now.owner, version: fmt.Sprintf("outside %d", g.clock)})
		}
	case "outside delete":
		g.set(id, truth{})
	case "outside move":
		if now.owner != "" {
			g.set(id, truth{owner: []string{orgA, orgB, orgC}[g.clock%3], version: now.version})
		}
	}
}

func pick[T any](list []*T, choice int) *T {
	if len(list) == 0 {
		return nil
	}
	return list[choice%len(list)]
}

func (g *readGame) now(id string) truth { return g.history[id][len(g.history[id])-1] }

func (g *readGame) set(id string, what truth) {
	what.since = g.clock
	g.history[id] = append(g.history[id], what)
}

// ended notes that a change by the client has ended: from now on nothing that was
// true before it may be read.
func (g *readGame) ended(id, version string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, was := range g.history[id] {
		if was.version == version && was.since > g.changed[id] {
			g.changed[id] = was.since
		}
	}
}

// begin starts a read, of a project that its reader takes to be in orgA.
func (g *readGame) begin(t *testing.T, client *Client, id string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &reader{id: id, since: g.clock, trusted: g.changed[id], leave: cancel}
	g.readers = append(g.readers, r)
	go func() {
		defer cancel()
		item, err := client.ReadProject(ctx, id, orgA)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.judge(r, item, err)
	}()
}

// judge holds what a read says against what was true: a project as it was at some
// time since the client's start and its last change, or missing during the read.
func (g *readGame) judge(r *reader, item *ProjectListItem, err error) {
	var said truth
	from := r.trusted
	switch {
	case err == nil:
		said = truth{owner: item.OwnerID, version: item.Name}
	case IsNotFound(err):
		from = r.since
	case r.hasLeft && errors.Is(err, context.Canceled):
		return
	default:
		g.problems = append(g.problems, fmt.Sprintf("reading %s failed: %v", r.id, err))
		return
	}
	for i, was := range g.history[r.id] {
		hasEnded := i+1 < len(g.history[r.id]) && g.history[r.id][i+1].since <= from
		if !hasEnded && was.owner == said.owner && was.version == said.version {
			return
		}
	}
	g.problems = append(g.problems, fmt.Sprintf("%s was read at %d to %d as %+v, but was %+v since %d", r.id, r.since, g.clock, said, g.history[r.id], from))
}

// RoundTrip implements http.RoundTripper.
func (g *readGame) RoundTrip(req *http.Request) (*http.Response, error) {
	held := &heldRequest{req: req, send: make(chan struct{})}
	if req.Method == http.MethodPost {
		if err := decodeBody(req, &held.moves); err != nil {
			return nil, err
		}
	}
	g.mu.Lock()
	if req.Method == http.MethodGet && req.URL.Path == "/api/v2/projects" {
		g.lists++
	} else if req.Method == http.MethodGet {
		g.gets++
	}
	g.pending = append(g.pending, held)
	g.mu.Unlock()
	select {
	case <-held.send:
		return answer(req, held.status, held.body)
	case <-req.Context().Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		g.pending = slices.DeleteFunc(g.pending, func(h *heldRequest) bool { return h == held })
		return nil, req.Context().Err()
	}
}

// work does what a request asks for.
func (g *readGame) work(held *heldRequest, fault string) (status int, body any) {
	path := strings.TrimPrefix(held.req.URL.Path, "/api/v2")
	id := strings.TrimPrefix(path, "/projects/")
	switch {
	case path == "/projects":
		return g.workOnPage(held.req, fault)
	case held.req.Method == http.MethodPost:
		id = held.moves.ProjectIDs[0]
		if g.now(id).owner == "" {
			return http.StatusNotFound, ErrorBody{}
		}
		g.set(id, truth{owner: held.moves.DestinationOrgID, version: g.now(id).version})
		return http.StatusOK, struct{}{}
	case g.now(id).owner == "":
		return http.StatusNotFound, ErrorBody{Message: "project not found"}
	case held.req.Method == http.MethodPatch:
		var update ProjectUpdateRequest
		if err := decodeBody(held.req, &update); err != nil {
			return http.StatusBadRequest, ErrorBody{Message: err.Error()}
		}
		g.set(id, truth{owner: g.now(id).owner, version: *update.Project.Name})
		return http.StatusOK, UpdatedProject{Project: Project{ProjectFields: g.fields(id)}}
	default:
		return http.StatusOK, ProjectEnvelope{Project: Project{ProjectFields: g.fields(id)}}
	}
}

// workOnPage gives three projects to a page.
func (g *readGame) workOnPage(req *http.Request, fault string) (status int, body any) {
	switch fault {
	case "500":
		return http.StatusInternalServerError, ErrorBody{}
	case "403":
		return http.StatusForbidden, ErrorBody{}
	case "garbage":
		return http.StatusOK, "not a page"
	}
	page := ProjectsPage{Projects: []ProjectListItem{}}
	for _, id := range slices.Sorted(maps.Keys(g.history)) {
		if g.now(id).owner != req.URL.Query().Get("org_id") || id <= req.URL.Query().Get("cursor") {
			continue
		}
		item := ProjectListItem{ProjectFields: g.fields(id), HistoryRetentionSeconds: new(int64)}
		isFirst := page.Pagination == nil
		page.Pagination = &Pagination{Cursor: id}
		switch {
		case fault == "unavailable" && isFirst:
			page.UnavailableProjectIDs = append(page.UnavailableProjectIDs, id)
		case fault == "incomplete" && isFirst:
			item.Settings = nil
			page.Projects = append(page.Projects, item)
		case fault == "omitted" && isFirst:
		default:
			page.Projects = append(page.Projects, item)
		}
		if len(page.Projects)+len(page.UnavailableProjectIDs) == 3 {
			break
		}
	}
	return http.StatusOK, page
}

func (g *readGame) fields(id string) ProjectFields {
	now := g.now(id)
	return ProjectFields{
		ID: id, Name: now.version, OwnerID: now.owner, OrgID: now.owner,
		Settings: &ProjectSettings{}, DefaultEndpointSettings: &DefaultEndpointSettings{},
	}
}

func decodeBody(req *http.Request, into any) error {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
