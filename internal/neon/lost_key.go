package neon

import (
	"context"
	"errors"
	"slices"
	"time"
)

// strayTimeout bounds the search for a lost key, which goes on when the caller's
// context has ended: no live key is left behind because somebody pressed Ctrl-C.
const strayTimeout = 30 * time.Second

// lostKey is a key that was created perhaps, and whose secret nobody knows.
type lostKey struct {
	client *Client
	orgID  string
	create APIKeyCreate
	known  []APIKey // that are not it
}

// revokePatiently looks for the key, with pauses, as Neon may need a moment to show
// it, and revokes it. It is nil when nothing is left behind.
func (l *lostKey) revokePatiently(ctx context.Context) *StrayKeyError {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), strayTimeout)
	defer cancel()
	for _, intervals := range createLooks {
		if err := sleep(ctx, time.Duration(intervals)*l.client.options.PollInterval); err != nil {
			return l.stray(nil, err)
		}
		if found, stray := l.findAndRevoke(ctx); found || stray != nil {
			return stray
		}
	}
	return nil
}

// revokeNow looks once.
func (l *lostKey) revokeNow(ctx context.Context) *StrayKeyError {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), strayTimeout)
	defer cancel()
	_, stray := l.findAndRevoke(ctx)
	return stray
}

func (l *lostKey) findAndRevoke(ctx context.Context) (found bool, stray *StrayKeyError) {
	candidates, err := l.candidates(ctx)
	switch {
	case err != nil:
		return false, l.stray(nil, err)
	case len(candidates) == 0:
		return false, nil
	case len(candidates) > 1:
		return true, l.stray(candidates, errors.New("there are several that it may be, and none was revoked"))
	}
	if err := l.client.RevokeOrgAPIKey(ctx, l.orgID, candidates[0].ID); err != nil {
		return true, l.stray(candidates, err)
	}
	return true, nil
}

// candidates are the keys that the lost one may be. One that was used is not it:
// nobody knows the secret.
func (l *lostKey) candidates(ctx context.Context) ([]APIKey, error) {
	me, err := l.client.KeyOwner(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := l.client.ListOrgAPIKeys(ctx, l.orgID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(keys, func(k APIKey) bool {
		return !isUnusedNamesake(k, l.create.KeyName, l.create.ProjectID, me.AccountID) || slices.ContainsFunc(l.known, hasKeyID(k.ID))
	}), nil
}

func isUnusedNamesake(k APIKey, name, projectID, creator string) bool {
	return k.Name == name && k.ProjectID == projectID && k.CreatedBy.ID == creator && k.LastUsedAt == nil
}

func (l *lostKey) stray(keys []APIKey, err error) *StrayKeyError {
	return &StrayKeyError{OrgID: l.orgID, Name: l.create.KeyName, Keys: keys, Err: err}
}
