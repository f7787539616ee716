package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// noteOwner notes who owns the project, where that was not done yet: for what was
// imported or moved here.
func (r *projectPermissionResource) noteOwner(ctx context.Context, projectID string, before privateGetter, after privateSetter) diag.Diagnostics {
	owner, diags := loadPrivateOwner(ctx, before)
	if diags.HasError() || owner.OwnerID != "" {
		return diags
	}
	project, err := r.client.ReadProject(ctx, projectID, r.orgID)
	if err != nil {
		diags.Append(failure{summary: "Project of the permission not read"}.diagnostics(err)...)
		return diags
	}
	diags.Append(savePrivateOwner(ctx, after, project.ProjectFields)...)
	return diags
}

// fateOfGuestsProject is what became of a project whose guests Neon doesn't show.
func (r *projectPermissionResource) fateOfGuestsProject(ctx context.Context, projectID string, private privateGetter, refusal error) (fate, *neon.Absence, diag.Diagnostics) {
	owner, diags := loadPrivateOwner(ctx, private)
	if diags.HasError() {
		return fateUnknown, nil, diags
	}
	if owner.OwnerID == "" {
		// Just imported: there is nothing in state that could be kept or lost.
		return fateUnknown, nil, failure{summary: "Project of the permission not found"}.diagnostics(refusal)
	}
	return r.fateOfProject(ctx, projectID, owner, refusal)
}

// readWithoutProject: a deleted project takes its guests along. Of one that went to
// another owner it can't be known who its guests are.
func (r *projectPermissionResource) readWithoutProject(ctx context.Context, projectID string, private privateGetter, refusal error, resp *resource.ReadResponse) {
	fate, absence, diags := r.fateOfGuestsProject(ctx, projectID, private, refusal)
	resp.Diagnostics.Append(diags...)
	switch fate {
	case fateDeleted:
		resp.Diagnostics.AddWarning("Project of a permission was deleted",
			fmt.Sprintf("Project %s is deleted, so nobody is its guest any more, and the permission is taken out of the state. %s", projectID, recoveryAdvice(projectID, absence.RecoverableUntil)))
		resp.State.RemoveResource(ctx)
	case fateElsewhere:
		resp.Diagnostics.AddWarning("Project of a permission is not visible",
			fmt.Sprintf("Project %s went to an owner that this key does not see, so it can't be known who its guests are. The permission stays in the state as it was; "+
				"remove it from the configuration when the project is of no more interest.", projectID))
	case fatePresent:
		resp.Diagnostics.Append(permissionFailure("Permission not read", refusal).diagnostics(refusal)...)
	case fateUnknown:
	}
}

// deleteWithoutProject forgets what this key can't end any more, and says so.
func (r *projectPermissionResource) deleteWithoutProject(ctx context.Context, projectID string, private privateGetter, refusal error, resp *resource.DeleteResponse) {
	fate, _, diags := r.fateOfGuestsProject(ctx, projectID, private, refusal)
	resp.Diagnostics.Append(diags...)
	switch fate {
	case fateElsewhere:
		resp.Diagnostics.AddWarning("Permission was only forgotten",
			fmt.Sprintf("Project %s went to an owner that this key does not see. Who its guests are is for that owner to decide, so nothing was revoked.", projectID))
	case fatePresent:
		resp.Diagnostics.Append(permissionFailure("Sharing not ended", refusal).diagnostics(refusal)...)
	case fateDeleted, fateUnknown:
	}
}
