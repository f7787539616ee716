package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// planOrganization shows, in the plan of a new resource that names no organization,
// the provider's.
func (c *configured) planOrganization(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if c == nil || c.orgID == "" || !req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	var own types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org_id"), &own)...)
	if own.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("org_id"), c.orgID)...)
	}
}

// requireOrganization gives the organization that something is done in: its own,
// else the provider's, else the one that the API key belongs to. A personal key
// belongs to none.
func (c *configured) requireOrganization(ctx context.Context, own types.String) (string, diag.Diagnostics) {
	if id := c.organization(own); id != "" {
		return id, nil
	}
	at := path.Root("org_id")
	auth, err := c.client.KeyOwner(ctx)
	if err != nil {
		return "", failure{summary: "API key not accepted", at: at}.diagnostics(err)
	}
	if auth.AuthMethod == neon.AuthMethodOrgKey {
		return auth.AccountID, nil
	}
	return "", diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "No organization",
		"No organization was named, and only an organization key can do without. Set org_id here, or org_id of the provider, or NEON_ORG_ID. "+
			"The data source neon_organizations lists the organizations that the API key sees.")}
}
