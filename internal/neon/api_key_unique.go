package neon

import (
	"context"
	"errors"
)

// CreateUniqueOrgAPIKey is CreateOrgAPIKey for a name that no other call has, such as
// one with a random part: a key of the whole name was made by this call. So where
// the answer is lost, a key of the name is looked for and revoked, and the request is
// sent once more. A *LostKeyError is returned where a key may be left.
func (c *Client) CreateUniqueOrgAPIKey(ctx context.Context, orgID string, create APIKeyCreate) (*MadeAPIKey, error) {
	u := uniqueKey{client: c, orgID: orgID, create: create}
	created, err := u.post(ctx)
	if IsOutcomeUnknown(err) {
		if lookErr := u.revokePatiently(ctx); lookErr != nil {
			return nil, lookErr
		}
		if ctx.Err() != nil {
			return nil, err
		}
		created, err = u.post(ctx)
		if IsOutcomeUnknown(err) {
			if lookErr := u.revokePatiently(ctx); lookErr != nil {
				return nil, lookErr
			}
		}
	}
	if err != nil {
		return nil, u.failed(err)
	}
	if u.open > 0 {
		// The first key may have turned up by now. Whoever revokes this one revokes by
		// name, so that nothing is lost where the look fails.
		_, _ = lookOnce(ctx, func(ctx context.Context) (bool, error) { return u.revoke(ctx, created.ID) })
	}
	return &MadeAPIKey{CreatedAPIKey: *created, Repeated: u.open > 0}, nil
}

// uniqueKey is the creation of a key whose name no other call has.
type uniqueKey struct {
	client *Client
	orgID  string
	create APIKeyCreate
	lost   error // the answer that was lost last
	open   int   // how many requests may have made a key, or may yet, that is not revoked
}

func (u *uniqueKey) post(ctx context.Context) (*CreatedAPIKey, error) {
	defer u.client.orgKeys.forget(u.orgID)
	created, err := u.client.postOrgAPIKey(ctx, u.orgID, u.create)
	if IsOutcomeUnknown(err) {
		u.lost = err
		u.open++
	}
	return created, err
}

// failed adds to an error that an earlier request may have made a key.
func (u *uniqueKey) failed(err error) error {
	switch {
	case u.open == 0:
		return err
	case !IsOutcomeUnknown(err):
		err = errors.Join(err, u.lost)
	}
	return &LostKeyError{OrgID: u.orgID, Name: u.create.KeyName, Err: err}
}

// revokePatiently revokes the key that a request made whose answer was lost. No error
// says that none was seen, or that it is revoked.
func (u *uniqueKey) revokePatiently(ctx context.Context) error {
	err := u.client.lookForKey(ctx, func(ctx context.Context) (bool, error) { return u.revoke(ctx, 0) })
	if left, ok := errors.AsType[*LostKeyError](err); ok {
		left.Err = u.lost
		return left
	}
	if err != nil {
		return &LostKeyError{OrgID: u.orgID, Name: u.create.KeyName, LookErr: err, Err: u.lost}
	}
	return nil
}

func (u *uniqueKey) revoke(ctx context.Context, keptID int64) (found bool, err error) {
	revoked, err := u.client.revokeNamed(ctx, u.orgID, u.create.KeyName, keptID)
	u.open -= revoked
	return revoked > 0, err
}

// RevokeUniqueOrgAPIKey revokes all keys of a name that CreateUniqueOrgAPIKey was
// called with: there may be two. A *LostKeyError names the one that could not be
// revoked.
func (c *Client) RevokeUniqueOrgAPIKey(ctx context.Context, orgID, name string) error {
	_, err := c.revokeNamed(ctx, orgID, name, 0)
	return err
}

// revokeNamed revokes the keys of a name but for one.
func (c *Client) revokeNamed(ctx context.Context, orgID, name string, keptID int64) (revoked int, err error) {
	keys, err := c.ListOrgAPIKeys(ctx, orgID)
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		if k.Name != name || k.ID == keptID {
			continue
		}
		if err := c.RevokeOrgAPIKey(ctx, orgID, k.ID); err != nil {
			return revoked, &LostKeyError{OrgID: orgID, Name: name, Keys: []APIKey{k}, LookErr: err}
		}
		revoked++
	}
	return revoked, nil
}
