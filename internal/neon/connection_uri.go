package neon

import (
	"context"
	"net/url"
	"strconv"
)

// ConnectionURIQuery says which connection string is wanted.
type ConnectionURIQuery struct {
	BranchID     string // empty for the default branch
	EndpointID   string // empty for the branch's read-write endpoint
	DatabaseName string
	RoleName     string
	// Pooled leads to the endpoint's connection pooler; nil leaves it to Neon.
	Pooled *bool
}

// ConnectionURI is the answer of GET /projects/{project_id}/connection_uri.
type ConnectionURI struct {
	URI string `json:"uri" neon:"filled"` // with the role's password in it
}

// GetConnectionURI gives a connection string, password and all: GET
// /projects/{project_id}/connection_uri. It has no password where the project
// doesn't store them.
func (c *Client) GetConnectionURI(ctx context.Context, projectID string, q ConnectionURIQuery) (string, error) {
	query := url.Values{}
	given := map[string]string{
		"branch_id": q.BranchID, "endpoint_id": q.EndpointID, "database_name": q.DatabaseName, "role_name": q.RoleName,
	}
	for name, value := range given {
		if value != "" {
			query.Set(name, value)
		}
	}
	if q.Pooled != nil {
		query.Set("pooled", strconv.FormatBool(*q.Pooled))
	}
	var out ConnectionURI
	if err := c.get(ctx, "/projects/{project_id}/connection_uri", projectPath(projectID), query, &out); err != nil {
		return "", err
	}
	return out.URI, nil
}
