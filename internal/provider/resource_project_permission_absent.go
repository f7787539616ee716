package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// noteOwner records who owns the project, where that was not done yet: for what was
// imported or moved here.
func (r *projectPermissionResource) noteOwner(ctx context.Context, projectID string, before privateGetter, after privateSetter) diag.Diagnostics {
	owner, diags := loadOwner(ctx, before)
	if diags.HasError() || !owner.isEmpty() {
		return diags
	}
	project, err := r.client.ReadProject(ctx, projectID, r.orgID)
	if err != nil {
		diags.Append(failure{summary: "Project of the permission not read"}.diagnostics(err)...)
		return diags
	}
	diags.Append(recordOf(project.ProjectFields).save(ctx, after)...)
	return diags
}

// readEnded is for a permission that the project's list does not have. The new owner of
// a project may end it; then it stays in state, as everything does that went along.
func (r *projectPermissionResource) readEnded(ctx context.Context, state projectPermissionModel, private privateGetter, resp *resource.ReadResponse) {
	owner, diags := loadOwner(ctx, private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ProjectID.ValueString()
	if !owner.isEmpty() {
		project, err := r.client.ReadProject(ctx, id, owner.OrgID)
		switch {
		case err == nil && !r.isStillOurs(id, project.OwnerID, owner):
			return
		case neon.IsNotFound(err) || neon.IsForbidden(err):
			r.readWithoutProject(ctx, id, private, err, resp)
			return
		case err != nil:
			resp.Diagnostics.Append(failure{summary: "Project of the permission not read"}.diagnostics(err)...)
			return
		}
	}
	resp.State.RemoveResource(ctx)
}

// readWithoutProject: a deleted project takes its guests along. Of one that went to
// another owner it can't be known who its guests are.
func (r *projectPermissionResource) readWithoutProject(ctx context.Context, projectID string, private privateGetter, refusal error, resp *resource.ReadResponse) {
	owner, diags := loadOwner(ctx, private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if owner.isEmpty() {
		// Just imported: there is nothing in state that could be kept or lost.
		resp.Diagnostics.Append(failure{summary: "Project of the permission not found"}.diagnostics(refusal)...)
		return
	}
	found, err := r.client.Resolve(ctx, projectID, owner.home(r.handovers.owner(projectID), r.client.MovedTo(projectID)), owner.owners(), refusal)
	if err != nil {
		resp.Diagnostics.Append(absenceFailure(projectID, err).diagnostics(err)...)
		return
	}
	switch found.Fate {
	case neon.FateDeleted:
		resp.Diagnostics.AddWarning("Project of a permission was deleted",
			fmt.Sprintf("Project %s is deleted, so nobody is its guest any more, and the permission is taken out of the state. %s", projectID, recoveryAdvice(projectID, found.RecoverableUntil)))
		resp.State.RemoveResource(ctx)
	case neon.FateVanished:
		resp.Diagnostics.AddWarning("Project of a permission is not visible",
			fmt.Sprintf("Project %s went to an owner that this key does not see, so it can't be known who its guests are. The permission stays in the state as it was; "+
				"remove it from the configuration when the project is of no more interest.", projectID))
	case neon.FateOurs:
		resp.Diagnostics.Append(permissionFailure("Permission not read", refusal).diagnostics(refusal)...)
	case neon.FateTaken:
	}
}

// revoke ends the sharing of a project that has the recorded owner still. On any other
// the guest stays, and is named.
func (r *projectPermissionResource) revoke(ctx context.Context, state projectPermissionModel, owner ownerRecord) diag.Diagnostics {
	var diags diag.Diagnostics
	id, email := state.ProjectID.ValueString(), state.Email.ValueString()
	owners := owner.owners(r.client.MovedTo(id), r.handovers.owner(id))
	home := owner.home(r.handovers.owner(id), r.client.MovedTo(id))
	if owner.isEmpty() { // a tainted instance has lost what was recorded
		owners = r.expectedOwners(id, state.OrgID)
		home = homeOf(owners...)
	}
	if len(owners) == 0 {
		diags.AddError("Sharing not ended",
			fmt.Sprintf("The state does not say who owned project %s when it was shared with %s, as for a tainted resource, and no organization is configured, so nothing was revoked. "+
				"`untaint` the resource, or set org_id of the provider to the organization that owns the project, then apply again.", id, email))
		return diags
	}
	found, err := r.client.Find(ctx, id, home, owners)
	if err != nil {
		f := absenceFailure(id, err)
		if f.advice == "" {
			f = permissionFailure("Sharing not ended", err)
		}
		return f.diagnostics(err)
	}
	switch found.Fate {
	case neon.FateOurs:
		if err := found.Owned.Revoke(ctx, state.ID.ValueString()); err != nil {
			return permissionFailure("Sharing not ended", err).diagnostics(err)
		}
	case neon.FateTaken:
		diags.AddWarning("Guest stays on a project that changed hands",
			fmt.Sprintf("Project %s %s. %s stays its guest there, as permission %s: who its guests are is for the new owner to decide, so nothing was revoked.",
				id, changedHands(owner.OwnerID, found.Item.OwnerID), email, state.ID.ValueString()))
	case neon.FateVanished:
		diags.AddWarning("Guest stays on a project that changed hands",
			fmt.Sprintf("Project %s went to an owner that this key does not see. %s may still be its guest there, as permission %s: who its guests are is for that owner to decide, so nothing was revoked.",
				id, email, state.ID.ValueString()))
	case neon.FateDeleted:
	}
	return diags
}
