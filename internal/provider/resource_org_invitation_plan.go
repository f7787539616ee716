package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// ModifyPlan says beforehand what Neon can't do with an invitation.
func (r *orgInvitationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	switch {
	case r.configured == nil:
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	case req.Plan.Raw.IsNull():
		_, _, diags := r.releaseClaims(ctx, req.Private) // destroying it ends nothing
		resp.Diagnostics.Append(diags...)
	default:
		r.planUpdate(ctx, req, resp)
	}
}

// planUpdate refuses another role while the invitation is pending.
func (r *orgInvitationResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state orgInvitationModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	memberID, diags := r.invitedMember(ctx, state, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.planName(ctx, state.OrgID.ValueString(), state.Email.ValueString(), memberID)...)
	isSame := plan.OrgID.Equal(state.OrgID) && plan.Email.Equal(state.Email)
	if resp.Diagnostics.HasError() || !isSame {
		return
	}
	resp.Diagnostics.Append(r.claimSeat(state.claim(token, memberID), path.Root("email"))...)
	if !plan.Role.Equal(state.Role) && !plan.Role.IsUnknown() {
		resp.Diagnostics.Append(roleOfSent(state, plan.Role.ValueString()))
	}
}

// planCreate shows the organization, and says that the key can't invite, where it
// has to.
func (r *orgInvitationResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.planOrganization(ctx, req, resp)
	var plan orgInvitationModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	made, diags := r.planNew(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	orgID, diags := r.planOrgID(ctx, req.Config, plan.OrgID)
	resp.Diagnostics.Append(diags...)
	if orgID == "" {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("org_id"), orgID)...)
	if plan.Email.IsUnknown() {
		return
	}
	plan.OrgID = types.StringValue(orgID)
	seat, err := r.client.FindSeat(ctx, orgID, plan.Email.ValueString())
	if err != nil {
		return // is explained by the apply, which meets it too
	}
	claimed := plan.claim(made.token, memberOf(seat))
	claimed.written = fmt.Sprintf("neon_org_invitation %q", plan.Email.ValueString())
	resp.Diagnostics.Append(r.claimSeat(claimed, path.Root("email"))...)
	if seat == nil || seat.Member == nil {
		resp.Diagnostics.Append(r.refuseFormerAddress(ctx, orgID, plan.Email.ValueString())...)
	}
	switch {
	case seat == nil:
		resp.Diagnostics.Append(r.requirePersonalKey(ctx, path.Root("email"), invitePeople, orgAdmin)...)
	case !plan.Role.IsUnknown():
		resp.Diagnostics.Append(plan.checkRole(*seat)...)
	}
}

// checkRole refuses an invitation that is there and has another role.
func (m *orgInvitationModel) checkRole(seat neon.Seat) diag.Diagnostics {
	sent := *m
	sent.readSeat(seat)
	if sent.isAccepted() || sent.Role.Equal(m.Role) {
		return nil
	}
	return diag.Diagnostics{roleOfSent(sent, m.Role.ValueString())}
}

// roleOfSent says what another role comes to once an invitation was sent.
func roleOfSent(state orgInvitationModel, role string) diag.Diagnostic {
	who, orgID, at := state.Email.ValueString(), state.OrgID.ValueString(), path.Root("role")
	if state.isAccepted() {
		return diag.NewAttributeWarningDiagnostic(at, "Invitation was accepted",
			fmt.Sprintf("%s has joined %s already, so role = %q is only noted in the state, and nothing changes at Neon. The role of a member is given by neon_org_member.", who, orgID, role))
	}
	return diag.NewAttributeErrorDiagnostic(at, "Invitation can't be changed",
		fmt.Sprintf("%s is invited to %s as %s, and Neon's API can neither change nor cancel that. Set role = %[3]q, or cancel the invitation in the Neon Console and apply again. "+
			"To give another role once they have joined, use neon_org_member.", who, orgID, state.Role.ValueString()))
}
