package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Read sees which of the projects are in the destination, and which have left. Where
// the key does not see the organizations it says nothing about the projects, and the
// state stays.
func (r *orgProjectTransferResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	waiting, diags := loadIDs(ctx, waitingKey, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.survey(ctx, state, waiting)
	_, isUndecided := errors.AsType[*neon.UndecidedError](err)
	switch {
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		hidden := state.DestinationOrgID.ValueString()
		if one, ok := errors.AsType[*neon.OwnerNotVisibleError](err); ok {
			hidden = one.OwnerID
		}
		resp.Diagnostics.AddWarning("Transferred projects not visible",
			fmt.Sprintf("The API key does not see the projects of %s, so that it is not known whether %s are still there. The state was kept as it is. "+
				"Use a key of somebody who is a member of it, or take the resource out of the configuration with a removed block.\n\n%s",
				hidden, countProjects(len(state.projects())), technical(err)))
		return
	case isUndecided:
		undecided, _ := errors.AsType[*neon.UndecidedError](err)
		resp.Diagnostics.Append(absenceFailure(undecided.ProjectID, err).diagnostics(err)...)
		return
	case err != nil:
		resp.Diagnostics.Append(failure{summary: "Transferred projects not read"}.diagnostics(err)...)
		return
	}
	before := state.leftOut()
	left := newIDSet(slices.Collect(maps.Keys(found.left)))
	resp.Diagnostics.Append(leftOut(found.left, before, orgOrPersonal(state.SourceOrgID), state.DestinationOrgID.ValueString())...)
	resp.Diagnostics.Append(cameBack(before.minus(left))...)
	if !slices.Equal(found.waiting, waiting) {
		resp.Diagnostics.Append(saveIDs(ctx, waitingKey, found.waiting, resp.Private)...)
	}
	if state.LeftOutProjectIDs.IsNull() || !slices.Equal(found.there, state.transferred()) || !slices.Equal(left, before) {
		state.setTransferred(found.there)
		state.setLeftOut(left)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// transferSurvey is where projects are.
type transferSurvey struct {
	there   idSet // in the destination
	waiting idSet // in the source
	left    map[string]departure
}

// survey finds out where the projects are. Those that are nowhere and were never
// seen in the source or destination are in none of the three.
func (r *orgProjectTransferResource) survey(ctx context.Context, state orgProjectTransferModel, waiting idSet) (transferSurvey, error) {
	found := transferSurvey{left: map[string]departure{}}
	destination, ids, before := state.DestinationOrgID.ValueString(), state.projects(), state.leftOut()
	likely := []string{destination}
	if !state.SourceOrgID.IsNull() {
		likely = append(likely, state.SourceOrgID.ValueString())
	}
	places, err := r.client.LocateProjectsAgain(ctx, ids, before, likely...)
	if err != nil {
		return found, err
	}
	source, err := r.sourceOwner(ctx, state, places)
	if err != nil {
		return found, err
	}
	transferred := state.transferred()
	missing := map[string]idSet{} // by where they were last seen
	put := func(id, ownerID string) {
		switch {
		case ownerID == destination:
			found.there = append(found.there, id)
		case ownerID == source:
			found.waiting = append(found.waiting, id)
		case transferred.has(id) || before.has(id) || waiting.has(id):
			found.left[id] = departure{fate: neon.FateTaken, ownerID: ownerID}
		}
	}
	for _, id := range ids {
		switch place := places[id]; {
		case place.Err == nil:
			put(id, place.OwnerID)
		case before.has(id):
			found.left[id] = departure{fate: neon.FateVanished}
		case transferred.has(id):
			missing[destination] = append(missing[destination], id)
		case waiting.has(id) && state.SourceOrgID.IsNull():
			found.waiting = append(found.waiting, id) // a personal account has no list to tell
		case waiting.has(id):
			missing[source] = append(missing[source], id)
		}
	}
	for home, absent := range missing {
		departed, err := r.departures(ctx, absent, home)
		if err != nil {
			return found, err
		}
		for id, why := range departed {
			if why.fate == neon.FateOurs { // its list shows it
				put(id, why.ownerID)
				continue
			}
			found.left[id] = why
		}
	}
	found.there, found.waiting = newIDSet(found.there), newIDSet(found.waiting)
	return found, nil
}

// sourceOwner returns who owns what is in the source: for a personal account, the
// user of the key. That is only asked for where it matters.
func (r *orgProjectTransferResource) sourceOwner(ctx context.Context, state orgProjectTransferModel, places map[string]neon.Place) (string, error) {
	if !state.SourceOrgID.IsNull() {
		return state.SourceOrgID.ValueString(), nil
	}
	destination := state.DestinationOrgID.ValueString()
	for _, place := range places {
		if place.Err == nil && place.OwnerID != destination {
			user, err := r.client.KeyOwner(ctx)
			if err != nil {
				return "", err
			}
			return user.AccountID, nil
		}
	}
	return "", nil
}
