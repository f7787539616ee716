package emulator

import (
	"cmp"
	"slices"
	"strings"
)

// completePeople checks and fills in an organization's members and invitations.
func (s *seeder) completePeople(o *Organization) {
	for _, role := range o.Roles {
		if !slices.Contains(roles, role) {
			s.fail("organization %q: role %q is not one of %s", o.ID, role, strings.Join(roles, ", "))
		}
	}
	for _, m := range o.Members {
		s.completeMember(o, m)
	}
	for _, i := range o.Invitations {
		s.completeInvitation(o, i)
	}
}

func (s *seeder) completeMember(o *Organization, m *Member) {
	w := s.world
	u := w.userByEmail(m.Email)
	if u == nil {
		s.fail("organization %q: member %q is not one of the users", o.ID, m.Email)
		return
	}
	if first := o.memberByEmail(m.Email); first != m {
		s.fail("organization %q: member %q is there twice", o.ID, m.Email)
	}
	s.checkRole(o, m.Email, m.Role)
	m.UserID = u.ID
	m.ID = s.uuidUnless(m.ID)
	m.JoinedAt = s.timeOr(m.JoinedAt)
}

func (s *seeder) completeInvitation(o *Organization, i *Invitation) {
	if !isEmail(i.Email) {
		s.fail("organization %q: invitation of %q, which is not an e-mail address", o.ID, i.Email)
		return
	}
	i.Role = cmp.Or(i.Role, roleMember)
	s.checkRole(o, i.Email, i.Role)
	switch pending := o.pendingInvitation(i.Email); {
	case i.AcceptedAt != nil:
	case pending != i:
		s.fail("organization %q: %q is invited twice", o.ID, i.Email)
	case s.world.userByEmail(i.Email) != nil:
		s.fail("organization %q: %q is one of the users, who join as soon as they are invited: make it a member", o.ID, i.Email)
	}
	i.InvitedBy = cmp.Or(i.InvitedBy, o.firstAdmin())
	i.InvitedBy = s.uuidUnless(i.InvitedBy)
	i.ID = s.uuidUnless(i.ID)
	i.InvitedAt = s.timeOr(i.InvitedAt)
}

func (s *seeder) checkRole(o *Organization, email, role string) {
	if !slices.Contains(o.acceptedRoles(), role) {
		s.fail("organization %q: role %q of %q is not one of %s", o.ID, role, email, strings.Join(o.acceptedRoles(), ", "))
	}
}
