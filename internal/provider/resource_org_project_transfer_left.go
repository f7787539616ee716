package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// This is for projects that somebody else has by now. They are left out of the
// transfer, and count as dealt with until they come back. Neon says the same of one
// that was claimed and of an id that never was any project's, so only a project that
// was seen in the source or the destination before can have left.

// departure is what became of a project that has left.
type departure struct {
	fate    neon.Fate
	ownerID string     // empty for an owner whom the key does not see
	until   *time.Time // for a deleted one, if known
}

// waitingKey is where the projects are kept, in private state, that were seen in the
// source and are not transferred. Of the others the state says that they were seen.
const waitingKey = "waiting"

// loadIDs reads ids from private state. What can't be read counts as none.
func loadIDs(ctx context.Context, key string, private privateGetter) (idSet, diag.Diagnostics) {
	var ids []string
	diags := readNote(ctx, private, key, &ids)
	return newIDSet(ids), diags
}

func saveIDs(ctx context.Context, key string, ids idSet, private privateSetter) diag.Diagnostics {
	return writeNote(ctx, private, key, []string(ids))
}

// departures finds out what became of projects that Neon has just not shown, twice.
// One that the list of the organization has all the same is FateOurs.
func (r *orgProjectTransferResource) departures(ctx context.Context, ids idSet, orgID string) (map[string]departure, error) {
	found, err := r.client.FindMissing(ctx, ids, orgID)
	if err != nil {
		return nil, err
	}
	all := map[string]departure{}
	for id, finding := range found {
		all[id] = departure{fate: finding.Fate, until: finding.RecoverableUntil}
		if finding.Item != nil {
			all[id] = departure{fate: finding.Fate, ownerID: finding.Item.OwnerID}
		}
	}
	return all, nil
}

// sortOut takes those out of a transfer's failures that have left: known projects,
// which are neither in a source nor in the destination. The homes say in which
// organization a project was last seen. Where it can't be found out, the diagnostics
// say so.
func (r *orgProjectTransferResource) sortOut(
	ctx context.Context, failures []neon.TransferFailure, isKnown func(id string) bool, homeOf func(id string) string,
) (refused []neon.TransferFailure, left map[string]departure, diags diag.Diagnostics) {
	left = map[string]departure{}
	missing := map[string]idSet{} // by home
	for _, failed := range failures {
		elsewhere, isElsewhere := errors.AsType[*neon.ElsewhereError](failed.Err)
		switch {
		case !isElsewhere || !isKnown(elsewhere.ProjectID):
			refused = append(refused, failed)
		case elsewhere.OwnerID != "":
			left[elsewhere.ProjectID] = departure{fate: neon.FateTaken, ownerID: elsewhere.OwnerID}
		default:
			home := homeOf(elsewhere.ProjectID)
			missing[home] = append(missing[home], elsewhere.ProjectID)
		}
	}
	for _, home := range slices.Sorted(maps.Keys(missing)) {
		found, err := r.departures(ctx, missing[home], home)
		if err != nil {
			diags.Append(undecidedFailure(missing[home], err).diagnostics(err)...)
			continue
		}
		for id, why := range found {
			if why.fate == neon.FateOurs {
				diags.AddAttributeError(path.Root("project_ids"), "Neon's answers about a project contradict each other",
					fmt.Sprintf("The list of %s has project %s, but the project's own address does not show it, so it was left alone. Apply again in a while.", home, id))
				continue
			}
			left[id] = why
		}
	}
	return refused, left, diags
}

// undecidedFailure says that it is not known what became of projects.
func undecidedFailure(ids idSet, err error) failure {
	f := failure{
		summary: "Project not transferred", at: path.Root("project_ids"),
		advice: fmt.Sprintf("Neon does not show %s, and whether somebody claimed, moved or deleted it could not be found out, so it was left alone. ", nameProjects(ids)),
	}
	hidden, isHidden := errors.AsType[*neon.OwnerNotVisibleError](err)
	_, isPersonal := errors.AsType[*neon.PersonalHomeError](err)
	switch {
	case isHidden:
		f.advice += fmt.Sprintf("The API key does not see %s, where it was last seen. Use a key of somebody who is a member there, or take the project out of project_ids.", hidden.OwnerID)
	case isPersonal:
		f.advice += "It was last seen in a personal account, of which Neon has no list. If it is gone, take it out of project_ids."
	default:
		f.advice += "Apply again."
	}
	f.isAdvised = isHidden || isPersonal
	return f
}

// leftOut warns of projects that have left since they were last seen.
func leftOut(left map[string]departure, before idSet, from, to string) diag.Diagnostics {
	var diags diag.Diagnostics
	ids := newIDSet(slices.Collect(maps.Keys(left))).minus(before)
	for i, id := range ids { // each id is in a summary, as a CLI shows one of several warnings that have the same
		if i == maxTransferDiagnostics {
			diags.AddAttributeWarning(path.Root("project_ids"), "More projects are left out of the transfer",
				fmt.Sprintf("%s more have left, for reasons like those above: %s.", countProjects(len(ids)-i), nameProjects(ids[i:])))
			break
		}
		diags.AddAttributeWarning(path.Root("project_ids"), fmt.Sprintf("Project %s is left out of the transfer", id), left[id].explain(id, from, to))
	}
	return diags
}

func (d departure) explain(id, from, to string) string {
	const rest = " It is left out: nothing is sent to Neon for it, the other projects are looked after as before, and plans no longer show it. "
	const unneeded = "When it is of no more interest, take it out of project_ids."
	switch {
	case d.fate == neon.FateDeleted:
		return fmt.Sprintf("Project %s was deleted.", id) + rest + recoveryAdvice(id, d.until) + " " + unneeded
	case d.ownerID != "":
		return fmt.Sprintf("Project %s is neither in %s nor in %s any more, and belongs to %s now: somebody claimed it, or moved it there.", id, from, to, d.ownerID) + rest +
			fmt.Sprintf("If it is yours there, move it back to %s or %s, and it is looked after again. ", from, to) + unneeded
	default:
		return fmt.Sprintf("Project %s is neither in %s nor in %s any more, and is not among the deleted projects that can be recovered. "+
			"Somebody claimed it, or moved it to an owner whom this key does not see, or it was deleted more than seven days ago.", id, from, to) + rest + unneeded
	}
}

// explainStay says why a project is not transferred back.
func (d departure) explainStay(id, from string) string {
	switch {
	case d.fate == neon.FateDeleted:
		return fmt.Sprintf("Project %s was deleted, so it was left alone. %s", id, recoveryAdvice(id, d.until))
	case d.ownerID != "":
		return fmt.Sprintf("Project %s has left %s, and belongs to %s now, so it was left alone.", id, from, d.ownerID)
	default:
		return fmt.Sprintf("Project %s has left %s, and belongs to an owner whom this key does not see, or was deleted for good. It was left alone.", id, from)
	}
}

// cameBack says that projects are looked after again.
func cameBack(ids idSet) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(ids) > 0 {
		diags.AddAttributeWarning(path.Root("project_ids"), "Projects are no longer left out of the transfer",
			fmt.Sprintf("%s (%s) had left, and can be seen in the source or the destination again. This resource looks after them again.", countProjects(len(ids)), nameProjects(ids)))
	}
	return diags
}
