package neon

import (
	"context"
	"slices"
)

// MadeAPIKey is a key that was created.
type MadeAPIKey struct {
	CreatedAPIKey
	// Unused are keys that were there before CreateOrgAPIKey made this one, of the
	// same name, project and creator, not older than 24 hours and never used. A run
	// that is killed before it can save a key leaves such a one. One that this key
	// replaces may look the same.
	Unused []APIKey
	// Repeated is set by CreateUniqueOrgAPIKey where the request was sent twice and
	// nothing was seen of the first one: there may be a second key of the name, now or
	// later.
	Repeated bool
}

// CreateOrgAPIKey creates a key of an organization, or of one of its projects: POST
// /organizations/{org_id}/api_keys. It needs a personal key of an admin.
//
// Neon tells a key's secret only once, and nothing at Neon proves whose request made
// a key: its name need not be unique, and other pipelines may have the same user. So
// where the answer is lost a *LostKeyError is returned. It names the keys of this
// name and project that were not there before. Nothing is revoked, and nothing is
// sent again.
func (c *Client) CreateOrgAPIKey(ctx context.Context, orgID string, create APIKeyCreate) (*MadeAPIKey, error) {
	// One at a time under a name, so that no key of this client's is taken for the lost one.
	unlock, err := c.keyNames.lock(ctx, orgID+"/"+create.KeyName)
	if err != nil {
		return nil, err
	}
	defer unlock()
	defer c.orgKeys.forget(orgID)

	before, err := c.ListOrgAPIKeys(ctx, orgID)
	if err != nil {
		return nil, err
	}
	created, err := c.postOrgAPIKey(ctx, orgID, create)
	if IsOutcomeUnknown(err) {
		lost := &LostKeyError{OrgID: orgID, Name: create.KeyName, Err: err}
		lost.LookErr = c.lookForKey(ctx, func(ctx context.Context) (bool, error) {
			keys, err := c.ListOrgAPIKeys(ctx, orgID)
			lost.Keys = slices.DeleteFunc(keys, func(k APIKey) bool {
				return k.Name != create.KeyName || k.ProjectID != create.ProjectID || slices.ContainsFunc(before, hasKeyID(k.ID))
			})
			return len(lost.Keys) > 0, err
		})
		return nil, lost
	}
	if err != nil {
		return nil, err
	}
	c.madeKeys.Store(created.ID, nil)
	return &MadeAPIKey{CreatedAPIKey: *created, Unused: c.unusedLike(created, before)}, nil
}

// unusedLike returns the keys that may have been left by a client that was killed.
func (c *Client) unusedLike(created *CreatedAPIKey, before []APIKey) []APIKey {
	return slices.DeleteFunc(slices.Clone(before), func(k APIKey) bool {
		_, isOurs := c.madeKeys.Load(k.ID)
		isAlike := k.Name == created.Name && k.ProjectID == created.ProjectID && k.CreatedBy.ID == created.CreatedBy
		return isOurs || !isAlike || k.LastUsedAt != nil || created.CreatedAt.Sub(k.CreatedAt) > leftoverAge
	})
}
