package neon

import (
	"context"
	"errors"
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
// a project that is missing from a list may exist all the same. Those that are not
// shown are asked for twice, so that one wrong answer does not have them left
// behind. The answer has every id, unless there is an error.
func (c *Client) LocateProjects(ctx context.Context, projectIDs []string, likelyOrgIDs ...string) (map[string]Place, error) {
	return c.LocateProjectsAgain(ctx, projectIDs, nil, likelyOrgIDs...)
}

// LocateProjectsAgain is LocateProjects, but that those of the projects which were
// missing before, sorted, are asked for once: that they still are is no news.
func (c *Client) LocateProjectsAgain(ctx context.Context, projectIDs, missingBefore []string, likelyOrgIDs ...string) (map[string]Place, error) {
	places, err := c.locateInLists(ctx, projectIDs, likelyOrgIDs)
	if err != nil {
		return nil, err
	}
	var notShown []string
	for _, id := range projectIDs {
		if _, isKnown := places[id]; isKnown {
			continue
		}
		if places[id], err = c.locate(ctx, id); err != nil {
			return nil, err
		}
		if _, isOld := slices.BinarySearch(missingBefore, id); places[id].Err != nil && !isOld {
			notShown = append(notShown, id)
		}
	}
	if len(notShown) == 0 {
		return places, nil
	}
	if err := sleep(ctx, absencePause*c.options.PollInterval); err != nil {
		return nil, err
	}
	for _, id := range notShown {
		if places[id], err = c.locate(ctx, id); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// locate asks for one project.
func (c *Client) locate(ctx context.Context, id string) (Place, error) {
	project, err := c.GetProject(ctx, id)
	switch {
	case err == nil:
		return Place{OwnerID: project.OwnerID, RegionID: project.RegionID}, nil
	case IsNotFound(err) || IsForbidden(err):
		return Place{Err: err}, nil
	default:
		return Place{}, err
	}
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

// FindMissing finds out what became of projects that LocateProjects has just not
// shown, twice. It is what Resolve does for one: only the list of the organization
// that they were last seen in (empty for a personal account), read to its end after that, says that they are
// missing, and the recoverable projects say which of them were deleted.
//
// A project that the list has all the same is FateOurs, with its Item, or an
// *UndecidedError, as is everything where the list can't be read.
func (c *Client) FindMissing(ctx context.Context, projectIDs []string, orgID string) (map[string]Finding, error) {
	if len(projectIDs) == 0 {
		return nil, nil
	}
	undecided := func(id string, why error) error { return &UndecidedError{ProjectID: id, Err: why} }
	if orgID == "" {
		return nil, undecided(projectIDs[0], &PersonalHomeError{Err: errors.New("it is not shown")})
	}
	listed, err := c.fresh.get(ctx, orgID, c.listWhole)
	if IsNotFound(err) || IsForbidden(err) {
		return nil, undecided(projectIDs[0], &OwnerNotVisibleError{OwnerID: orgID, Err: err})
	}
	if err != nil {
		return nil, err
	}
	found := map[string]Finding{}
	for _, id := range projectIDs {
		item, isListed := listed[id]
		switch {
		case !isListed:
			found[id] = Finding{Fate: FateVanished}
		case item == nil || !item.isComplete():
			return nil, undecided(id, fmt.Errorf("the list of %s has it, and its own address does not show it", orgID))
		default:
			found[id] = Finding{Fate: FateOurs, Item: item}
		}
	}
	return found, c.findDeleted(ctx, orgID, found)
}

// findDeleted says of the vanished which of them were deleted.
func (c *Client) findDeleted(ctx context.Context, orgID string, found map[string]Finding) error {
	left := 0
	for _, finding := range found {
		if finding.Fate == FateVanished {
			left++
		}
	}
	if left == 0 {
		return nil
	}
	for page, err := range c.projectPages(ctx, ProjectFilter{OrgID: orgID, Recoverable: true}) {
		if err != nil {
			return err
		}
		for _, item := range page.Projects {
			if finding, isAsked := found[item.ID]; isAsked && finding.Fate == FateVanished {
				found[item.ID] = Finding{Fate: FateDeleted, RecoverableUntil: item.RecoverableUntil}
			}
		}
		for _, id := range page.UnavailableProjectIDs {
			if finding, isAsked := found[id]; isAsked && finding.Fate == FateVanished {
				found[id] = Finding{Fate: FateDeleted}
			}
		}
	}
	return nil
}
