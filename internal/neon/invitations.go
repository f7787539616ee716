package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

const invitationsRoute = "/organizations/{org_id}/invitations"

// Invitations gives the list of an organization's invitations, which Neon says is
// of pending and accepted ones: GET /organizations/{org_id}/invitations. Everybody
// who asks shares it, and it is read anew after a change of this client's. It must
// not be changed.
func (c *Client) Invitations(ctx context.Context, orgID string) ([]Invitation, error) {
	return c.invitations.get(ctx, orgID, c.fetchInvitations(orgID))
}

func (c *Client) fetchInvitations(orgID string) func(context.Context) ([]Invitation, error) {
	return func(ctx context.Context) ([]Invitation, error) {
		var out InvitationsList
		if err := c.get(ctx, invitationsRoute, orgPath(orgID), nil, &out); err != nil {
			return nil, err
		}
		return out.Invitations, nil
	}
}

// Seat is somebody's place in an organization: a member, or somebody who is
// invited. It has one of the two at least; the invitation of a member is one that
// was accepted.
type Seat struct {
	Member     *MemberWithUser
	Invitation *Invitation
}

// FindSeat looks for somebody by e-mail address, without regard to case, among the
// members and the invitations of an organization. It is nil where there is neither.
func (c *Client) FindSeat(ctx context.Context, orgID, email string) (*Seat, error) {
	member, err := c.FindMember(ctx, orgID, MemberKey{Email: email})
	if err != nil {
		return nil, err
	}
	invitation, err := c.FindInvitation(ctx, orgID, email)
	if err != nil {
		return nil, err
	}
	if member == nil && invitation == nil {
		return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
	}
	return &Seat{Member: member, Invitation: invitation}, nil
}

// SeatNow is FindSeat before a change, with the members as Neon has them now. It
// costs one request, and one for each further page of members.
func (c *Client) SeatNow(ctx context.Context, orgID, email string) (*Seat, error) {
	c.members.forget(orgID)
	return c.FindSeat(ctx, orgID, email)
}

// FindInvitation looks for the invitation of an e-mail address, without regard to
// case; the latest where there are several. It is nil where there is none.
func (c *Client) FindInvitation(ctx context.Context, orgID, email string) (*Invitation, error) {
	invitations, err := c.Invitations(ctx, orgID)
	if err != nil {
		return nil, err
	}
	return latestInvitation(invitations, email), nil
}

func latestInvitation(invitations []Invitation, email string) *Invitation {
	var latest *Invitation
	for _, i := range invitations {
		if SameEmail(i.Email, email) && (latest == nil || i.InvitedAt.After(latest.InvitedAt)) {
			latest = &i
		}
	}
	return latest
}

// postInvitations is one call: POST /organizations/{org_id}/invitations. What Neon
// answers goes into the shared list, too.
func (c *Client) postInvitations(ctx context.Context, orgID string, wanted []InvitationCreate) ([]Invitation, error) {
	r := request{
		method: http.MethodPost, route: invitationsRoute, path: orgPath(orgID),
		body: InvitationsCreateRequest{Invitations: wanted},
	}
	var out InvitationsList
	if err := c.do(ctx, r, &out); err != nil {
		c.invitations.forget(orgID)
		c.members.forget(orgID)
		return nil, err
	}
	c.invitations.edit(orgID, func(before []Invitation) []Invitation { return append(before, out.Invitations...) })
	// People who use Neon already join at once, and the answer does not tell who did.
	c.members.forget(orgID)
	return out.Invitations, nil
}

// NotInvitedError says that Neon accepted an invitation, and that afterwards the
// person is neither invited nor a member.
type NotInvitedError struct{ Email, OrgID string }

func (e *NotInvitedError) Error() string {
	return fmt.Sprintf("Neon accepted the invitation to %s, but shows neither an invitation nor a member with that e-mail address", e.OrgID)
}

// JoinUnknownError says that somebody was invited, and that it could not be seen
// whether they have joined at once.
type JoinUnknownError struct {
	Invitation Invitation
	Err        error
}

func (e *JoinUnknownError) Error() string {
	return fmt.Sprintf("the invitation to %s was sent, and whether it was accepted at once could not be seen: %v", e.Invitation.OrgID, e.Err)
}

// Unwrap gives why.
func (e *JoinUnknownError) Unwrap() error { return e.Err }

// inviteBatches collects invitations by organization.
type inviteBatches = batches[string, InvitationCreate, inviteResult]

type inviteResult struct {
	seat *Seat
	err  error
}

// invitationsPerRequest is how many invitations travel together at most. Neon
// documents no limit.
const invitationsPerRequest = 100

// Invite invites somebody to an organization, and gives the seat that comes of it:
// people who use Neon already join at once, the others have to sign up first.
// Invitations to one organization that are asked for at the same time are sent
// together, and each caller gets the answer for its own: a refusal that concerns
// some of the addresses does not touch the others. Whoever has a seat already is
// not invited again, so that the seat's role may be another one than asked for.
// Where the answer is lost, members and invitations are looked at before anything
// is repeated. An invitation that was sent comes with a *JoinUnknownError where
// nothing can be seen afterwards. It needs the personal key of an admin.
func (c *Client) Invite(ctx context.Context, orgID, email, role string) (*Seat, error) {
	result, err := c.invites.do(ctx, orgID, InvitationCreate{Email: email, Role: role}, invitationsPerRequest, c.sendInvites)
	if errors.Is(err, errNotAwaited) {
		return nil, &OutcomeUnknownError{
			Method: http.MethodPost, Route: invitationsRoute,
			Err: fmt.Errorf("%w: %w", errNotAwaited, context.Cause(ctx)),
		}
	}
	if err != nil {
		return nil, err
	}
	return result.seat, result.err
}

// sendInvites invites those who have no seat yet.
func (c *Client) sendInvites(ctx context.Context, orgID string, wanted []InvitationCreate) []inviteResult {
	round := inviteRound{client: c, orgID: orgID, results: map[string]inviteResult{}}
	if missing, err := round.look(ctx, firstOfEach(wanted)); err != nil {
		round.fail(wanted, err)
	} else if len(missing) > 0 {
		round.send(ctx, missing)
	}
	results := make([]inviteResult, len(wanted))
	for i, w := range wanted {
		results[i] = round.results[emailKey(w.Email)]
	}
	return results
}

// firstOfEach leaves out addresses that are there before, as two of a configuration
// may ask for the same one.
func firstOfEach(wanted []InvitationCreate) []InvitationCreate {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(wanted), func(w InvitationCreate) bool {
		email := emailKey(w.Email)
		defer func() { seen[email] = true }()
		return seen[email]
	})
}
