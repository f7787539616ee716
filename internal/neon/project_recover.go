package neon

import (
	"context"
	"errors"
	"net/http"
)

// recoverTries is how often a recovery is sent whose answer gets lost.
const recoverTries = 2

// Recovered is what RecoverProject gives.
type Recovered struct {
	Project *Project
	// WasThere says that the project was not deleted, so that nothing was done.
	WasThere bool
}

// RecoverProject brings a deleted project back, with its branches, computes and
// connection strings: POST /projects/{project_id}/recover, which Neon calls a
// beta. That is possible for seven days after the deletion; later, or where the key
// may not see the project, it is a 404. It looks first, and leaves a project alone
// that is not deleted. Where the answer is lost the project's own GET decides.
func (c *Client) RecoverProject(ctx context.Context, projectID string) (*Recovered, error) {
	project, err := c.GetProject(ctx, projectID)
	if err == nil {
		return &Recovered{Project: project, WasThere: true}, nil
	}
	if !IsNotFound(err) && !IsForbidden(err) {
		return nil, err
	}
	r := request{method: http.MethodPost, route: "/projects/{project_id}/recover", path: projectPath(projectID)}
	for range recoverTries {
		var out RecoveredProject
		if err = c.do(ctx, r, &out); err == nil {
			return &Recovered{Project: &out.Project}, nil
		}
		if !IsOutcomeUnknown(err) || ctx.Err() != nil {
			return nil, err
		}
		project, lookErr := c.GetProject(ctx, projectID)
		if lookErr == nil {
			return &Recovered{Project: project}, nil
		}
		if !IsNotFound(lookErr) {
			return nil, errors.Join(err, lookErr)
		}
	}
	return nil, err
}

// WaitIdle waits until Neon is done with what it is doing to a project: GET
// /projects/{project_id}/operations. It ends with the context. An operation that
// ends badly meanwhile is an *OperationFailedError.
func (c *Client) WaitIdle(ctx context.Context, projectID string) error {
	operations, err := c.unfinishedOperations(ctx, projectID)
	if err != nil {
		return err
	}
	return c.WaitOperations(ctx, projectID, operations)
}
