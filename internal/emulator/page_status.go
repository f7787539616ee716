package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// How much of a long list the status page shows.
const (
	shownOrganizations = 50
	shownUsers         = 50
	shownProjects      = 10 // of each account
	shownRequests      = 25
)

// statusView is what the status page shows. It holds no keys, passwords,
// queries, bodies or ids of transfer requests.
type statusView struct {
	Now           time.Time
	Ahead         time.Duration
	APIPath       string
	ControlPath   string
	Counts        []countView
	Organizations []organizationView
	MoreOrgs      int
	Users         []userStatus
	MoreUsers     int
	Requests      []requestView // newest first
	MoreRequests  int
	Faults        []faultView
}

type countView struct {
	Name  string
	Count int
}

type organizationView struct {
	ID, Name, Plan, ManagedBy string
	Members, Invited, Keys    int
	Projects                  projectsView
}

type userStatus struct {
	Person        personView
	Plan          string
	Organizations int
	Projects      projectsView
}

// projectsView are an account's projects, not more than shownProjects of them.
type projectsView struct {
	Count  int // all, deleted ones included
	More   int
	Listed []projectStatus
}

type projectStatus struct {
	ID, Name string
	// Deleted ones can still be recovered, Offered ones have an open transfer request.
	Deleted, Offered bool
	Guests           int
}

type requestView struct {
	At       time.Time
	Method   string
	Path     string
	Status   int // 0: not answered
	Refused  bool
	Key      string // whose key it was
	Fault    string
	Duration int64 // milliseconds
}

type faultView struct {
	Method, Path, Effect string
	Seen, Taken          int
	Left                 string // how many more requests it takes
}

// showStatus is the page at the emulator's root.
func showStatus(e *Emulator, _ *http.Request) page {
	view := statusView{APIPath: apiPrefix, ControlPath: controlPrefix}
	e.locked(func(w *world) {
		view.Now, view.Ahead = w.now, e.ahead
		view.addAccounts(w)
	})
	view.addRequests(&e.journal)
	for _, f := range e.faults.list() {
		view.Faults = append(view.Faults, f.view())
	}
	return page{status: http.StatusOK, name: "status", title: "Status", data: view}
}

func (v *statusView) addAccounts(w *world) {
	live, deleted := 0, 0
	for _, p := range w.projects {
		switch {
		case p.DeletedAt == nil:
			live++
		case w.recoverable(p):
			deleted++
		}
	}
	v.Counts = []countView{
		{"Organizations", len(w.orgs)},
		{"People", len(w.users)},
		{"Projects", live},
		{"Deleted projects", deleted},
	}
	for _, o := range w.orgs[:min(len(w.orgs), shownOrganizations)] {
		v.Organizations = append(v.Organizations, organizationView{
			ID: o.ID, Name: o.Name, Plan: o.Plan, ManagedBy: o.ManagedBy,
			Members: len(o.Members), Invited: o.pending(), Keys: len(o.Keys), Projects: w.projectsOf(o.ID),
		})
	}
	v.MoreOrgs = len(w.orgs) - len(v.Organizations)
	for _, u := range w.users[:min(len(w.users), shownUsers)] {
		orgs := 0
		for _, o := range w.orgs {
			if o.memberByUser(u.ID) != nil {
				orgs++
			}
		}
		v.Users = append(v.Users, userStatus{Person: u.view(), Plan: u.Plan, Organizations: orgs, Projects: w.projectsOf(u.ID)})
	}
	v.MoreUsers = len(w.users) - len(v.Users)
}

func (w *world) projectsOf(owner string) projectsView {
	var view projectsView
	for _, p := range w.owned[owner] {
		if w.purged(p) {
			continue
		}
		view.Count++
		if len(view.Listed) < shownProjects {
			offered := p.DeletedAt == nil && slices.ContainsFunc(p.TransferRequests, func(t *TransferRequest) bool { return t.open(w.now) })
			view.Listed = append(view.Listed, projectStatus{ID: p.ID, Name: p.Name, Deleted: p.DeletedAt != nil, Offered: offered, Guests: len(p.Permissions)})
		}
	}
	view.More = view.Count - len(view.Listed)
	return view
}

func (v *statusView) addRequests(j *journal) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range slices.Backward(j.entries) {
		if len(v.Requests) == shownRequests {
			break
		}
		v.Requests = append(v.Requests, requestView{
			At: r.At, Method: r.Method, Path: r.Path, Status: r.Status, Refused: r.Status >= http.StatusBadRequest,
			Key: r.Key, Fault: r.Fault, Duration: r.DurationMS,
		})
	}
	v.MoreRequests = len(j.entries) - len(v.Requests)
}

func (f activeFault) view() faultView {
	view := faultView{Method: f.Method, Path: hideTransferRequest(f.Path), Effect: f.Effect.String(), Seen: f.Seen, Taken: f.Taken, Left: "every one"}
	if f.Times > 0 {
		view.Left = strconv.Itoa(f.Times - f.Taken)
	}
	return view
}
