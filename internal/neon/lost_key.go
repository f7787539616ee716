package neon

import (
	"context"
	"errors"
	"slices"
	"time"
)

// strayTimeout bounds the search for a lost key. strayGrace is how long it goes on
// when the caller's context has ended: no live key is left behind because somebody
// pressed Ctrl-C. It makes five seconds of changeGrace, after which a CLI has ended.
const (
	strayTimeout = 30 * time.Second
	strayGrace   = time.Second
)

// lostKey is a key that was created perhaps, and whose secret nobody knows.
type lostKey struct {
	client *Client
	orgID  string
	create APIKeyCreate
	known  []APIKey // that are not it
}

// revokePatiently looks for the key, with pauses, as Neon may need a moment to show
// it, and revokes it. It is nil when nothing is left behind. When the context ends
// it looks at once, for the last time; what it doesn't find then may turn up later.
func (l *lostKey) revokePatiently(ctx context.Context) *StrayKeyError {
	for _, intervals := range createLooks {
		_ = sleep(ctx, time.Duration(intervals)*l.client.options.PollInterval)
		isLast := ctx.Err() != nil
		if found, stray := l.look(ctx); found || stray != nil {
			return stray
		}
		if isLast {
			return l.stray(nil, context.Cause(ctx))
		}
	}
	return nil
}

// look finds and revokes the key, also a little after the context has ended.
func (l *lostKey) look(ctx context.Context) (found bool, stray *StrayKeyError) {
	ctx, end := withGrace(ctx, strayGrace)
	defer end()
	ctx, cancel := context.WithTimeout(ctx, strayTimeout)
	defer cancel()
	return l.findAndRevoke(ctx)
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
