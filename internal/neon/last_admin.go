package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// LastAdminError is a change that Neon refused, and that would have left an
// organization without an admin.
type LastAdminError struct {
	Admin MemberWithUser
	Err   error
}

func (e *LastAdminError) Error() string {
	return fmt.Sprintf("member %s is the only admin of organization %s: %v", e.Admin.Member.ID, e.Admin.Member.OrgID, e.Err)
}

// Unwrap gives Neon's refusal.
func (e *LastAdminError) Unwrap() error { return e.Err }

// Admins gives those of the members that are admins.
func Admins(members []MemberWithUser) []MemberWithUser {
	var admins []MemberWithUser
	for _, m := range members {
		if m.Member.Role == RoleAdmin {
			admins = append(admins, m)
		}
	}
	return admins
}

// explainLastAdmin finds out whether a refusal is due to the member being the only
// admin. Neon has no code for it, so the members have to be looked at.
func (c *Client) explainLastAdmin(ctx context.Context, orgID, memberID string, refusal error) error {
	answer, ok := errors.AsType[*Error](refusal)
	isRefused := ok && answer.Method != http.MethodGet && answer.Status < 500
	if !isRefused || IsUnauthorized(refusal) || IsNotFound(refusal) {
		return refusal
	}
	members, err := c.Members(ctx, orgID)
	if err != nil {
		return refusal // which is what the caller asked for
	}
	if admins := Admins(members); len(admins) == 1 && admins[0].Member.ID == memberID {
		return &LastAdminError{Admin: admins[0], Err: refusal}
	}
	return refusal
}
