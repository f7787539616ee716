package neon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"
)

// createTokenAnnotation is where CreateProject leaves its mark, on the annotations
// of the project's default branch.
const createTokenAnnotation = "terraform-create-token"

// createLooks are the pauses before each look for something whose creation's answer
// was lost, in poll intervals. Neon may still be at work on it at the first.
var createLooks = []int{1, 3, 6}

// TwinError says that a project was created and that there may be another like it:
// the answer to a first request was lost, nothing was found of it, and looking
// once more after the second failed. Made is to be kept; the twin carries the
// same name and the same annotation on its default branch.
type TwinError struct {
	Made *CreatedProject
	Err  error
}

func (e *TwinError) Error() string {
	return fmt.Sprintf("project %s was created, and perhaps another one like it: %v", e.Made.Project.ID, e.Err)
}

// Unwrap gives what went wrong.
func (e *TwinError) Unwrap() error { return e.Err }

// CreateProject creates a project, once: POST /projects. It marks the default
// branch with a random token. If the answer is lost, the project that carries the
// token is looked for and taken; only where there is none is the request sent
// again. Should the first one turn up after all it is deleted, as the token proves
// that it is this call's own. Adopted projects come without roles and connection
// strings.
//
// An *OutcomeUnknownError comes back when it could not be found out whether the
// project exists, a *TwinError when there may be two.
func (c *Client) CreateProject(ctx context.Context, create ProjectCreate) (*CreatedProject, error) {
	mark := creationMark{client: c, token: rand.Text(), since: c.Now(), filter: ProjectFilter{
		OrgID: valueOrZero(create.OrgID), Search: valueOrZero(create.Name),
	}}
	branch := valueOrZero(create.Branch)
	branch.Annotations = map[string]string{createTokenAnnotation: mark.token}
	create.Branch = &branch

	made, err := c.postProject(ctx, create)
	if !IsOutcomeUnknown(err) {
		return made, err
	}
	if found, lookErr := mark.findPatiently(ctx); found != nil || lookErr != nil {
		return found, joinLook(err, lookErr)
	}
	made, err = c.postProject(ctx, create)
	if IsOutcomeUnknown(err) {
		if found, lookErr := mark.findPatiently(ctx); found != nil || lookErr != nil {
			return found, joinLook(err, lookErr)
		}
	}
	if err != nil {
		return nil, err
	}
	if twinErr := mark.deleteTwin(ctx, made.Project.ID); twinErr != nil {
		return nil, &TwinError{Made: made, Err: twinErr}
	}
	return made, nil
}

// joinLook is nil where the look has settled the lost answer.
func joinLook(lost, lookErr error) error {
	if lookErr == nil {
		return nil
	}
	return errors.Join(lost, fmt.Errorf("looking for the project failed, too: %w", lookErr))
}

func (c *Client) postProject(ctx context.Context, create ProjectCreate) (*CreatedProject, error) {
	var out CreatedProject
	err := c.do(ctx, request{method: http.MethodPost, route: "/projects", body: ProjectCreateRequest{Project: create}}, &out)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// creationMark finds what one call of CreateProject has created.
type creationMark struct {
	client *Client
	token  string
	since  time.Time
	filter ProjectFilter
}

// findPatiently looks with pauses, as Neon may need a moment to show a project. It
// is nil when there is none.
func (m creationMark) findPatiently(ctx context.Context) (*CreatedProject, error) {
	for _, intervals := range createLooks {
		if err := sleep(ctx, time.Duration(intervals)*m.client.options.PollInterval); err != nil {
			return nil, err
		}
		for found, err := range m.marked(ctx) {
			if err != nil {
				return nil, err
			}
			return m.client.adopt(ctx, found)
		}
	}
	return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
}

// deleteTwin deletes what carries the mark beside the project that is kept.
func (m creationMark) deleteTwin(ctx context.Context, keptID string) error {
	for found, err := range m.marked(ctx) {
		if err != nil {
			return err
		}
		if found.ProjectID == keptID {
			continue
		}
		twin, err := m.client.Look(ctx, found.ProjectID, OwnedBy(m.filter.OrgID))
		if err == nil {
			err = twin.Delete(ctx)
		}
		if err != nil && !IsNotFound(err) {
			return err
		}
	}
	return nil
}

// marked gives the default branches of the projects that carry the mark, among
// those that are young enough.
func (m creationMark) marked(ctx context.Context) iter.Seq2[Branch, error] {
	const clockSkew = 10 * time.Minute // between this machine and Neon
	return func(yield func(Branch, error) bool) {
		for item, err := range m.client.ListProjects(ctx, m.filter) {
			if err != nil {
				yield(Branch{}, err)
				return
			}
			if item.CreatedAt.Before(m.since.Add(-clockSkew)) {
				continue
			}
			page, err := m.client.ListBranches(ctx, item.ID)
			if IsNotFound(err) {
				continue // deleted since it was listed
			}
			if err != nil {
				yield(Branch{}, err)
				return
			}
			for _, branch := range page.Branches {
				if page.Annotations[branch.ID].Value[createTokenAnnotation] == m.token && !yield(branch, nil) {
					return
				}
			}
		}
	}
}

// adopt gives the project of a branch as its creation would have.
func (c *Client) adopt(ctx context.Context, branch Branch) (*CreatedProject, error) {
	project, err := c.GetProject(ctx, branch.ProjectID)
	if err != nil {
		return nil, err
	}
	endpoints, err := c.ListEndpoints(ctx, branch.ProjectID)
	if err != nil {
		return nil, err
	}
	operations, err := c.unfinishedOperations(ctx, branch.ProjectID)
	if err != nil {
		return nil, err
	}
	return &CreatedProject{Project: *project, Branch: branch, Endpoints: endpoints, Operations: operations}, nil
}

// valueOrZero is what a pointer points to, or the zero value for nil.
func valueOrZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
