package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// readAbsent decides what it means that Neon does not show the project: claimed,
// deleted, or only hidden from this key. Only the first two change the state.
func (r *projectResource) readAbsent(ctx context.Context, state projectModel, owner ownerRecord, refusal error, resp *resource.ReadResponse) {
	id := state.ID.ValueString()
	if state.Claimed.ValueBool() && state.mayBeClaimed() {
		r.handovers.note(id, "")
		resp.Diagnostics.Append(state.unsureOfClaim(owner, "")...)
		return // as it was
	}
	if owner.isEmpty() {
		// Just imported: there is nothing in state that could be kept or lost.
		resp.Diagnostics.Append(failure{summary: "Project not found"}.diagnostics(refusal)...)
		return
	}
	found, err := r.client.Resolve(ctx, id, owner.home(), owner.owners(), refusal)
	if err != nil {
		resp.Diagnostics.Append(absenceFailure(id, err).diagnostics(err)...)
		return
	}
	switch found.Fate {
	case neon.FateOurs, neon.FateTaken:
		r.readPresent(ctx, state, owner, found.Item, resp)
	case neon.FateDeleted:
		resp.Diagnostics.AddWarning("Project was deleted outside of this configuration",
			fmt.Sprintf("Project %s (%q) was deleted at Neon, so it is removed from the state, and a plan creates a new, empty one. %s",
				id, state.Name.ValueString(), recoveryAdvice(id, found.RecoverableUntil)))
		resp.State.RemoveResource(ctx)
	case neon.FateVanished:
		r.readVanished(ctx, state, owner, refusal, resp)
	}
}

// readVanished is for a project that is neither visible nor recoverable.
func (r *projectResource) readVanished(ctx context.Context, state projectModel, owner ownerRecord, refusal error, resp *resource.ReadResponse) {
	id := state.ID.ValueString()
	switch {
	case state.mayBeClaimed():
		r.handovers.note(id, "")
		state.Claimed = types.BoolValue(true)
		if diags := state.unsureOfClaim(owner, ""); len(diags) > 0 {
			resp.Diagnostics.Append(diags...)
		} else {
			resp.Diagnostics.AddWarning("Project was claimed",
				fmt.Sprintf("Project %s (%q) is no longer in %s and is not among its recoverable projects, so it counts as claimed: it stays in the state, is not created again, and destroying it calls nothing. "+
					"The other possible reasons are a move to an organization that this key does not see, and a deletion more than seven days ago. "+
					"If you moved it, set org_id to its new organization and use a key that sees it. "+
					"If it was deleted, remove it from the configuration, or set claimable = false to have it created anew.",
					id, state.Name.ValueString(), owner.OwnerID))
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	case neon.IsForbidden(refusal):
		resp.Diagnostics.Append(failure{
			summary: "Project not visible to this key",
			advice: fmt.Sprintf("Project %s exists, but the API key may not see it; perhaps it was moved to another organization. The state was kept. "+
				"Use a key that sees the project, or "+forgetUnread+".", id),
		}.diagnostics(refusal)...)
	default:
		resp.Diagnostics.AddWarning("Project is gone",
			fmt.Sprintf("Project %s (%q) is no longer in organization %s and is not among its recoverable projects: it was moved to an owner that this key does not see, "+
				"or deleted more than seven days ago. It is removed from the state, and a plan creates a new, empty one. "+
				"If it was claimed or moved on purpose, remove it from the configuration; for projects that customers claim, set claimable = true.",
				id, state.Name.ValueString(), owner.OwnerID))
		resp.State.RemoveResource(ctx)
	}
}

// unsureOfClaim warns in every plan of a project that counts as claimed, although the
// configuration does not say that it may be. With claimable = true nobody is warned.
// The new owner is empty where the key does not see it.
func (m *projectModel) unsureOfClaim(owner ownerRecord, ownerID string) diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.Claimable.IsNull() {
		return diags
	}
	what := "is no longer where this configuration last saw it, and is not among the deleted projects that can be recovered. " +
		"It was claimed by somebody, moved to an owner that this key does not see, or deleted more than seven days ago."
	wayBack := ""
	if ownerID != "" {
		what = changedHands(owner.OwnerID, ownerID) + "."
		wayBack = fmt.Sprintf("If you moved it there yourself, set org_id to %s, and it is managed again. ", ownerID)
	}
	diags.AddWarning("Project has left, and is kept as claimed",
		fmt.Sprintf("Project %s (%q) %s It stays in the state as claimed, so that no second one is created by mistake.\n\n"+
			"%sIf customers may claim it, set claimable = true. If it is lost, `-replace` creates a new, empty one. "+
			"If it is of no more interest, take it out of the configuration with a removed block.",
			m.ID.ValueString(), m.Name.ValueString(), what, wayBack))
	return diags
}

// forgetUnread is the way to give up what can't be read. OpenTofu reads also what a
// removed block names, unless it is told not to.
const forgetUnread = "take it out of the configuration by a removed block with destroy = false, and apply that with -refresh=false"

// absenceFailure explains why it is not known what became of a project. The state
// stays as it is.
func absenceFailure(id string, err error) failure {
	hidden, isHidden := errors.AsType[*neon.OwnerNotVisibleError](err)
	_, isPersonal := errors.AsType[*neon.PersonalHomeError](err)
	_, isUndecided := errors.AsType[*neon.UndecidedError](err)
	const nothing = "That says nothing about the project, so the state was kept and nothing is planned anew. "
	switch {
	case isHidden:
		return failure{
			summary: "Project not visible to this key",
			advice: fmt.Sprintf("The API key sees neither project %s nor %s, which owned it when it was last read. %s"+
				"Use a key of that organization, or of one of its members.", id, hidden.OwnerID, nothing),
		}
	case isPersonal:
		return failure{
			summary: "Project not visible to this key", isAdvised: true,
			advice: fmt.Sprintf("Neon does not show project %s, which was in a personal account. Such an account has no list of its projects, so it can't be found out whether the project was claimed, moved or deleted. %s"+
				"Use the key of the account's user if this is another one. If the project is gone, "+forgetUnread+".", id, nothing),
		}
	case isUndecided:
		return failure{
			summary: "Neon's answers about a project contradict each other", isAdvised: true,
			advice: fmt.Sprintf("The list of its organization has project %s, but the project's own address does not show it. %s"+
				"Apply again in a while; if that does not help, ask Neon's support.", id, nothing),
		}
	default:
		return failure{summary: "Project not read"}
	}
}

func recoveryAdvice(id string, until *time.Time) string {
	if until == nil {
		return "It can be recovered for seven days after it was deleted: in the Neon Console, by the action neon_recover_project, or by POST /projects/" + id + "/recover; then import it."
	}
	return fmt.Sprintf("It can be recovered until %s: in the Neon Console, by the action neon_recover_project, or by POST /projects/%s/recover; then import it.", until.UTC().Format(time.RFC3339), id)
}
