package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// limitID names an organization's spending limit in a claim.
const limitID = "spending_limit"

// claim is what the resource means to do with the limit of its organization.
func (m *orgSpendingLimitModel) claim(token string, purpose purpose) orgClaim {
	return orgClaim{token: token, purpose: purpose, orgID: m.OrgID.ValueString(), id: limitID}
}

// firstClaim is the claim of a resource that isn't created yet.
func (m *orgSpendingLimitModel) firstClaim(token string) orgClaim {
	first := m.claim(token, manages)
	first.written = fmt.Sprintf("neon_org_spending_limit %q %s", m.OrgID.ValueString(), m.SpendingLimitCents)
	return first
}

// ModifyPlan shows the organization, and says that the limit of one is managed
// twice.
func (r *orgSpendingLimitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	r.planOrganization(ctx, req, resp)
	if r.configured == nil {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	case req.Plan.Raw.IsNull():
		r.planEnd(ctx, req, resp)
	default:
		r.planUpdate(ctx, req, resp)
	}
}

// planCreate claims the limit where it is known whose it is to be. Otherwise the
// apply finds out.
func (r *orgSpendingLimitResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan orgSpendingLimitModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	made, diags := r.planNew(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || isUnset(plan.OrgID) {
		return
	}
	claimed := plan.firstClaim(made.token)
	resp.Diagnostics.Append(made.note(ctx, claimed, resp.Private)...)
	if !plan.SpendingLimitCents.IsUnknown() { // else the plan of the apply looks like another resource's
		resp.Diagnostics.Append(r.claimLimit(claimed)...)
	}
}

// planUpdate claims the limit. Where the organization changes the limit of the old
// one ends, and that of the new one is planned next.
func (r *orgSpendingLimitResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state orgSpendingLimitModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	purpose := manages
	if !plan.OrgID.Equal(state.OrgID) {
		purpose = removes
	}
	resp.Diagnostics.Append(r.claimLimit(state.claim(token, purpose))...)
	resp.Diagnostics.Append(writeNote(ctx, resp.Private, planKey, planNote{Ends: purpose == removes})...)
}

// planEnd is for a resource that is destroyed. Where another one was created for
// the limit just now, Delete leaves it to that one.
func (r *orgSpendingLimitResource) planEnd(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state orgSpendingLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if last := state.claim(token, removes); r.claims.holder(last) == nil {
		resp.Diagnostics.Append(r.claimLimit(last)...)
	}
	resp.Diagnostics.Append(writeNote(ctx, resp.Private, planKey, planNote{Ends: true})...)
}

// claimLimit refuses to plan for a limit that another resource is after.
func (r *orgSpendingLimitResource) claimLimit(mine orgClaim) diag.Diagnostics {
	first := r.claims.plan(mine)
	if first == nil {
		return nil
	}
	return diag.Diagnostics{limitConflict(*first, mine)}
}

// limitConflict says that two resources are after the limit of one organization.
func limitConflict(first, second orgClaim) diag.Diagnostic {
	at := path.Root("org_id")
	if first.purpose.ends() || second.purpose.ends() {
		return diag.NewAttributeErrorDiagnostic(at, "Spending limit is both destroyed and managed",
			fmt.Sprintf("One neon_org_spending_limit of this configuration for organization %s is destroyed and another one manages the organization's limit, of which there is only one. Which of the two comes first is not determined, so the organization could end up without a limit. "+
				"If the resource was only given another address, say so by a moved block. Otherwise take the one that goes out by a removed block with destroy = false. %s.", first.orgID, leftOver))
	}
	return diag.NewAttributeErrorDiagnostic(at, "Spending limit is managed twice",
		fmt.Sprintf("Another neon_org_spending_limit of this configuration manages the limit of organization %s, of which there is only one. Two resources for one limit would undo each other's changes, and destroying either would leave the organization without. "+
			"Remove one of the two; if it is in state, take it out by a removed block with destroy = false.", first.orgID))
}
