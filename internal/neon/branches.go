package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

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

// RenameBranch gives a branch another name: PATCH
// /projects/{project_id}/branches/{branch_id}. A branch that has the name already is
// left alone, so it does no harm to ask twice. Where the answer is lost it looks
// again.
func (o *Owned) RenameBranch(ctx context.Context, branchID, name string) ([]Operation, error) {
	path := branchPath(o.Project.ID, branchID)
	isNamed := func(ctx context.Context) (bool, error) {
		var now BranchEnvelope
		err := o.client.get(ctx, branchRoute, path, nil, &now)
		return now.Branch.Name == name, err
	}
	var out UpdatedBranch
	return o.rename(ctx, request{
		method: http.MethodPatch, route: branchRoute, path: path,
		body: BranchUpdateRequest{Branch: BranchUpdate{Name: &name}},
	}, &out, &out.Operations, isNamed)
}

// RenameDatabase gives a database of a branch another name: PATCH
// /projects/{project_id}/branches/{branch_id}/databases/{database_name}. Where the
// branch has no database of the old name and one of the new, it was renamed before.
// A *NoDatabaseError says that it has neither.
func (o *Owned) RenameDatabase(ctx context.Context, branchID, from, to string) ([]Operation, error) {
	path := branchPath(o.Project.ID, branchID)
	isNamed := func(ctx context.Context) (bool, error) {
		var list DatabasesList
		if err := o.client.get(ctx, branchRoute+"/databases", path, nil, &list); err != nil {
			return false, err
		}
		has := func(name string) bool {
			return slices.ContainsFunc(list.Databases, func(d Database) bool { return d.Name == name })
		}
		switch {
		case has(from):
			return false, nil
		case has(to):
			return true, nil
		default:
			return false, &NoDatabaseError{ProjectID: o.Project.ID, Name: from}
		}
	}
	withDatabase := branchPath(o.Project.ID, branchID)
	withDatabase["database_name"] = from
	var out UpdatedDatabase
	return o.rename(ctx, request{
		method: http.MethodPatch, route: branchRoute + "/databases/{database_name}", path: withDatabase,
		body: DatabaseUpdateRequest{Database: DatabaseUpdate{Name: &to}},
	}, &out, &out.Operations, isNamed)
}

// NoDatabaseError says that a branch has no database of a name.
type NoDatabaseError struct{ ProjectID, Name string }

func (e *NoDatabaseError) Error() string {
	return fmt.Sprintf("the branch of project %s has no database %q", e.ProjectID, e.Name)
}

// rename sends a change of a name, unless it is done already, and once more where its
// answer is lost. The answer is read into out, where operations are what Neon does.
func (o *Owned) rename(
	ctx context.Context, r request, out any, operations *[]Operation, isNamed func(context.Context) (bool, error),
) ([]Operation, error) {
	if done, err := isNamed(ctx); done || err != nil {
		return nil, err
	}
	if err := o.again(ctx); err != nil {
		return nil, err
	}
	err := o.client.do(ctx, r, out)
	if !IsOutcomeUnknown(err) || ctx.Err() != nil {
		return *operations, err
	}
	lookErr := o.again(ctx)
	var done bool
	if lookErr == nil {
		done, lookErr = isNamed(ctx)
	}
	switch {
	case lookErr != nil:
		return nil, errors.Join(err, lookErr)
	case done:
		return o.client.unfinishedOperations(ctx, o.Project.ID)
	}
	err = o.client.do(ctx, r, out)
	return *operations, err
}

const branchRoute = "/projects/{project_id}/branches/{branch_id}"

func branchPath(projectID, branchID string) map[string]string {
	return map[string]string{"project_id": projectID, "branch_id": branchID}
}
