package neon

import (
	"context"
	"slices"
)

// Transfer is what TransferProjects is asked for.
type Transfer struct {
	// Sources are the organizations that projects may be taken from; "" is the
	// personal account of the key's user.
	Sources []string
	// ToOrgID is the organization that takes them.
	ToOrgID string
	// ProjectIDs are any number of projects. An id that is there twice counts once.
	ProjectIDs []string
	// Progress, when set, is told how far the transfer is: once it is known where
	// the projects are, and after each batch. The transfer waits while it runs.
	Progress func(TransferProgress)
}

// TransferProgress says how far a transfer is, in projects.
type TransferProgress struct {
	Total int // how many were asked for
	Moved int // those in the destination, with those that were there before
	// Failed were not moved, or it is not known of them.
	Failed int
}

// TransferReport says what became of a transfer. Each project is in one place of it.
type TransferReport struct {
	// Moved are the projects that are in the destination, those included that
	// were there before.
	Moved []string
	// Failures are the projects that were not moved, or, where the error is an
	// *OutcomeUnknownError, of which that is not known.
	Failures []TransferFailure
	// Seen are the projects that were in a source or in the destination when the
	// transfer began. One of these that is elsewhere now has left meanwhile.
	Seen []string
}

// TransferFailure is why some projects were not moved.
type TransferFailure struct {
	ProjectIDs []string
	// Err is an *IntegrationsError or *ElsewhereError of a single project, or a *LimitsError or another error that concerns them all.
	Err error
}

// TransferProjects moves any number of projects into an organization, 400 to a
// call. It looks first where they are: those in the destination are left alone,
// so that calling it again continues where it stopped. A project that can't be
// moved is reported and does not hold up the others. A refusal that concerns no
// project in particular ends the transfer from that source, as the next batch
// would meet it too. It needs a personal key, of an admin of the sources and
// member of the destination.
func (c *Client) TransferProjects(ctx context.Context, t Transfer) TransferReport {
	ids := unique(t.ProjectIDs)
	bySource, failures := c.placeBySource(ctx, t, ids)
	report := TransferReport{Seen: seenAtFirst(t, ids, bySource, failures)}
	left := 0
	for _, there := range bySource {
		left += len(there)
	}
	progress := transferProgress{TransferProgress{Total: len(ids)}, t.Progress}
	progress.add(len(ids)-left, failures)
	for _, source := range unique(t.Sources) {
		failures = append(failures, c.transferInBatches(ctx, source, t.ToOrgID, bySource[source], &progress)...)
	}

	failed := map[string]bool{}
	for _, failure := range failures {
		for _, id := range failure.ProjectIDs {
			failed[id] = true
		}
	}
	report.Failures = failures
	for _, id := range ids {
		if !failed[id] {
			report.Moved = append(report.Moved, id)
		}
	}
	return report
}

// placeBySource sorts the projects by the source they are in. Those in the
// destination are in none, and those that can't be taken are failures. A personal
// account has no list, so that what no list shows is taken to be in it; the
// transfer will tell.
func (c *Client) placeBySource(ctx context.Context, t Transfer, ids []string) (map[string][]string, []TransferFailure) {
	isPersonal := slices.Contains(t.Sources, "")
	listed := slices.DeleteFunc(append([]string{t.ToOrgID}, t.Sources...), func(orgID string) bool { return orgID == "" })
	var places map[string]Place
	var err error
	if isPersonal {
		places, err = c.locateInLists(ctx, ids, listed)
	} else {
		places, err = c.LocateProjects(ctx, ids, listed...)
	}
	if err != nil {
		return nil, failureOf(ids, err)
	}

	bySource := map[string][]string{}
	var failures []TransferFailure
	for _, id := range ids {
		place, isKnown := places[id]
		switch {
		case !isKnown:
			bySource[""] = append(bySource[""], id)
		case place.OwnerID == t.ToOrgID:
		case slices.Contains(t.Sources, place.OwnerID):
			bySource[place.OwnerID] = append(bySource[place.OwnerID], id)
		default:
			failures = append(failures, place.failure(id))
		}
	}
	return bySource, failures
}

// seenAtFirst returns the projects that were found in a source or in the
// destination. What was only taken to be in a personal account was not seen.
func seenAtFirst(t Transfer, ids []string, bySource map[string][]string, failures []TransferFailure) []string {
	notSeen := map[string]bool{}
	for _, failure := range failures {
		for _, id := range failure.ProjectIDs {
			notSeen[id] = true
		}
	}
	if slices.Contains(t.Sources, "") {
		for _, id := range bySource[""] {
			notSeen[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return notSeen[id] })
}

// transferInBatches moves projects from one source, one call after the other.
func (c *Client) transferInBatches(ctx context.Context, fromOrgID, toOrgID string, ids []string, progress *transferProgress) []TransferFailure {
	var failures []TransferFailure
	for len(ids) > 0 {
		done := ids[:min(len(ids), MaxProjectsPerTransfer)]
		outcome := c.transferBatch(ctx, fromOrgID, toOrgID, done)
		failed := outcome.failures
		if outcome.err != nil {
			failed = append(failed, failureOf(slices.Concat(outcome.left, ids[len(done):]), outcome.err)...)
			done = ids
		}
		progress.add(len(done), failed)
		failures = append(failures, failed...)
		ids = ids[len(done):]
	}
	return failures
}

// transferProgress counts, and tells whoever wants to know.
type transferProgress struct {
	TransferProgress
	tell func(TransferProgress)
}

// add says that so many projects more are dealt with, with these failures.
func (p *transferProgress) add(projects int, failures []TransferFailure) {
	failed := 0
	for _, failure := range failures {
		failed += len(failure.ProjectIDs)
	}
	p.Failed += failed
	p.Moved += projects - failed
	if p.tell != nil {
		p.tell(p.TransferProgress)
	}
}

// failure is why a project that is neither in the source nor in the destination
// was not moved.
func (p Place) failure(projectID string) TransferFailure {
	return TransferFailure{
		ProjectIDs: []string{projectID},
		Err:        &ElsewhereError{ProjectID: projectID, OwnerID: p.OwnerID, Err: p.Err},
	}
}

// failureOf is no failure where there are no projects.
func failureOf(ids []string, err error) []TransferFailure {
	if len(ids) == 0 {
		return nil
	}
	return []TransferFailure{{ProjectIDs: ids, Err: err}}
}

func unique(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}
