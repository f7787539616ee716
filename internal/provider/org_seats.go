package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// seatName is how a claim of a seat names it in messages.
func (c orgClaim) seatName() string {
	switch {
	case c.id == "":
		return c.email
	case c.email == "":
		return "member " + c.id
	default:
		return fmt.Sprintf("%s (member %s)", c.email, c.id)
	}
}

// How to leave a person alone, when their neon_org_member has to go.
const (
	forgetSeat = "a removed block with destroy = false"
	// leftOver is what an earlier apply leaves in state that was interrupted, or
	// failed, after it had created the new one of two.
	leftOver = "If the plan calls the first one a deposed object, it was left over by an earlier apply with create_before_destroy. " +
		"Put " + forgetSeat + " in place of the resource and apply, then put the resource back and apply again: nothing is sent to Neon meanwhile"
)

// seatConflict says that two resources are after one seat.
func seatConflict(first, second orgClaim) problem {
	seat, orgID := first.seatName(), first.orgID
	switch {
	case first.purpose == invites || second.purpose == invites:
		return problem{
			"Seat is both destroyed and managed",
			fmt.Sprintf("In organization %s the neon_org_member of %s is destroyed, which removes them, and a neon_org_invitation of this configuration is for the same person. "+
				"Which of the two comes first is not determined, and the invitation would be sent again after they were removed. "+
				"To keep them, take the neon_org_member out by %s. To remove them, take the neon_org_invitation out as well.", orgID, seat, forgetSeat),
		}
	case first.purpose.ends() || second.purpose.ends():
		return problem{
			"Seat is both destroyed and managed",
			fmt.Sprintf("In organization %s one neon_org_member of this configuration is destroyed and another one manages the same seat, that of %s. Which of the two comes first is not determined, so the member could end up removed. "+
				"If the resource was only given another address, say so by a moved block. Otherwise apply on_destroy = \"keep\" to the one that goes, before taking it out. %s.",
				orgID, seat, leftOver),
		}
	default:
		return problem{
			"Seat is managed twice",
			fmt.Sprintf("Another neon_org_member of this configuration manages the seat of %s in organization %s. Two resources for one seat would undo each other's changes, and destroying either would remove the member. "+
				"Remove one of the two; if it is in state, take it out by %s.", seat, orgID, forgetSeat),
		}
	}
}

// seatNames are the addresses by which states know members, former ones included.
// The zero value is ready to use.
type seatNames struct {
	mu      sync.Mutex
	members map[[2]string][]string // ids by organization and address
}

func nameKey(orgID, email string) [2]string { return [2]string{orgID, strings.ToLower(email)} }

// note notes that a state knows, or knew, the member by the address.
func (s *seatNames) note(orgID, email, memberID string) {
	if email == "" || memberID == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.members == nil {
		s.members = map[[2]string][]string{}
	}
	key := nameKey(orgID, email)
	if !slices.Contains(s.members[key], memberID) {
		s.members[key] = append(s.members[key], memberID)
	}
}

// membersOf returns the ids of the members whom a state knows, or knew, by the
// address.
func (s *seatNames) membersOf(orgID, email string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.members[nameKey(orgID, email)])
}

// refuseFormerAddress refuses an address by which a state knows a member who has
// another one by now. It must not be invited, as it may be somebody else's, unless
// whoever has it was invited since.
func (c *configured) refuseFormerAddress(ctx context.Context, orgID, email string) diag.Diagnostics {
	for _, id := range c.names.membersOf(orgID, email) {
		member, err := c.client.FindMember(ctx, orgID, neon.MemberKey{MemberID: id})
		if err != nil || member == nil || member.User.Email == "" || neon.SameEmail(member.User.Email, email) {
			continue
		}
		if invitation, err := c.client.FindInvitation(ctx, orgID, email); err == nil && isSince(invitation, member.Member.JoinedAt) {
			continue
		}
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("email"), "E-mail address is a member's former one",
			fmt.Sprintf("%s was the address of member %s of organization %s, who is %s now. It may be somebody else's by now, so nobody is invited. "+
				"Write email = %q for the member. If somebody else is to be invited by the old address, invite them in the Neon Console: the resource then takes that invitation over.",
				email, id, orgID, member.User.Email, member.User.Email))}
	}
	return nil
}

// planName notes that a state knows, or knew, the member by the address, and refuses
// it to a resource that was planned for it before.
func (c *configured) planName(ctx context.Context, orgID, email, memberID string) diag.Diagnostics {
	c.names.note(orgID, email, memberID)
	if memberID == "" || !c.claims.isAwaited(orgID, email) {
		return nil
	}
	return c.refuseFormerAddress(ctx, orgID, email)
}

// isSince reports whether an invitation was sent after a member had joined, so that
// it is not the one that they came by. Neon lists accepted ones, too.
func isSince(invitation *neon.Invitation, joinedAt *time.Time) bool {
	return invitation != nil && joinedAt != nil && invitation.InvitedAt.After(*joinedAt)
}

// adminsLeft gives those of the admins that no resource plans to take away, this
// one's included. Their number can only fall as a plan goes on.
func (s *adminsGoing) adminsLeft(orgID, memberID string, admins []neon.MemberWithUser) []neon.MemberWithUser {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.going == nil {
		s.going = map[[2]string]bool{}
	}
	s.going[[2]string{orgID, memberID}] = true
	return slices.DeleteFunc(slices.Clone(admins), func(m neon.MemberWithUser) bool { return s.going[[2]string{orgID, m.Member.ID}] })
}

// stays takes a member out of those who go: it is to be an admin again.
func (s *adminsGoing) stays(orgID, memberID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.going, [2]string{orgID, memberID})
}

// adminsGoing are the admins that resources plan to demote or remove, by
// organization and member. The zero value is ready to use.
type adminsGoing struct {
	mu    sync.Mutex
	going map[[2]string]bool
}
