package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// transfer moves the project to the organization and notes in the model where it
// is: the new one on success, the old one otherwise.
func (r *projectResource) transfer(ctx context.Context, state *projectModel, to string) diag.Diagnostics {
	if diags := r.requirePersonalKey(ctx, path.Root("org_id"), "transfer a project to another organization"); diags.HasError() {
		return diags
	}
	from := state.OrgID.ValueString()
	err := r.client.MoveProject(ctx, state.ID.ValueString(), from, to)
	if err != nil {
		return failure{
			summary: "Project not transferred",
			at:      path.Root("org_id"),
			advice: fmt.Sprintf("Project %s is still in %s, and so says the state. A transfer needs a personal key whose user is an admin of %s and a member of %s.",
				state.ID.ValueString(), state.OwnerID.ValueString(), state.OwnerID.ValueString(), to),
		}.diagnostics(err)
	}
	state.OrgID, state.OwnerID = types.StringValue(to), types.StringValue(to)
	return nil
}

// requirePersonalKey says before anything is sent that a key of an organization
// can't do what is asked.
func (c *configured) requirePersonalKey(ctx context.Context, at path.Path, what string) diag.Diagnostics {
	var diags diag.Diagnostics
	auth, err := c.client.GetAuth(ctx)
	if err != nil {
		return failure{summary: "API key not accepted", at: at}.diagnostics(err)
	}
	if auth.AuthMethod == neon.AuthMethodOrgKey {
		diags.AddAttributeError(at, "A personal API key is needed",
			fmt.Sprintf("The API key belongs to organization %s. Such a key can't %s, so nothing was sent. "+
				"Use a personal key of somebody who is an admin of the organization that gives and a member of the one that takes.", auth.AccountID, what))
	}
	return diags
}
