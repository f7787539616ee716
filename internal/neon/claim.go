package neon

import (
	"context"
	"errors"
)

// Claimed is a project that was taken over.
type Claimed struct {
	OwnerID string // empty when it could not be read
	OrgID   string // empty for a personal account
	// WasDone: Neon refused the request, but the receiver owns the project, so it
	// was accepted before.
	WasDone bool
}

// ClaimProject accepts a transfer request and looks at who owns the project
// then. A request works once, so a refused one may have been accepted by an
// earlier call whose answer was lost: the owner of the project tells.
func (c *Client) ClaimProject(ctx context.Context, projectID, requestID, orgID string) (*Claimed, error) {
	err := c.AcceptTransferRequest(ctx, projectID, requestID, orgID)
	if IsOutcomeUnknown(err) && ctx.Err() == nil {
		owned, lookErr := c.ownedBy(ctx, projectID, orgID)
		if lookErr != nil {
			return nil, errors.Join(err, lookErr)
		}
		if owned != nil {
			return owned, nil
		}
		err = c.AcceptTransferRequest(ctx, projectID, requestID, orgID)
	}
	switch {
	case err == nil:
		owned, lookErr := c.ownedBy(ctx, projectID, orgID)
		if lookErr == nil && owned != nil {
			return owned, nil
		}
		// It was accepted, whatever the look says.
		return &Claimed{OwnerID: orgID, OrgID: orgID}, nil
	case hasStatus(err, 400) || IsNotFound(err):
		owned, lookErr := c.ownedBy(ctx, projectID, orgID)
		if lookErr != nil || owned == nil {
			return nil, err
		}
		owned.WasDone = true
		return owned, nil
	default:
		return nil, err
	}
}

// ownedBy gives the project's owner if it is the organization, or with an empty
// orgID the account of the key; nil if it is somebody else's.
func (c *Client) ownedBy(ctx context.Context, projectID, orgID string) (*Claimed, error) {
	wanted := orgID
	if wanted == "" {
		auth, err := c.GetAuth(ctx)
		if err != nil {
			return nil, err
		}
		wanted = auth.AccountID
	}
	project, err := c.GetProject(ctx, projectID)
	if IsNotFound(err) || IsForbidden(err) {
		return nil, nil //nolint:nilnil // somebody else's is an answer, not an error
	}
	if err != nil {
		return nil, err
	}
	if project.OwnerID != wanted {
		return nil, nil //nolint:nilnil // as above
	}
	return &Claimed{OwnerID: project.OwnerID, OrgID: project.OrgID}, nil
}
