package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// seatTokenKey is where a neon_org_member keeps, in private state, a random token
// of its own: the CLI tells a provider the address of no resource.
const seatTokenKey = "seat_token"

// seatToken gives the resource's token, and makes one where there is none.
func seatToken(ctx context.Context, before privateGetter, after privateSetter) (string, diag.Diagnostics) {
	kept, diags := before.GetKey(ctx, seatTokenKey)
	var token string
	if json.Unmarshal(kept, &token) == nil && token != "" {
		return token, diags
	}
	token = uuid.NewString()
	diags.Append(after.SetKey(ctx, seatTokenKey, []byte(`"`+token+`"`))...)
	return token, diags
}

// seatClaim is what a resource plans to do with somebody's seat.
type seatClaim struct {
	token string
	orgID string
	// memberID and email name the seat, as far as they are known.
	memberID string
	email    string
	// written is how the configuration of a resource that isn't created yet names the
	// seat, and empty for one that is in state.
	written neon.MemberKey
	// ends: the resource removes or demotes the member, and then forgets it.
	ends bool
}

// mayBeSame tells whether the claims may come from one resource that is planned
// once more. A resource that isn't created yet has a new token in each plan, and
// `terraform test` makes its plan and its apply, which plans again, with one
// provider. Two resources that are written alike are told apart when they are
// created.
func (c seatClaim) mayBeSame(other seatClaim) bool {
	return c.token == other.token || c.written != neon.MemberKey{} && c.written == other.written
}

func (c seatClaim) isOf(other seatClaim) bool {
	return c.orgID == other.orgID &&
		(c.memberID != "" && c.memberID == other.memberID || c.email != "" && neon.SameEmail(c.email, other.email))
}

// name is how the claim names the seat in messages.
func (c seatClaim) name() string {
	switch {
	case c.memberID == "":
		return c.email
	case c.email == "":
		return "member " + c.memberID
	default:
		return fmt.Sprintf("%s (member %s)", c.email, c.memberID)
	}
}

// seatClaims are the claims of all neon_org_member resources for as long as the
// provider is configured: a plan or an apply, or all of a test. The zero value is ready to use.
type seatClaims struct {
	mu     sync.Mutex
	claims []seatClaim
}

// claim notes what a resource plans, in place of what it planned for that seat
// before. Another resource's claim to the same seat is given back, if one of the
// two wants to keep it: destroying a seat twice does no harm.
func (s *seatClaims) claim(c seatClaim) *seatClaim {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.claims {
		if !other.mayBeSame(c) && other.isOf(c) && (!other.ends || !c.ends) {
			return &other
		}
	}
	s.claims = slices.DeleteFunc(s.claims, func(old seatClaim) bool { return old.mayBeSame(c) && old.isOf(c) })
	s.claims = append(s.claims, c)
	return nil
}

// settle puts the claim of a resource that has been created in place of what was
// planned for it.
func (s *seatClaims) settle(c seatClaim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = slices.DeleteFunc(s.claims, func(old seatClaim) bool { return old.written != neon.MemberKey{} && old.isOf(c) })
	s.claims = append(s.claims, c)
}

// release forgets the claims of a resource that is gone.
func (s *seatClaims) release(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = slices.DeleteFunc(s.claims, func(c seatClaim) bool { return c.token == token })
}

// conflict says that two resources are after one seat.
func (c seatClaim) conflict(first seatClaim) problem {
	if first.ends || c.ends {
		return problem{
			"Seat is both destroyed and managed",
			fmt.Sprintf("In organization %s one neon_org_member of this configuration is destroyed and another one manages the same seat, that of %s. Which of the two comes first is not determined, so the member could end up removed. "+
				"If the resource was only given another address, say so by a moved block. Otherwise apply on_destroy = \"keep\" to the one that goes, before taking it out.",
				c.orgID, first.name()),
		}
	}
	return problem{
		"Seat is managed twice",
		fmt.Sprintf("Another neon_org_member of this configuration manages the seat of %s in organization %s. Two resources for one seat would undo each other's changes, and destroying either would remove the member. "+
			"Remove one of the two; if it is in state, take it out by a removed block with destroy = false.",
			first.name(), c.orgID),
	}
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
