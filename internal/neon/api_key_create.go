package neon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// StrayKeyError says that there are, or may be, keys alive that nobody knows the
// secret of, and that are to be revoked by hand: the answers to their creation were
// lost.
type StrayKeyError struct {
	OrgID string
	Name  string // of the keys
	// Keys may be strays, and one of them is; none where it could not be found out.
	Keys []APIKey
	// Made is a key that was created all the same, and is to be kept, or nil.
	Made *CreatedAPIKey
	Err  error
}

func (e *StrayKeyError) Error() string {
	which := "whether it was created could not be found out"
	if len(e.Keys) > 0 {
		words := make([]string, len(e.Keys))
		for i, k := range e.Keys {
			words[i] = fmt.Sprintf("%d, created %s", k.ID, k.CreatedAt.UTC().Format(time.RFC3339))
		}
		which = "key " + strings.Join(words, "; or key ")
	}
	return fmt.Sprintf("an API key named %q of organization %s may be alive without anybody knowing its secret (%s): %v", e.Name, e.OrgID, which, e.Err)
}

// Unwrap gives what went wrong.
func (e *StrayKeyError) Unwrap() error { return e.Err }

// because adds the answer that was lost.
func (e *StrayKeyError) because(lost error) *StrayKeyError {
	e.Err = errors.Join(lost, e.Err)
	return e
}

// CreateOrgAPIKey creates a key of an organization, or of one of its projects: POST
// /organizations/{org_id}/api_keys. It needs a personal key of an admin.
//
// Neon tells a key's secret only once. So where the answer is lost, the key is
// looked for among those that were not there before, and revoked before another is
// made; and where that does not work a *StrayKeyError names it. It is told from
// keys that others make meanwhile by its name, project and creator, and by never
// having been used; if several fit, none is touched.
func (c *Client) CreateOrgAPIKey(ctx context.Context, orgID string, create APIKeyCreate) (*CreatedAPIKey, error) {
	// One at a time under a name: the keys of two could not be told apart.
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
	made, err := c.createKnowing(ctx, orgID, create, before)
	if stray, ok := errors.AsType[*StrayKeyError](err); ok && stray.Made != nil {
		c.noteKey(stray.Made, before)
	} else if made != nil {
		c.noteKey(made, before)
	}
	return made, err
}

// noteKey remembers the key as this client's, and finds those that may have been
// left by others that were killed.
func (c *Client) noteKey(made *CreatedAPIKey, before []APIKey) {
	c.madeKeys.Store(made.ID, nil)
	for _, k := range before {
		_, isOurs := c.madeKeys.Load(k.ID)
		if !isOurs && isUnusedNamesake(k, made.Name, made.ProjectID, made.CreatedBy) && made.CreatedAt.Sub(k.CreatedAt) <= leftoverAge {
			made.Unused = append(made.Unused, k)
		}
	}
}

// createKnowing creates a key that is none of those which were there before.
func (c *Client) createKnowing(ctx context.Context, orgID string, create APIKeyCreate, before []APIKey) (*CreatedAPIKey, error) {
	lost := lostKey{client: c, orgID: orgID, create: create, known: before}
	made, err := c.postOrgAPIKey(ctx, orgID, create)
	if !IsOutcomeUnknown(err) {
		return made, err
	}
	if stray := lost.revokePatiently(ctx); stray != nil {
		return nil, stray.because(err)
	}
	if ctx.Err() != nil {
		return nil, err
	}
	made, err = c.postOrgAPIKey(ctx, orgID, create)
	if IsOutcomeUnknown(err) {
		if stray := lost.revokePatiently(ctx); stray != nil {
			return nil, stray.because(err)
		}
	}
	if err != nil {
		return nil, err
	}
	// The first one may turn up only now.
	lost.known = append(lost.known, APIKey{APIKeyFields: made.APIKeyFields})
	if _, stray := lost.look(ctx); stray != nil {
		stray.Made = made
		return nil, stray
	}
	return made, nil
}
