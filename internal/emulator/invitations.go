package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func invitationRoutes() []route {
	const collection = "/organizations/{org_id}/invitations"
	return []route{
		{method: http.MethodGet, pattern: collection, keys: noScopedKey, handle: listInvitations},
		{method: http.MethodPost, pattern: collection, keys: personalOnly, body: invitationsShape, handle: createInvitations},
	}
}

var invitationsShape = object{required: []string{"invitations"}, fields: map[string]shape{"invitations": array{of: object{
	required: []string{"email", "role"},
	fields:   map[string]shape{"email": text{min: 1, max: 256}, "role": text{oneOf: neon.MemberRoles()}},
}}}}

func (i *Invitation) wire(orgID string) neon.Invitation {
	return neon.Invitation{ID: i.ID, Email: i.Email, OrgID: orgID, InvitedBy: i.InvitedBy, InvitedAt: i.InvitedAt, Role: i.Role}
}

func listInvitations(x *exchange) (reply, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return reply{}, err
	}
	list := neon.InvitationsList{Invitations: []neon.Invitation{}}
	for _, i := range org.Invitations {
		if i.AcceptedAt == nil || !x.w.hidesAccepted {
			list.Invitations = append(list.Invitations, i.wire(org.ID))
		}
	}
	return ok(http.StatusOK, list)
}

// createInvitations makes all the invitations that the request names, or none.
// Whoever has an account joins at once.
func createInvitations(x *exchange) (reply, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return reply{}, err
	}
	if x.caller.levelIn(org) < managing {
		return reply{}, forbidden("only an admin of organization %s can invite people to it", org.ID)
	}
	request, err := decode[neon.InvitationsCreateRequest](x)
	if err != nil {
		return reply{}, err
	}
	if err := org.checkInvitations(request.Invitations); err != nil {
		return reply{}, err
	}
	list := neon.InvitationsList{Invitations: []neon.Invitation{}}
	for _, wanted := range request.Invitations {
		made := &Invitation{ID: x.w.ids.uuid(), Email: wanted.Email, Role: wanted.Role, InvitedBy: x.caller.user.ID, InvitedAt: x.w.second()}
		org.Invitations = append(org.Invitations, made)
		if u := x.w.userByEmail(wanted.Email); u != nil {
			x.w.accept(org, made, u)
		}
		list.Invitations = append(list.Invitations, made.wire(org.ID))
	}
	return ok(http.StatusOK, list)
}

func (o *Organization) checkInvitations(wanted []neon.InvitationCreate) error {
	seen := map[string]bool{}
	for _, w := range wanted {
		if !isEmail(w.Email) {
			return badRequest("invitations: %s is not an e-mail address", w.Email)
		}
		if err := o.checkRole(w.Role); err != nil {
			return err
		}
		email := strings.ToLower(w.Email)
		switch {
		case seen[email]:
			return badRequest("invitations: %s is there twice", w.Email)
		case o.memberByEmail(w.Email) != nil:
			return refuse(http.StatusConflict, "%s is a member of organization %s already", w.Email, o.ID)
		case o.pendingInvitation(w.Email) != nil:
			return refuse(http.StatusConflict, "%s is invited to organization %s already", w.Email, o.ID)
		}
		seen[email] = true
	}
	return nil
}

// pendingInvitation is the invitation of somebody who has not joined yet, or nil.
func (o *Organization) pendingInvitation(email string) *Invitation {
	i := slices.IndexFunc(o.Invitations, func(i *Invitation) bool { return i.AcceptedAt == nil && strings.EqualFold(i.Email, email) })
	if i < 0 {
		return nil
	}
	return o.Invitations[i]
}

// accept makes an invited person a member. Members see all projects of their
// organization, so that those of a guest end.
func (w *world) accept(org *Organization, i *Invitation, u *User) *Member {
	m := &Member{ID: w.ids.uuid(), UserID: u.ID, Email: u.Email, Role: i.Role, JoinedAt: w.second()}
	org.Members = append(org.Members, m)
	i.AcceptedAt = new(w.second())
	for _, p := range w.owned[org.ID] {
		if p.sharedWith(u.Email) {
			w.touch(p.ID)
			p.dropGuests(org)
		}
	}
	return m
}

// dropGuests ends the permissions of those who are members of the organization.
func (p *Project) dropGuests(org *Organization) {
	p.Permissions = slices.DeleteFunc(p.Permissions, func(g *Permission) bool { return org.memberByEmail(g.Email) != nil })
}

// pending counts the invitations that were not accepted yet.
func (o *Organization) pending() int {
	n := 0
	for _, i := range o.Invitations {
		if i.AcceptedAt == nil {
			n++
		}
	}
	return n
}

// Seat is where an accepted invitation has led to.
type Seat struct {
	OrgID    string `json:"org_id"`
	MemberID string `json:"member_id"`
	Role     string `json:"role"`
}

// signUp gives a person an account, unless they have one, and accepts all their
// invitations.
func (w *world) signUp(email string) ([]Seat, error) {
	var seats []Seat
	for _, org := range w.orgs {
		i := org.pendingInvitation(email)
		if i == nil {
			continue
		}
		u := w.userByEmail(email)
		if u == nil {
			u = w.newUser(i.Email)
		}
		m := w.accept(org, i, u)
		seats = append(seats, Seat{OrgID: org.ID, MemberID: m.ID, Role: m.Role})
	}
	if len(seats) == 0 {
		return nil, notFound("%s has no pending invitation", email)
	}
	return seats, nil
}

// newUser is somebody who signs up, with a free personal account and no key.
func (w *world) newUser(email string) *User {
	name, _, _ := strings.Cut(email, "@")
	u := &User{ID: w.ids.uuid(), Email: email, Name: name, Plan: "free", CreatedAt: w.second()}
	w.users = append(w.users, u)
	return u
}
