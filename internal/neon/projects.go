package neon

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const projectsPerPage = 400 // the API's maximum

func projectPath(projectID string) map[string]string {
	return map[string]string{"project_id": projectID}
}

// GetProject reads a project: GET /projects/{project_id}.
func (c *Client) GetProject(ctx context.Context, projectID string) (*Project, error) {
	var out ProjectEnvelope
	if err := c.get(ctx, "/projects/{project_id}", projectPath(projectID), nil, &out); err != nil {
		return nil, err
	}
	return &out.Project, nil
}

// ProjectAnswer is what Neon answers to a project's own GET.
type ProjectAnswer struct {
	ID      string
	Project *Project
	// Err is the 403 or 404 if that was the answer.
	Err error
}

// GetProjects reads projects one by one, several at once, and gives them in order:
// GET /projects/{project_id}. Unlike lists that tells what they consumed in the
// billing period.
func (c *Client) GetProjects(ctx context.Context, projectIDs []string) iter.Seq2[ProjectAnswer, error] {
	return inOrder(ctx, len(projectIDs), func(ctx context.Context, i int) (ProjectAnswer, error) {
		project, err := c.GetProject(ctx, projectIDs[i])
		answer := ProjectAnswer{ID: projectIDs[i], Project: project}
		if IsNotFound(err) || IsForbidden(err) {
			answer.Err, err = err, nil
		}
		return answer, err
	})
}

// ProjectFilter narrows ListProjects.
type ProjectFilter struct {
	// OrgID is required with a personal key; an organization key implies its own.
	OrgID string
	// Search matches a part of the name or the id.
	Search string
	// Recoverable lists the deleted projects that can be brought back instead.
	Recoverable bool
}

// ListProjects gives all projects of an organization, page by page as they are
// asked for: GET /projects, 400 to a page. Projects that Neon names as
// unavailable exist all the same, so each is read by itself; a deleted one can't
// be, and is an error.
func (c *Client) ListProjects(ctx context.Context, filter ProjectFilter) iter.Seq2[ProjectListItem, error] {
	return func(yield func(ProjectListItem, error) bool) {
		for page, err := range c.projectPages(ctx, filter) {
			if err != nil {
				yield(ProjectListItem{}, err)
				return
			}
			for _, item := range page.Projects {
				if !yield(item, nil) {
					return
				}
			}
			for _, id := range page.UnavailableProjectIDs {
				if filter.Recoverable {
					yield(ProjectListItem{}, fmt.Errorf("GET /projects: Neon could not fetch the deleted project %s in time; ask again", id))
					return
				}
				project, err := c.GetProject(ctx, id)
				if IsNotFound(err) {
					continue
				}
				if err != nil {
					yield(ProjectListItem{}, err)
					return
				}
				if !yield(project.listItem(), nil) {
					return
				}
			}
		}
	}
}

// listItem shows a project as the list would.
func (p *Project) listItem() ProjectListItem {
	return ProjectListItem{
		ProjectFields:           p.ProjectFields,
		ActiveTime:              p.ActiveTimeSeconds,
		HistoryRetentionSeconds: &p.HistoryRetentionSeconds,
	}
}

// projectPages gives the pages of a list as they are asked for.
func (c *Client) projectPages(ctx context.Context, filter ProjectFilter) iter.Seq2[ProjectsPage, error] {
	return pages(ctx, c, projectsRoute, nil, filter.query(), lookAtProjects)
}

const projectsRoute = "/projects"

// lookAtProjects tells how many projects a page names, and the next one's cursor.
func lookAtProjects(page ProjectsPage) (items int, next string) {
	return len(page.Projects) + len(page.UnavailableProjectIDs), valueOrZero(page.Pagination).Cursor
}

// query is the filter as GET /projects takes it.
func (f ProjectFilter) query() url.Values {
	query := url.Values{"limit": {strconv.Itoa(projectsPerPage)}}
	if f.OrgID != "" {
		query.Set("org_id", f.OrgID)
	}
	if f.Search != "" {
		query.Set("search", f.Search)
	}
	if f.Recoverable {
		query.Set("recoverable", "true")
	}
	return query
}

// Update changes the project: PATCH /projects/{project_id}. Only what is set in the
// update is sent. Where the answer is lost it looks again, and sends the update once
// more if the project has the owner still: the same values twice do no harm.
func (o *Owned) Update(ctx context.Context, update ProjectUpdate) (*UpdatedProject, error) {
	r := request{
		method: http.MethodPatch, route: "/projects/{project_id}", path: projectPath(o.Project.ID),
		body: ProjectUpdateRequest{Project: update},
	}
	var out UpdatedProject
	err := o.client.do(ctx, r, &out)
	if IsOutcomeUnknown(err) && ctx.Err() == nil {
		// A project that is gone or was claimed meanwhile must be seen as that.
		if lookErr := o.again(ctx); lookErr != nil {
			return nil, errors.Join(err, lookErr)
		}
		out = UpdatedProject{}
		err = o.client.do(ctx, r, &out)
	}
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Delete deletes the project and all that is in it: DELETE /projects/{project_id}.
// It can be recovered for seven days, and deleting it again in that time is a
// success. Where the answer is lost the project's own GET decides, and a 404 of that
// is returned: see Resolve.
func (o *Owned) Delete(ctx context.Context) error {
	r := request{method: http.MethodDelete, route: "/projects/{project_id}", path: projectPath(o.Project.ID)}
	err := o.client.do(ctx, r, nil)
	if !IsOutcomeUnknown(err) || ctx.Err() != nil {
		return err
	}
	lookErr := o.again(ctx)
	switch {
	case lookErr == nil:
		return o.client.do(ctx, r, nil)
	case IsNotFound(lookErr):
		return lookErr
	default:
		return errors.Join(err, lookErr)
	}
}

// FindRecoverable looks for a deleted project that can still be brought back, in
// the organization that owned it. It is nil when there is none.
func (c *Client) FindRecoverable(ctx context.Context, orgID, projectID string) (*ProjectListItem, error) {
	for page, err := range c.projectPages(ctx, ProjectFilter{OrgID: orgID, Recoverable: true}) {
		if err != nil {
			return nil, err
		}
		for _, item := range page.Projects {
			if item.ID == projectID {
				return &item, nil
			}
		}
		if slices.Contains(page.UnavailableProjectIDs, projectID) {
			// It is there, although Neon could not fetch it in time.
			return &ProjectListItem{ProjectFields: ProjectFields{ID: projectID}}, nil
		}
	}
	return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
}
