package neon

import (
	"context"
	"fmt"
	"slices"
)

// ElsewhereError is a project that is neither where it should be taken from nor
// where it should go, so that it stays where it is.
type ElsewhereError struct {
	ProjectID string
	// OwnerID is an organization's id, or a user's; empty where the key does not
	// see the project.
	OwnerID string
	// Err is the 403 or 404 with which Neon answers then.
	Err error
}

func (e *ElsewhereError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("project %s does not exist, or the API key does not see it: %v", e.ProjectID, e.Err)
	}
	return fmt.Sprintf("project %s belongs to %s", e.ProjectID, e.OwnerID)
}

// Unwrap gives what Neon answered, if the project is not to be seen.
func (e *ElsewhereError) Unwrap() error { return e.Err }

// Place is where a project is.
type Place struct {
	OwnerID  string // an organization's id, or a user's; empty where Err is set
	RegionID string
	// Err is the 403 or 404 with which Neon answers the project's own GET.
	Err error
}

// LocateProjects finds out where projects are. It reads the lists of the
// organizations they are likely in, in that order, while that takes fewer
// requests than reading each project, and then each project that no list showed:
// a project that is missing from a list may exist all the same. One that is not
// shown is asked for twice, so that one wrong answer does not have it left behind.
// The answer has every id, unless there is an error.
func (c *Client) LocateProjects(ctx context.Context, projectIDs []string, likelyOrgIDs ...string) (map[string]Place, error) {
	places, err := c.locateInLists(ctx, projectIDs, likelyOrgIDs)
	if err != nil {
		return nil, err
	}
	for _, id := range projectIDs {
		if _, isKnown := places[id]; isKnown {
			continue
		}
		project, err := c.GetProject(ctx, id)
		if IsNotFound(err) || IsForbidden(err) {
			project, err = c.lookAgain(ctx, id)
		}
		switch {
		case err == nil:
			places[id] = Place{OwnerID: project.OwnerID, RegionID: project.RegionID}
		case IsNotFound(err) || IsForbidden(err):
			places[id] = Place{Err: err}
		default:
			return nil, err
		}
	}
	return places, nil
}

// locateInLists reads lists until they have shown all the projects, or have cost
// half as many requests as reading each project would: a single project is never
// looked for in a list, and looking costs at most half as much again as it must.
func (c *Client) locateInLists(ctx context.Context, projectIDs, orgIDs []string) (map[string]Place, error) {
	places := make(map[string]Place, len(projectIDs))
	missing := make(map[string]bool, len(projectIDs))
	for _, id := range projectIDs {
		missing[id] = true
	}
	pagesLeft := len(projectIDs) / 2
	for _, orgID := range slices.Compact(orgIDs) {
		if pagesLeft == 0 || len(missing) == 0 {
			break
		}
		for page, err := range c.projectPages(ctx, ProjectFilter{OrgID: orgID}) {
			if err != nil {
				return nil, err
			}
			for _, item := range page.Projects {
				if missing[item.ID] {
					delete(missing, item.ID)
					places[item.ID] = Place{OwnerID: item.OwnerID, RegionID: item.RegionID}
				}
			}
			if pagesLeft--; pagesLeft == 0 || len(missing) == 0 {
				break
			}
		}
	}
	return places, nil
}

// lookAgain reads a project that Neon has just not shown, after a pause.
func (c *Client) lookAgain(ctx context.Context, id string) (*Project, error) {
	if err := sleep(ctx, absencePause*c.options.PollInterval); err != nil {
		return nil, err
	}
	return c.GetProject(ctx, id)
}
