package neon

import (
	"context"
	"errors"
	"slices"
)

// transferTries is how often a batch is sent whose answer gets lost.
const transferTries = 3

// batchOutcome is what became of one batch. Projects that it does not name are in
// the destination.
type batchOutcome struct {
	// failures are projects that can't be moved, each for a reason of its own.
	failures []TransferFailure
	// left are the projects that err kept from being moved.
	left []string
	err  error
}

// transferBatch moves up to 400 projects, and does not stop at those that can't
// be moved: the others are sent again without them. Whether Neon moves all of a
// call or none is not documented, so after any other refusal, and after a lost
// answer, it looks where each project is.
func (c *Client) transferBatch(ctx context.Context, fromOrgID, toOrgID string, ids []string) batchOutcome {
	var out batchOutcome
	for lost := 0; len(ids) > 0; {
		err := c.transferOnce(ctx, fromOrgID, toOrgID, ids)
		if err == nil {
			c.noteMoves(toOrgID, ids)
			return out
		}
		if named := integrated(err, ids); len(named) > 0 {
			out.failures = append(out.failures, named...)
			ids = without(ids, named)
			continue
		}
		if ctx.Err() != nil {
			return out.with(ids, err)
		}
		places, lookErr := c.lookAfter(ctx, fromOrgID, toOrgID, ids)
		if lookErr != nil {
			return out.with(ids, errors.Join(err, lookErr))
		}
		here, gone := places.split(ids)
		if IsOutcomeUnknown(err) {
			c.noteMoves(toOrgID, places.arrived(ids))
		}
		out.failures = append(out.failures, gone...)

		groups := groupByRegion(err, places, here)
		switch {
		case IsOutcomeUnknown(err):
			if lost++; lost == transferTries {
				return out.with(here, err)
			}
		case len(groups) > 1:
			return c.transferGroups(ctx, fromOrgID, toOrgID, groups, out)
		case len(here) == len(ids):
			return out.with(here, err)
		}
		ids = here
	}
	return out
}

// transferOnce is one call.
func (c *Client) transferOnce(ctx context.Context, fromOrgID, toOrgID string, ids []string) error {
	if fromOrgID == "" {
		return c.TransferFromUser(ctx, toOrgID, ids)
	}
	return c.TransferToOrganization(ctx, fromOrgID, toOrgID, ids)
}

// transferGroups sends each group by itself. Those that the destination has no
// region for stay, each with Neon's words for its group.
func (c *Client) transferGroups(ctx context.Context, fromOrgID, toOrgID string, groups [][]string, out batchOutcome) batchOutcome {
	for i, group := range groups {
		one := c.transferBatch(ctx, fromOrgID, toOrgID, group)
		out.failures = append(out.failures, one.failures...)
		switch {
		case one.err == nil:
		case isRegionLimit(one.err):
			out.failures = append(out.failures, TransferFailure{ProjectIDs: one.left, Err: one.err})
		default:
			return out.with(slices.Concat(one.left, slices.Concat(groups[i+1:]...)), one.err)
		}
	}
	return out
}

func (o batchOutcome) with(left []string, err error) batchOutcome {
	if len(left) > 0 {
		o.left, o.err = left, err
	}
	return o
}

// integrated gives those of the projects that the refusal names, each with an
// error of its own.
func integrated(err error, ids []string) []TransferFailure {
	refusal, ok := errors.AsType[*IntegrationsError](err)
	if !ok {
		return nil
	}
	var failures []TransferFailure
	for _, project := range refusal.Projects {
		if slices.Contains(ids, project.ID) {
			own := &IntegrationsError{Err: refusal.Err, Projects: []ProjectIntegration{project}}
			failures = append(failures, TransferFailure{ProjectIDs: []string{project.ID}, Err: own})
		}
	}
	return failures
}

func without(ids []string, failures []TransferFailure) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(failures, func(f TransferFailure) bool { return slices.Contains(f.ProjectIDs, id) })
	})
}

// isRegionLimit tells whether the destination refuses projects for their region
// and nothing else, so that projects of other regions may fit.
func isRegionLimit(err error) bool {
	refusal, ok := errors.AsType[*LimitsError](err)
	return ok && !slices.ContainsFunc(refusal.Limits, func(l Limit) bool { return l.Name != "project_region" })
}

// groupByRegion splits the projects where the refusal is for their region, which
// does not say which of them it means.
func groupByRegion(err error, places placesAfter, ids []string) [][]string {
	if !isRegionLimit(err) {
		return nil
	}
	var groups [][]string
	groupOf := map[string]int{}
	for _, id := range ids {
		region := places.at[id].RegionID
		i, isKnown := groupOf[region]
		if !isKnown {
			i = len(groups)
			groupOf[region] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], id)
	}
	return groups
}

// placesAfter is where projects are after a call that did not simply succeed.
type placesAfter struct {
	at       map[string]Place
	from, to string // owners
}

func (c *Client) lookAfter(ctx context.Context, fromOrgID, toOrgID string, ids []string) (placesAfter, error) {
	owner := fromOrgID
	if owner == "" {
		user, err := c.KeyOwner(ctx)
		if err != nil {
			return placesAfter{}, err
		}
		owner = user.AccountID
	}
	likely := []string{toOrgID, fromOrgID}
	if fromOrgID == "" {
		likely = likely[:1]
	}
	at, err := c.LocateProjects(ctx, ids, likely...)
	return placesAfter{at: at, from: owner, to: toOrgID}, err
}

// noteMoves remembers moves of this client's own; see MovedTo.
func (c *Client) noteMoves(toOrgID string, ids []string) {
	for _, id := range ids {
		c.moved.Store(id, toOrgID)
	}
}

// arrived returns the projects that are in the destination.
func (p placesAfter) arrived(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return p.at[id].OwnerID != p.to })
}

// split gives the projects that are still in the source, and failures for those
// that are neither there nor in the destination.
func (p placesAfter) split(ids []string) (here []string, gone []TransferFailure) {
	for _, id := range ids {
		place := p.at[id]
		switch place.OwnerID {
		case p.to:
		case p.from:
			here = append(here, id)
		default:
			gone = append(gone, place.failure(id))
		}
	}
	return here, gone
}
