package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Delete looks who owns the project, whatever the state says: a CLI may hand over a
// state from before the refresh, and the project may have been claimed since the plan
// was made. Only one of the recorded owner's is deleted. One that is gone already is
// no failure, and one that was claimed is forgotten.
func (r *projectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	owner, diags := r.recordedOwner(ctx, req.Private, state)
	resp.Diagnostics.Append(diags...)
	refusesTaken, diags := refusesTaken(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if state.Claimed.ValueBool() && state.mayBeClaimed() {
		r.forgetClaimed(ctx, state, owner, refusesTaken, resp)
		return
	}
	if owner.isEmpty() {
		resp.Diagnostics.Append(ownerUnknown(state.ID.ValueString(), state.Name.ValueString()))
		return
	}
	found, err := r.client.Find(ctx, state.ID.ValueString(), owner.home(), owner.owners())
	if err == nil && found.Fate == neon.FateOurs {
		if state.DeletionProtection.ValueBool() {
			resp.Diagnostics.Append(protectedDiagnostic(state.ID.ValueString(), state.Name.ValueString()))
			return
		}
		if err = found.Owned.Delete(ctx); err == nil {
			return
		}
		if neon.IsNotFound(err) {
			found, err = r.client.Find(ctx, state.ID.ValueString(), owner.home(), owner.owners())
		}
	}
	if err != nil {
		resp.Diagnostics.Append(deleteFailure(state.ID.ValueString(), err).diagnostics(err)...)
		return
	}
	resp.Diagnostics.Append(notDeleted(state, owner, found, refusesTaken)...)
	if resp.Diagnostics.HasError() && found.Fate == neon.FateTaken && !state.mayBeClaimed() {
		// What this run's refresh saw is not accepted by a run that failed: else the next
		// one would take the new owner for its own, and delete.
		state.OwnerID, state.OrgID = types.StringValue(owner.OwnerID), stringOrNull(owner.OrgID)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// ownerUnknown refuses a write where there is nobody to compare the owner with.
func ownerUnknown(id, name string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Owner of the project is not known",
		fmt.Sprintf("The state does not say who owned project %s (%q) when this configuration last managed it, so nothing was sent. "+
			"Set org_id to its organization and apply, or take it out of the configuration with a removed block (destroy = false) and import it again.", id, name))
}

// refusesTaken reports whether the project is being replaced, and nobody has asked for
// another one beside a claimed one: only a forced replacement does, of a project that
// counts as claimed already and has no claimable = true. A taint does not.
func refusesTaken(ctx context.Context, private privateGetter) (bool, diag.Diagnostics) {
	isReplaced, diags := isReplacement(ctx, private)
	prior, more := loadPrior(ctx, private)
	diags.Append(more...)
	isAskedFor := prior != nil && prior.IsClaimed && !prior.IsClaimable
	return isReplaced && !isAskedFor, diags
}

// notDeleted says what became of a project that was not deleted by this apply.
func notDeleted(state projectModel, owner ownerRecord, found *neon.Finding, refusesTaken bool) diag.Diagnostics {
	var diags diag.Diagnostics
	id, name := state.ID.ValueString(), state.Name.ValueString()
	ownerID := ""
	if found.Item != nil {
		ownerID = found.Item.OwnerID
	}
	switch {
	case found.Fate == neon.FateDeleted:
	case found.Fate == neon.FateVanished && !state.mayBeClaimed():
		diags.AddWarning("Project is gone already",
			fmt.Sprintf("Project %s (%q) is no longer in %s and is not among its recoverable projects, so there was nothing to delete: it was moved to an owner that this key does not see, or deleted more than seven days ago. "+
				"If it was moved, import it with a key that sees it.", id, name, owner.OwnerID))
	case found.Fate == neon.FateOurs: // Neon refused to find what it had just shown
		diags.AddError("Project not deleted",
			fmt.Sprintf("Neon answered that project %s (%q) does not exist, and shows it all the same. It is still in state. Apply again.", id, name))
	case state.mayBeClaimed() && refusesTaken:
		diags.Append(claimedIsNotReplaced(id, name))
	case state.mayBeClaimed():
		diags.Append(onlyForgotten(id, name, owner, ownerID))
	default:
		diags.AddError("Project not deleted",
			fmt.Sprintf("Project %s (%q) %s, so it was not deleted and is still in state. "+
				"To manage it there, set org_id = %q. To delete it there, apply a refresh first (`apply -refresh-only`), which accepts its new owner. To leave it to that owner, take it out of the configuration with a removed block (destroy = false).",
				id, name, changedHands(owner.OwnerID, ownerID), ownerID))
	}
	return diags
}

// forgetClaimed forgets a project that the plan called claimed. If it has come back
// since, it is neither deleted, which nobody was told, nor forgotten, which would
// leave it to nobody.
func (r *projectResource) forgetClaimed(ctx context.Context, state projectModel, owner ownerRecord, refusesTaken bool, resp *resource.DeleteResponse) {
	id, name := state.ID.ValueString(), state.Name.ValueString()
	if refusesTaken {
		resp.Diagnostics.Append(claimedIsNotReplaced(id, name))
		return
	}
	if owner.isEmpty() {
		resp.Diagnostics.Append(onlyForgotten(id, name, owner, state.OwnerID.ValueString()))
		return
	}
	_, err := r.client.Look(ctx, id, owner.owners())
	if changed, isTaken := errors.AsType[*neon.OwnerChangedError](err); isTaken {
		resp.Diagnostics.Append(onlyForgotten(id, name, owner, changed.OwnerID))
		return
	}
	if neon.IsNotFound(err) || neon.IsForbidden(err) {
		resp.Diagnostics.Append(onlyForgotten(id, name, owner, ""))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(failure{
			summary: "Project not read",
			advice:  fmt.Sprintf("Project %s counts as claimed, and whether it is still could not be seen, so it was not forgotten.", id),
		}.diagnostics(err)...)
		return
	}
	resp.Diagnostics.AddError("Project is no longer claimed",
		fmt.Sprintf("Project %s (%q) counted as claimed when the plan was made, and now belongs to %s again. It was neither deleted nor forgotten. Apply again: the next plan says what it does.", id, name, owner.OwnerID))
	state.Claimed, state.OwnerID = types.BoolValue(false), types.StringValue(owner.OwnerID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func onlyForgotten(id, name string, owner ownerRecord, ownerID string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Claimed project was only forgotten",
		fmt.Sprintf("Project %s (%q) %s. It was not deleted, and is no longer in the state.", id, name, changedHands(owner.OwnerID, ownerID)))
}

func claimedIsNotReplaced(id, name string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Claimed project is not created again",
		fmt.Sprintf("Project %s (%q) was claimed, so replacing it would create a second one beside the customer's. Nothing was created. "+
			"Remove what asks for the replacement: -replace, a taint (`untaint`), or replace_triggered_by. "+
			"To create another project, give it an address of its own; to give this one up, remove it from the configuration.", id, name))
}

func deleteFailure(id string, err error) failure {
	f := absenceFailure(id, err)
	if f.advice == "" {
		f.summary = "Project not deleted"
		f.advice = "The project is still in state. Deleting a project of an organization needs an admin of it, or a key of the organization."
	}
	return f
}
