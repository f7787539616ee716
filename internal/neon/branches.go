package neon

import "context"

// ListBranches reads the first page of a project's branches with their
// annotations: GET /projects/{project_id}/branches. It is for projects that are
// new or of which only the default branch matters; Neon gives up to 10,000.
func (c *Client) ListBranches(ctx context.Context, projectID string) (*BranchesPage, error) {
	var out BranchesPage
	if err := c.get(ctx, "/projects/{project_id}/branches", projectPath(projectID), nil, &out); err != nil {
		return nil, err
	}
	return &out, nil
}

// ListEndpoints reads a project's computes: GET /projects/{project_id}/endpoints.
func (c *Client) ListEndpoints(ctx context.Context, projectID string) ([]Endpoint, error) {
	var out EndpointsList
	if err := c.get(ctx, "/projects/{project_id}/endpoints", projectPath(projectID), nil, &out); err != nil {
		return nil, err
	}
	return out.Endpoints, nil
}
