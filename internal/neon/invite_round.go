package neon

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// inviteRound is invitations that came together, and what becomes of each, by the
// e-mail address in lower case.
type inviteRound struct {
	client  *Client
	orgID   string
	results map[string]inviteResult
}

func (r *inviteRound) set(w InvitationCreate, result inviteResult) {
	r.results[emailKey(w.Email)] = result
}

func (r *inviteRound) fail(wanted []InvitationCreate, err error) {
	for _, w := range wanted {
		r.set(w, inviteResult{err: err})
	}
}

// look notes who has a seat and gives those who have none.
func (r *inviteRound) look(ctx context.Context, wanted []InvitationCreate) (missing []InvitationCreate, err error) {
	for _, w := range wanted {
		seat, err := r.client.FindSeat(ctx, r.orgID, w.Email)
		if err != nil {
			return nil, err
		}
		if seat == nil {
			missing = append(missing, w)
			continue
		}
		r.set(w, inviteResult{seat: seat})
	}
	return missing, nil
}

// send invites people who have no seat. Neon does not say whether it makes some of
// a call's invitations when it refuses others, nor which it refuses, so after a
// refusal it looks who is invited, and halves what is left.
func (r *inviteRound) send(ctx context.Context, wanted []InvitationCreate) {
	made, refusal := r.client.postInvitations(ctx, r.orgID, wanted)
	if IsOutcomeUnknown(refusal) {
		var err error
		if wanted, err = r.lookPatiently(ctx, wanted); err != nil {
			r.fail(wanted, errors.Join(refusal, err))
			return
		}
		if len(wanted) == 0 {
			return
		}
		made, refusal = r.client.postInvitations(ctx, r.orgID, wanted)
	}
	if refusal != nil && (!IsOutcomeUnknown(refusal) && concernsAll(refusal) || ctx.Err() != nil) {
		r.fail(wanted, refusal)
		return
	}
	missing, err := r.look(ctx, wanted)
	switch {
	case err != nil && refusal == nil:
		r.unseen(wanted, made, err)
	case err != nil:
		r.fail(wanted, errors.Join(refusal, err))
	case len(missing) == 0:
	case refusal == nil:
		for _, w := range missing {
			r.set(w, inviteResult{err: &NotInvitedError{Email: w.Email, OrgID: r.orgID}})
		}
	case IsOutcomeUnknown(refusal) || len(wanted) == 1:
		r.fail(missing, refusal)
	default:
		half := (len(missing) + 1) / 2
		r.send(ctx, missing[:half])
		if half < len(missing) {
			r.send(ctx, missing[half:])
		}
	}
}

// lookPatiently looks who has a seat after an answer was lost, with pauses, as Neon
// may be at work on it still. It gives those who are not to be seen.
func (r *inviteRound) lookPatiently(ctx context.Context, wanted []InvitationCreate) ([]InvitationCreate, error) {
	for _, intervals := range createLooks {
		if err := sleep(ctx, time.Duration(intervals)*r.client.options.PollInterval); err != nil {
			return wanted, err
		}
		r.client.forgetSeats(r.orgID)
		missing, err := r.look(ctx, wanted)
		if err != nil {
			return wanted, err
		}
		if wanted = missing; len(wanted) == 0 {
			break
		}
	}
	return wanted, nil
}

// unseen is for invitations that were made, where looking failed afterwards.
func (r *inviteRound) unseen(wanted []InvitationCreate, made []Invitation, err error) {
	for _, w := range wanted {
		if sent := latestInvitation(made, w.Email); sent != nil {
			r.set(w, inviteResult{seat: &Seat{Invitation: sent}, err: &JoinUnknownError{Invitation: *sent, Err: err}})
			continue
		}
		r.set(w, inviteResult{err: &OutcomeUnknownError{Method: http.MethodPost, Route: invitationsRoute, Err: err}})
	}
}

// concernsAll tells whether a refusal is of the key or the organization, so that
// each single invitation would meet it too.
func concernsAll(refusal error) bool {
	answer, ok := errors.AsType[*Error](refusal)
	if !ok {
		return true // nothing was sent
	}
	switch answer.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests:
		return true
	default:
		return answer.Status >= 500
	}
}

// forgetSeats is for when somebody else may have changed who is in an organization.
func (c *Client) forgetSeats(orgID string) {
	c.invitations.forget(orgID)
	c.members.forget(orgID)
}
