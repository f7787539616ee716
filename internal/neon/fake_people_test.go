package neon

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fakePeople is a Neon with the members and invitations of orgA. What Neon does not
// document can be chosen.
type fakePeople struct {
	t           *testing.T
	mu          sync.Mutex
	members     []MemberWithUser
	invitations []Invitation
	// users join at once when they are invited.
	users map[string]bool
	// refused are addresses that no call may hold. invitesSome: a call that is
	// refused has made those invitations that come before the refused address.
	refused     map[string]bool
	invitesSome bool
	// showsJoined: the answer and the list have invitations of people who joined.
	showsJoined bool
	// hidden members are not in lists.
	hidden map[string]bool
	// status with which all POSTs are refused; 0 for none.
	status int
	// fault of a call that changes something, by its number from 0: "before" and
	// "after" lose the answer; "" none.
	fault func(call int) string

	calls   []string   // method and path of each request
	invited [][]string // the addresses of each POST
	changes int
}

func newFakePeople(t *testing.T, admins ...string) *fakePeople {
	t.Helper()
	f := &fakePeople{t: t, users: map[string]bool{}, refused: map[string]bool{}, hidden: map[string]bool{}, fault: func(int) string { return "" }}
	for _, email := range admins {
		f.join(email, RoleAdmin)
	}
	return f
}

func (f *fakePeople) client() *Client {
	f.t.Helper()
	client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: filling{f}}})
	if err != nil {
		f.t.Fatal(err)
	}
	return client
}

func (f *fakePeople) join(email, role string) {
	n := len(f.members)
	f.members = append(f.members, MemberWithUser{
		Member: Member{ID: fmt.Sprintf("m-%05d", n), UserID: fmt.Sprintf("u-%05d", n), OrgID: orgA, Role: role},
		User:   MemberUser{Email: email},
	})
}

// count gives how often a call was made.
func (f *fakePeople) count(call string) int {
	n := 0
	for _, made := range f.calls {
		if made == call {
			n++
		}
	}
	return n
}

// RoundTrip implements http.RoundTripper.
func (f *fakePeople) RoundTrip(req *http.Request) (*http.Response, error) {
	attemptFrom(req.Context()).left.Store(true) // as httptrace would
	f.mu.Lock()
	defer f.mu.Unlock()
	path := strings.TrimPrefix(req.URL.Path, "/api/v2/organizations/"+orgA)
	f.calls = append(f.calls, req.Method+" "+path)
	if req.Method == http.MethodGet {
		status, body := f.read(path, req.URL.Query().Get("cursor"))
		return answer(req, status, body)
	}
	fault := f.fault(f.changes)
	f.changes++
	if fault == "before" {
		return nil, io.ErrUnexpectedEOF
	}
	status, body := f.change(req, strings.TrimPrefix(path, "/members/"))
	if fault == "after" {
		return nil, io.ErrUnexpectedEOF
	}
	return answer(req, status, body)
}

func (f *fakePeople) read(path, cursor string) (status int, body any) {
	switch path {
	case "/invitations":
		return http.StatusOK, InvitationsList{Invitations: f.invitations}
	case "/members":
		return http.StatusOK, f.page(cursor)
	}
	if i := f.index(strings.TrimPrefix(path, "/members/")); i >= 0 {
		return http.StatusOK, f.members[i].Member
	}
	return http.StatusNotFound, ErrorBody{Message: "member not found"}
}

func (f *fakePeople) page(cursor string) MembersPage {
	page := MembersPage{Members: []MemberWithUser{}}
	for _, m := range f.members {
		if m.Member.ID <= cursor || f.hidden[m.Member.ID] {
			continue
		}
		if len(page.Members) == membersPerPage {
			page.Pagination = &CursorPagination{Next: page.Members[membersPerPage-1].Member.ID}
			break
		}
		page.Members = append(page.Members, m)
	}
	return page
}

func (f *fakePeople) index(memberID string) int {
	return slices.IndexFunc(f.members, func(m MemberWithUser) bool { return m.Member.ID == memberID })
}

func (f *fakePeople) change(req *http.Request, memberID string) (status int, body any) {
	if req.Method == http.MethodPost {
		return f.invite(req)
	}
	i := f.index(memberID)
	if i < 0 {
		return http.StatusNotFound, ErrorBody{Message: "member not found"}
	}
	if f.members[i].Member.Role == RoleAdmin && len(Admins(f.members)) == 1 {
		return http.StatusConflict, ErrorBody{Message: "no"}
	}
	if req.Method == http.MethodDelete {
		f.members = slices.Delete(f.members, i, i+1)
		return http.StatusOK, struct{}{}
	}
	var update MemberUpdateRequest
	if err := json.NewDecoder(req.Body).Decode(&update); err != nil {
		f.t.Error(err)
	}
	f.members[i].Member.Role = update.Role
	return http.StatusOK, f.members[i].Member
}

func (f *fakePeople) invite(req *http.Request) (status int, body any) {
	var wanted InvitationsCreateRequest
	if err := json.NewDecoder(req.Body).Decode(&wanted); err != nil {
		f.t.Error(err)
	}
	var emails []string
	for _, w := range wanted.Invitations {
		emails = append(emails, w.Email)
	}
	f.invited = append(f.invited, emails)
	if f.status != 0 {
		return f.status, ErrorBody{Message: "no"}
	}
	bad := slices.IndexFunc(emails, func(email string) bool { return f.refused[email] || f.hasSeat(email) })
	made := wanted.Invitations
	switch {
	case bad >= 0 && f.invitesSome:
		made = made[:bad]
	case bad >= 0:
		made = nil
	}
	list := InvitationsList{Invitations: []Invitation{}}
	for _, w := range made {
		if f.users[w.Email] {
			f.join(w.Email, w.Role)
			if !f.showsJoined {
				continue
			}
		}
		list.Invitations = append(list.Invitations, Invitation{ID: "i-" + w.Email, Email: w.Email, OrgID: orgA, Role: w.Role})
	}
	f.invitations = append(f.invitations, list.Invitations...)
	if bad >= 0 {
		return http.StatusUnprocessableEntity, ErrorBody{Message: "no"}
	}
	return http.StatusOK, list
}

// hasSeat tells whether an address is a member's or invited.
func (f *fakePeople) hasSeat(email string) bool {
	return slices.ContainsFunc(f.members, func(m MemberWithUser) bool { return SameEmail(m.User.Email, email) }) ||
		slices.ContainsFunc(f.invitations, func(i Invitation) bool { return SameEmail(i.Email, email) })
}
