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

// MadeProject is a project that was created.
type MadeProject struct {
	*CreatedProject
	// Doubt is set where the request had to be sent twice: there may be a second
	// project, now or later.
	Doubt *CreationDoubt
	// DeletedTwins are the ids of second projects that were there by the end, and
	// were deleted.
	DeletedTwins []string
	// TwinErr says why a second project could not be looked for, or not be deleted.
	TwinErr error
}

// CreateProject creates a project, once: POST /projects. It marks the default
// branch with a random token. If the answer is lost, the project that carries the
// token is looked for and taken; only where there is none is the request sent
// again. Should the first one have been carried out after all, its project is
// deleted, as the token proves that it is this call's own. One that appears later
// is for FindTwins. Adopted projects come without roles and connection strings.
//
// An *OutcomeUnknownError is returned when it could not be found out whether the
// project exists, and beside the error of a second request.
func (c *Client) CreateProject(ctx context.Context, create ProjectCreate) (*MadeProject, error) {
	mark := creationMark{client: c, token: rand.Text(), since: c.Now(), filter: ProjectFilter{
		OrgID: valueOrZero(create.OrgID), Search: valueOrZero(create.Name),
	}}
	branch := valueOrZero(create.Branch)
	branch.Annotations = map[string]string{createTokenAnnotation: mark.token}
	create.Branch = &branch

	made, lost := c.postProject(ctx, create)
	switch {
	case lost == nil:
		return &MadeProject{CreatedProject: made}, nil
	case !IsOutcomeUnknown(lost):
		return nil, lost
	}
	made, err := mark.findPatiently(ctx)
	if err != nil {
		return nil, joinLook(lost, err)
	}
	if made != nil {
		return &MadeProject{CreatedProject: made}, nil
	}
	made, err = c.postProject(ctx, create)
	if IsOutcomeUnknown(err) {
		found, lookErr := mark.findPatiently(ctx)
		if found == nil {
			return nil, joinLook(err, lookErr)
		}
		made, err = found, nil
	}
	if err != nil {
		return nil, errors.Join(err, lost) // the first request may be carried out yet
	}
	return mark.madeTwice(ctx, made), nil
}

// joinLook adds to a lost answer why looking for the project did not settle it.
func joinLook(lost, lookErr error) error {
	if lookErr == nil {
		return lost
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
	keptID string // a project that is not looked at; empty for none
}

// markedProject is a project whose default branch carries the mark.
type markedProject struct {
	item          ProjectListItem
	defaultBranch Branch
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
			return m.client.adopt(ctx, found.defaultBranch)
		}
	}
	return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
}

// madeTwice deletes what carries the mark beside the project that is kept.
func (m creationMark) madeTwice(ctx context.Context, kept *CreatedProject) *MadeProject {
	made := &MadeProject{CreatedProject: kept, Doubt: &CreationDoubt{
		Token: m.token, OrgID: m.filter.OrgID, Name: m.filter.Search, SentAt: m.since, KeptID: kept.Project.ID,
	}}
	m.keptID = kept.Project.ID
	for found, err := range m.marked(ctx) {
		if err != nil {
			made.TwinErr = err
			return made
		}
		id := found.item.ID
		if err := m.client.deleteTwin(ctx, id, OwnedBy(kept.Project.OwnerID)); err != nil {
			made.TwinErr = fmt.Errorf("deleting project %s, which carries the mark as well: %w", id, err)
			return made
		}
		made.DeletedTwins = append(made.DeletedTwins, id)
	}
	return made
}

func (c *Client) deleteTwin(ctx context.Context, projectID string, owners Owners) error {
	twin, err := c.Look(ctx, projectID, owners)
	if err == nil {
		err = twin.Delete(ctx)
	}
	if IsNotFound(err) {
		return nil
	}
	return err
}

// marked lists the projects that carry the mark, among those that are young enough.
func (m creationMark) marked(ctx context.Context) iter.Seq2[markedProject, error] {
	const clockSkew = 10 * time.Minute // between this machine and Neon
	return func(yield func(markedProject, error) bool) {
		for item, err := range m.client.ListProjects(ctx, m.filter) {
			if err != nil {
				yield(markedProject{}, err)
				return
			}
			if item.ID == m.keptID || item.CreatedAt.Before(m.since.Add(-clockSkew)) {
				continue
			}
			page, err := m.client.ListBranches(ctx, item.ID)
			if IsNotFound(err) {
				continue // deleted since it was listed
			}
			if err != nil {
				yield(markedProject{}, err)
				return
			}
			branch, token := page.creationToken()
			if token == m.token && !yield(markedProject{item, branch}, nil) {
				return
			}
		}
	}
}

// creationToken returns the default branch and the token that CreateProject left
// there. No other branch proves anything: it may be a copy, or somebody's own.
func (p *BranchesPage) creationToken() (Branch, string) {
	for _, branch := range p.Branches {
		if branch.Default {
			return branch, p.Annotations[branch.ID].Value[createTokenAnnotation]
		}
	}
	return Branch{}, ""
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
