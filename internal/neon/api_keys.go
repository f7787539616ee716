package neon

import (
	"context"
	"net/http"
	"slices"
	"strconv"
)

// ListOrgAPIKeys gives the keys of an organization as they are now, without their
// secrets: GET /organizations/{org_id}/api_keys.
func (c *Client) ListOrgAPIKeys(ctx context.Context, orgID string) ([]APIKey, error) {
	var out []APIKey
	if err := c.get(ctx, "/organizations/{org_id}/api_keys", orgPath(orgID), nil, &out); err != nil {
		return nil, err
	}
	return out, nil
}

// FindOrgAPIKey gives a key of an organization, or nil where there is none with
// the id. All who ask for keys of the same organization share one request.
func (c *Client) FindOrgAPIKey(ctx context.Context, orgID string, keyID int64) (*APIKey, error) {
	fetch := func(ctx context.Context) ([]APIKey, error) { return c.ListOrgAPIKeys(ctx, orgID) }
	return c.orgKeys.find(ctx, orgID, fetch, hasKeyID(keyID))
}

func hasKeyID(keyID int64) func(APIKey) bool {
	return func(k APIKey) bool { return k.ID == keyID }
}

// RevokeOrgAPIKey revokes a key of an organization, which works no longer from
// then on: DELETE /organizations/{org_id}/api_keys/{key_id}. A key that the
// organization's list doesn't have is revoked already, which is a success. An
// error of that list is returned: it may be a key that doesn't see the
// organization.
func (c *Client) RevokeOrgAPIKey(ctx context.Context, orgID string, keyID int64) error {
	defer c.orgKeys.forget(orgID)
	return c.deleteListed(ctx, request{
		method: http.MethodDelete, route: "/organizations/{org_id}/api_keys/{key_id}",
		path: map[string]string{"org_id": orgID, "key_id": strconv.FormatInt(keyID, 10)},
	}, func(ctx context.Context) (isListed bool, err error) {
		list, err := c.ListOrgAPIKeys(ctx, orgID)
		return slices.ContainsFunc(list, hasKeyID(keyID)), err
	})
}

// postOrgAPIKey creates a key. One that is confined to a project is created only while
// the organization owns the project; another owner is an *OwnerChangedError.
func (c *Client) postOrgAPIKey(ctx context.Context, orgID string, create APIKeyCreate) (*CreatedAPIKey, error) {
	if create.ProjectID != "" {
		if _, err := c.Look(ctx, create.ProjectID, OwnedBy(orgID)); err != nil {
			return nil, err
		}
	}
	var out CreatedAPIKey
	err := c.do(ctx, request{
		method: http.MethodPost, route: "/organizations/{org_id}/api_keys", path: orgPath(orgID), body: create,
	}, &out)
	if err != nil {
		return nil, err
	}
	return &out, nil
}
