package neon

import (
	"context"
	"time"
)

const (
	// leftoverAge is how old a project may be to be taken for what a run has left
	// that was broken off.
	leftoverAge = 24 * time.Hour
	// leftoverSearches is how many names are searched for one by one. From then on
	// the organization is listed as a whole: that costs at most as much again.
	leftoverSearches = 10
)

// leftovers is what is known of young projects while somebody plans to create
// more. Its channel holds the value while nobody uses it.
type leftovers chan *youngProjects

type youngProjects struct {
	searches int
	byOrg    map[string][]ProjectListItem // of the organizations that were listed
}

func newLeftovers() leftovers {
	l := make(leftovers, 1)
	l <- &youngProjects{byOrg: map[string][]ProjectListItem{}}
	return l
}

// FindLeftovers looks for projects that CreateProject has made within the last 24
// hours, of exactly this name in this organization: GET /projects, and GET
// /projects/{project_id}/branches of those that fit. A run that was killed while it
// created a project leaves one that no state has, and so does a creation that failed
// because its answers were lost, which may leave two. Nothing tells whether that is
// what a project is: it may be in another state.
func (c *Client) FindLeftovers(ctx context.Context, orgID, name string) ([]ProjectListItem, error) {
	young, err := c.youngProjects(ctx, orgID, name)
	if err != nil {
		return nil, err
	}
	var found []ProjectListItem
	for _, item := range young {
		if item.Name != name {
			continue
		}
		page, err := c.ListBranches(ctx, item.ID)
		if IsNotFound(err) {
			continue // deleted since it was listed
		}
		if err != nil {
			return nil, err
		}
		if _, token := page.creationToken(); token != "" {
			found = append(found, item)
		}
	}
	return found, nil
}

// youngProjects searches for the name, or gives all that are young where that is
// known.
func (c *Client) youngProjects(ctx context.Context, orgID, name string) ([]ProjectListItem, error) {
	var known *youngProjects
	select {
	case known = <-c.leftovers:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { c.leftovers <- known }()
	if found, isListed := known.byOrg[orgID]; isListed {
		return found, nil
	}
	filter := ProjectFilter{OrgID: orgID, Search: name}
	if known.searches++; known.searches > leftoverSearches {
		filter.Search = ""
	}
	var young []ProjectListItem
	for item, err := range c.ListProjects(ctx, filter) {
		if err != nil {
			return nil, err
		}
		if item.CreatedAt.After(c.Now().Add(-leftoverAge)) {
			young = append(young, item)
		}
	}
	if filter.Search == "" {
		known.byOrg[orgID] = young
	}
	return young, nil
}
