package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// AlreadyGrantedError says that a project is shared with somebody already.
type AlreadyGrantedError struct {
	Permission ProjectPermission
}

func (e *AlreadyGrantedError) Error() string {
	return fmt.Sprintf("the project is shared with this address already, by permission %s", e.Permission.ID)
}

// ListProjectPermissions gives the guests of a project as they are now: GET
// /projects/{project_id}/permissions. Revoked permissions are left out.
func (c *Client) ListProjectPermissions(ctx context.Context, projectID string) ([]ProjectPermission, error) {
	var out ProjectPermissions
	if err := c.get(ctx, "/projects/{project_id}/permissions", projectPath(projectID), nil, &out); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out.ProjectPermissions, func(p ProjectPermission) bool { return p.RevokedAt != nil }), nil
}

// FindProjectPermission gives a guest of a project by the permission's id, or nil
// where there is none. All who ask for guests of the same project share one request.
func (c *Client) FindProjectPermission(ctx context.Context, projectID, permissionID string) (*ProjectPermission, error) {
	return c.findPermission(ctx, projectID, func(p ProjectPermission) bool { return p.ID == permissionID })
}

// FindProjectGuest is FindProjectPermission by e-mail address, in which upper and
// lower case are the same.
func (c *Client) FindProjectGuest(ctx context.Context, projectID, email string) (*ProjectPermission, error) {
	return c.findPermission(ctx, projectID, func(p ProjectPermission) bool { return strings.EqualFold(p.GrantedToEmail, email) })
}

func (c *Client) findPermission(ctx context.Context, projectID string, matches func(ProjectPermission) bool) (*ProjectPermission, error) {
	fetch := func(ctx context.Context) ([]ProjectPermission, error) {
		return c.ListProjectPermissions(ctx, projectID)
	}
	return c.permissions.find(ctx, projectID, fetch, matches)
}

// Grant shares the project with somebody: POST /projects/{project_id}/permissions.
// It looks for the guest first, and returns an *AlreadyGrantedError where the address
// has a permission. Where the answer is lost, the owner and then the list decide
// whether it is asked for again.
func (o *Owned) Grant(ctx context.Context, email string) (*ProjectPermission, error) {
	c, projectID := o.client, o.Project.ID
	existing, err := c.FindProjectGuest(ctx, projectID, email)
	if err != nil {
		return nil, err
	}
	if existing != nil {
		return nil, &AlreadyGrantedError{Permission: *existing}
	}
	granted, err := o.postPermission(ctx, email)
	if IsOutcomeUnknown(err) && ctx.Err() == nil {
		if lookErr := o.again(ctx); lookErr != nil {
			return nil, errors.Join(err, lookErr)
		}
		c.permissions.forget(projectID)
		found, lookErr := c.FindProjectGuest(ctx, projectID, email)
		if found != nil {
			return found, nil
		}
		if lookErr != nil {
			return nil, errors.Join(err, lookErr)
		}
		granted, err = o.postPermission(ctx, email)
	}
	if err != nil {
		c.permissions.forget(projectID)
		return nil, err
	}
	before := c.permissions.edit(projectID, func(items []ProjectPermission) []ProjectPermission { return append(items, *granted) })
	if slices.ContainsFunc(before, func(p ProjectPermission) bool { return p.ID == granted.ID }) {
		// Somebody else asked at the same time, and Neon gave both the same one.
		c.permissions.forget(projectID)
		return nil, &AlreadyGrantedError{Permission: *granted}
	}
	return granted, nil
}

func (o *Owned) postPermission(ctx context.Context, email string) (*ProjectPermission, error) {
	var out ProjectPermission
	err := o.client.do(ctx, request{
		method: http.MethodPost, route: "/projects/{project_id}/permissions", path: projectPath(o.Project.ID),
		body: GrantPermission{Email: email},
	}, &out)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Revoke ends the sharing of the project with somebody: DELETE
// /projects/{project_id}/permissions/{permission_id}. A permission that the project's
// list does not have is revoked already, which is a success. An error of that list is
// returned: it may be a key that does not see the project.
func (o *Owned) Revoke(ctx context.Context, permissionID string) error {
	c, projectID := o.client, o.Project.ID
	defer c.permissions.forget(projectID)
	return c.deleteListed(ctx, request{
		method: http.MethodDelete, route: "/projects/{project_id}/permissions/{permission_id}",
		path: map[string]string{"project_id": projectID, "permission_id": permissionID},
	}, func(ctx context.Context) (isListed bool, err error) {
		if err := o.again(ctx); err != nil {
			return false, err
		}
		list, err := c.ListProjectPermissions(ctx, projectID)
		return slices.ContainsFunc(list, func(p ProjectPermission) bool { return p.ID == permissionID }), err
	})
}
