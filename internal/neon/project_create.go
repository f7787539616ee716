package neon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// createTokenAnnotation is where CreateProject leaves its mark, on the annotations
// of the project's default branch.
const createTokenAnnotation = "terraform-create-token"

// createLooks are the pauses before each look for a project whose creation's
// answer was lost. Neon may still be at work on it at the first.
var createLooks = []time.Duration{time.Second, 3 * time.Second, 6 * time.Second}

// CreateProject creates a project, once: POST /projects. It marks the default
// branch with a random token. If the answer is lost, the project that carries the
// token is looked for and taken; only where there is none is the request sent
// again. Adopted projects come without roles and connection strings.
//
// An *OutcomeUnknownError comes back when it could not be found out whether the
// project exists; its text names the project to look for.
func (c *Client) CreateProject(ctx context.Context, create ProjectCreate) (*CreatedProject, error) {
	token := rand.Text()
	branch := ProjectCreateBranch{}
	if create.Branch != nil {
		branch = *create.Branch
	}
	branch.Annotations = map[string]string{createTokenAnnotation: token}
	create.Branch = &branch

	started := c.Now()
	var lost error
	for range 2 {
		var out CreatedProject
		err := c.do(ctx, request{method: http.MethodPost, route: "/projects", body: ProjectCreateRequest{Project: create}}, &out)
		if !IsOutcomeUnknown(err) {
			if err != nil {
				return nil, err
			}
			return &out, nil
		}
		lost = err
		found, err := c.findCreated(ctx, create, token, started)
		if err != nil {
			return nil, errors.Join(lost, fmt.Errorf("and looking for the project failed: %w", err))
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, lost
}

// findCreated looks for the project that carries the token among those created
// since, with pauses, as Neon may need a moment to show it.
func (c *Client) findCreated(ctx context.Context, create ProjectCreate, token string, since time.Time) (*CreatedProject, error) {
	for _, pause := range createLooks {
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		found, err := c.lookForToken(ctx, create, token, since)
		if err != nil || found != nil {
			return found, err
		}
	}
	return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
}

func (c *Client) lookForToken(ctx context.Context, create ProjectCreate, token string, since time.Time) (*CreatedProject, error) {
	filter := ProjectFilter{}
	if create.OrgID != nil {
		filter.OrgID = *create.OrgID
	}
	if create.Name != nil {
		filter.Search = *create.Name
	}
	const clockSkew = 10 * time.Minute // between this machine and Neon
	for item, err := range c.ListProjects(ctx, filter) {
		if err != nil {
			return nil, err
		}
		if item.CreatedAt.Before(since.Add(-clockSkew)) {
			continue
		}
		found, err := c.adopt(ctx, item.ID, token)
		if err != nil || found != nil {
			return found, err
		}
	}
	return nil, nil //nolint:nilnil // see findCreated
}

// adopt gives the project as CreateProject would, if it carries the token.
func (c *Client) adopt(ctx context.Context, projectID, token string) (*CreatedProject, error) {
	branches, err := c.ListBranches(ctx, projectID)
	if err != nil {
		return nil, err
	}
	for _, branch := range branches.Branches {
		if branches.Annotations[branch.ID].Value[createTokenAnnotation] != token {
			continue
		}
		project, err := c.GetProject(ctx, projectID)
		if err != nil {
			return nil, err
		}
		endpoints, err := c.ListEndpoints(ctx, projectID)
		if err != nil {
			return nil, err
		}
		operations, err := c.unfinishedOperations(ctx, projectID)
		if err != nil {
			return nil, err
		}
		return &CreatedProject{Project: *project, Branch: branch, Endpoints: endpoints, Operations: operations}, nil
	}
	return nil, nil //nolint:nilnil // see findCreated
}
