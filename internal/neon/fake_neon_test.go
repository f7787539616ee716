package neon

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	orgA = "org-a-1"
	orgB = "org-b-2"
	orgC = "org-c-3"
	me   = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01" // the key's user
)

// fakeNeon knows who owns which project and transfers them. How Neon refuses a
// transfer is documented only in part, so what is not can be chosen.
type fakeNeon struct {
	t     *testing.T
	mu    sync.Mutex
	owner map[string]string
	// region of a project that is not in the ordinary one.
	region      map[string]string
	integration map[string]string
	room        int // how many projects orgB may have; -1 for any number
	// movesSome: a transfer that is refused has moved some of its projects.
	movesSome bool
	// fault of a transfer, by its number from 0: "before" and "after" lose the
	// answer, "423" and "429" put it off; "" none.
	fault func(transfer int) string
	// slow is how long a transfer takes, and slowPage a page of a list.
	slow, slowPage time.Duration
	// noLists: the key may not list projects.
	noLists bool
	// unavailable projects are named in lists, but not shown.
	unavailable map[string]bool

	requests  int
	pages     int
	transfers [][]string // the ids of each call
}

// newFake makes a Neon in which the projects belong to orgA.
func newFake(t *testing.T, projectIDs ...string) *fakeNeon {
	t.Helper()
	fake := &fakeNeon{
		t: t, owner: map[string]string{}, region: map[string]string{}, integration: map[string]string{},
		room: -1, fault: func(int) string { return "" }, unavailable: map[string]bool{},
	}
	for _, id := range projectIDs {
		fake.owner[id] = orgA
	}
	return fake
}

func (f *fakeNeon) client() *Client {
	f.t.Helper()
	client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: filling{f}}})
	if err != nil {
		f.t.Fatal(err)
	}
	return client
}

// RoundTrip implements http.RoundTripper.
func (f *fakeNeon) RoundTrip(req *http.Request) (*http.Response, error) {
	attemptFrom(req.Context()).left.Store(true) // as httptrace would
	path := strings.TrimPrefix(req.URL.Path, "/api/v2")
	if req.Method == http.MethodPost {
		return f.transfer(req, strings.Split(path, "/"))
	}
	if path == "/projects" && f.slowPage > 0 {
		if err := sleep(req.Context(), f.slowPage); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	switch path {
	case "/auth":
		return answer(req, http.StatusOK, AuthDetails{AccountID: me, AuthMethod: AuthMethodUserKey})
	case "/projects":
		f.pages++
		if f.noLists {
			return answer(req, http.StatusForbidden, ErrorBody{})
		}
		return answer(req, http.StatusOK, f.page(req.URL.Query().Get("org_id"), req.URL.Query().Get("cursor")))
	default:
		id := strings.TrimPrefix(path, "/projects/")
		if f.owner[id] == "" {
			return answer(req, http.StatusNotFound, ErrorBody{Message: "project not found"})
		}
		return answer(req, http.StatusOK, ProjectEnvelope{Project: Project{ProjectFields: f.fields(id)}})
	}
}

func answer(req *http.Request, status int, body any) (*http.Response, error) {
	encoded, err := json.Marshal(body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(encoded))), Request: req}, err
}

func (f *fakeNeon) fields(id string) ProjectFields {
	fields := ProjectFields{
		ID: id, OwnerID: f.owner[id], RegionID: cmp.Or(f.region[id], "ordinary"),
		Settings: &ProjectSettings{}, DefaultEndpointSettings: &DefaultEndpointSettings{},
	}
	if strings.HasPrefix(fields.OwnerID, "org-") {
		fields.OrgID = fields.OwnerID
	}
	return fields
}

func (f *fakeNeon) page(orgID, cursor string) ProjectsPage {
	var page ProjectsPage
	for _, id := range slices.Sorted(maps.Keys(f.owner)) {
		if f.owner[id] != orgID || id <= cursor {
			continue
		}
		if f.unavailable[id] {
			page.UnavailableProjectIDs = append(page.UnavailableProjectIDs, id)
		} else {
			page.Projects = append(page.Projects, ProjectListItem{ProjectFields: f.fields(id), HistoryRetentionSeconds: new(int64)})
		}
		page.Pagination = &Pagination{Cursor: id}
		if len(page.Projects)+len(page.UnavailableProjectIDs) == projectsPerPage {
			break
		}
	}
	return page
}

func (f *fakeNeon) transfer(req *http.Request, path []string) (*http.Response, error) {
	var body TransferProjects
	if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
		return nil, err
	}
	if f.slow > 0 {
		if err := sleep(req.Context(), f.slow); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	number := len(f.transfers)
	f.transfers = append(f.transfers, body.ProjectIDs)
	if len(body.ProjectIDs) == 0 || len(body.ProjectIDs) > MaxProjectsPerTransfer {
		f.t.Errorf("%d projects in a call", len(body.ProjectIDs))
	}
	from := me
	if path[1] == "organizations" {
		from = path[2]
	}
	switch f.fault(number) {
	case "before":
		return nil, io.ErrUnexpectedEOF
	case "after":
		f.decide(from, body)
		return nil, io.ErrUnexpectedEOF
	case "423":
		return answer(req, http.StatusLocked, ErrorBody{Message: "conflicting operations"})
	case "429":
		return answer(req, http.StatusTooManyRequests, ErrorBody{})
	default:
		status, refusal := f.decide(from, body)
		return answer(req, status, refusal)
	}
}

// decide carries a transfer out, or says why not.
func (f *fakeNeon) decide(from string, transfer TransferProjects) (status int, refusal any) {
	to := transfer.DestinationOrgID
	status, refusal = f.refusal(from, transfer)
	for i, id := range transfer.ProjectIDs {
		mayGo := f.owner[id] == from && f.integration[id] == "" && f.region[id] == ""
		if status == http.StatusOK || f.movesSome && mayGo && f.hasRoom(to, 1) && i%2 == 0 {
			f.owner[id] = to
		}
	}
	return status, refusal
}

func (f *fakeNeon) refusal(from string, transfer TransferProjects) (status int, refusal any) {
	var integrations []ProjectIntegration
	for _, id := range transfer.ProjectIDs {
		if f.owner[id] != from {
			return http.StatusNotFound, ErrorBody{Message: "project not found"}
		}
		if f.integration[id] != "" {
			integrations = append(integrations, ProjectIntegration{ID: id, Integration: f.integration[id]})
		}
	}
	if len(integrations) > 0 {
		return http.StatusUnprocessableEntity, IntegrationsBody{Projects: integrations}
	}
	if !f.hasRoom(transfer.DestinationOrgID, len(transfer.ProjectIDs)) {
		return http.StatusNotAcceptable, LimitsBody{Limits: []Limit{{Name: "projects_count", Expected: strconv.Itoa(f.room), Actual: "more"}}}
	}
	for _, id := range transfer.ProjectIDs {
		if f.region[id] != "" && transfer.DestinationOrgID == orgB {
			return http.StatusNotAcceptable, LimitsBody{Limits: []Limit{{Name: "project_region", Expected: "", Actual: f.region[id]}}}
		}
	}
	return http.StatusOK, struct{}{}
}

func (f *fakeNeon) hasRoom(orgID string, more int) bool {
	return orgID != orgB || f.room < 0 || len(f.in(orgID))+more <= f.room
}

// in gives the projects of an owner, sorted.
func (f *fakeNeon) in(ownerID string) []string {
	var ids []string
	for id, owner := range f.owner {
		if owner == ownerID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// projectIDs makes n ids.
func projectIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = "project-" + strconv.Itoa(100_000+i)
	}
	return ids
}
