package neon

import "context"

func orgPath(orgID string) map[string]string { return map[string]string{"org_id": orgID} }

// GetOrganization reads an organization: GET /organizations/{org_id}.
func (c *Client) GetOrganization(ctx context.Context, orgID string) (*Organization, error) {
	var out Organization
	err := c.get(ctx, "/organizations/{org_id}", orgPath(orgID), nil, &out)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// ListOrganizations gives the organizations the key can see, which is the one
// organization for an organization key: GET /users/me/organizations.
func (c *Client) ListOrganizations(ctx context.Context) ([]Organization, error) {
	var out OrganizationsList
	if err := c.get(ctx, "/users/me/organizations", nil, nil, &out); err != nil {
		return nil, err
	}
	return out.Organizations, nil
}
