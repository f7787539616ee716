package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan plans that all projects are in the destination, but for those that
// somebody else has, and says what will be transferred. It sends nothing.
func (r *orgProjectTransferResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if req.Plan.Raw.IsNull() {
		r.planTransferBack(ctx, token, req, resp)
		return
	}
	keepUnconfigured(req, resp)
	var plan orgProjectTransferModel
	var before *orgProjectTransferModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, createPlannedKey, []byte("true"))...)
	} else {
		before = &orgProjectTransferModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, before)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.planIDs(before)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("project_ids"), plan.ProjectIDs)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("transferred_project_ids"), plan.TransferredProjectIDs)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("left_out_project_ids"), plan.LeftOutProjectIDs)...)
	plan.warnOfTransfer(before, resp)
	if r.configured != nil {
		resp.Diagnostics.Append(r.refuseContradiction(plan, before, token)...)
		resp.Diagnostics.Append(r.warnOfProjects(plan, before)...)
	}
}

// planIDs plans that all projects are in the destination. The same projects in
// another order are no change. Which of those that are to be transferred arrive there
// shows in the apply: some may be claimed until then.
func (m *orgProjectTransferModel) planIDs(before *orgProjectTransferModel) {
	m.TransferredProjectIDs, m.LeftOutProjectIDs = types.ListUnknown(types.StringType), types.ListUnknown(types.StringType)
	ids, isKnown := idsOf(m.ProjectIDs)
	if !isKnown {
		return
	}
	if before != nil && slices.Equal(ids, before.projects()) {
		m.ProjectIDs = before.ProjectIDs
	}
	if len(m.toMove(before)) > 0 {
		return
	}
	var left idSet
	if before != nil {
		m.TransferredProjectIDs, m.LeftOutProjectIDs = before.TransferredProjectIDs, before.LeftOutProjectIDs
		left = ids.common(before.leftOut())
	}
	m.setTransferred(ids.minus(left))
	m.setLeftOut(left)
}

// refuseContradiction refuses a plan in which something else of the configuration
// wants the projects in another place.
func (r *orgProjectTransferResource) refuseContradiction(plan orgProjectTransferModel, before *orgProjectTransferModel, token string) diag.Diagnostics {
	var diags diag.Diagnostics
	mine := transferPlan{token: token, ids: plan.knownProjects(), toOrgID: plan.DestinationOrgID.ValueString()}
	if before == nil {
		mine.written = fmt.Sprintf("%s %s %s", plan.SourceOrgID, plan.DestinationOrgID, plan.ProjectIDs)
	}
	if clash := r.transfers.plan(mine); clash != nil {
		diags.Append(clash.diagnostic())
	}
	for orgID, ids := range r.transfers.configuredFor(mine.ids, mine.toOrgID) {
		diags.Append(contradiction(path.Root("project_ids"), ids, orgID, mine.toOrgID))
	}
	return diags
}

// warnOfProjects says of projects that a neon_project manages what it makes of the
// move. It is refreshed before this resource, and can't know then that the project was
// moved by it: a project with another owner than before may have been claimed.
func (r *orgProjectTransferResource) warnOfProjects(plan orgProjectTransferModel, before *orgProjectTransferModel) diag.Diagnostics {
	var diags diag.Diagnostics
	to := plan.DestinationOrgID.ValueString()
	var moving, mistaken idSet
	for _, id := range plan.knownProjects() {
		if taker, isTaken := r.handovers.taker(id); isTaken && taker == to {
			mistaken = append(mistaken, id)
		}
	}
	for _, id := range plan.toMove(before) {
		if owner := r.handovers.owner(id); owner != "" && owner != to && r.transfers.organizationOf(id) != to {
			moving = append(moving, id)
		}
	}
	if len(moving) > 0 {
		diags.AddAttributeWarning(path.Root("project_ids"), "Projects of this configuration are moved by another resource",
			fmt.Sprintf("%s will be transferred to %s, and a neon_project of this configuration manages it without org_id. It can't know that the move is this resource's, so the next plan takes the project for claimed, unless it has claimable = false. "+
				"Set org_id = %[2]q on the neon_project, which moves the project by itself, and take it out of project_ids.", nameProjects(moving), to))
	}
	if len(mistaken) > 0 {
		diags.AddAttributeWarning(path.Root("project_ids"), "Transferred projects count as claimed",
			fmt.Sprintf("%s was transferred to %s by this resource, and the neon_project that manages it takes it for claimed, as it can't know that. Set org_id = %[2]q on the neon_project, and it is managed again.", nameProjects(mistaken), to))
	}
	return diags
}

// warnOfTransfer says how many projects go from where to where.
func (m *orgProjectTransferModel) warnOfTransfer(before *orgProjectTransferModel, resp *resource.ModifyPlanResponse) {
	which := "Projects that are not known yet"
	if _, isKnown := idsOf(m.ProjectIDs); isKnown {
		ids := m.toMove(before)
		if len(ids) == 0 {
			return
		}
		which = fmt.Sprintf("%s (%s)", countProjects(len(ids)), nameProjects(ids))
	}
	from, to := orgOrPersonal(m.SourceOrgID), orgOrPersonal(m.DestinationOrgID)
	if m.isRedirected(before) && !m.SourceOrgID.Equal(before.DestinationOrgID) {
		from = fmt.Sprintf("%s or %s, whichever they are in,", before.DestinationOrgID.ValueString(), from)
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("project_ids"), "Projects will be transferred",
		fmt.Sprintf("%s will be transferred from %s to %s, in place: data, connection strings and passwords stay as they are. Those that are in %s already are left alone. "+
			"People who could use a project as members of the organization that gives it lose access unless they are members of the one that takes it.", which, from, to, to))
	if m.SourceOrgID.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("source_org_id"), "Transfers from a personal account are deprecated",
			"No source_org_id is set, so the projects are taken from the personal account of the API key. Neon has deprecated that, as personal accounts have become organizations, and may refuse it. "+
				"If the account has become an organization, set source_org_id to it.")
	}
}

// planTransferBack warns of what destroying the resource moves.
func (r *orgProjectTransferResource) planTransferBack(ctx context.Context, token string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ids := state.transferred()
	if !state.TransferBackOnDestroy.ValueBool() || len(ids) == 0 || r.configured != nil && r.transfers.keepsOf(ids) {
		return // a deposed instance is planned by the apply, after what replaces it was created
	}
	left := ""
	if out := state.leftOut(); len(out) > 0 {
		left = fmt.Sprintf(" %s (%s) had left, and is left alone.", countProjects(len(out)), nameProjects(out))
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("transfer_back_on_destroy"), "Projects will be transferred back",
		fmt.Sprintf("%s (%s) will be transferred back from %s to %s, because transfer_back_on_destroy is true. Those that somebody else has by then are left alone.%s",
			countProjects(len(ids)), nameProjects(ids), orgOrPersonal(state.DestinationOrgID), orgOrPersonal(state.SourceOrgID), left))
	if r.configured == nil {
		return
	}
	if clash := r.transfers.plan(transferPlan{token: token, ids: ids, givesBack: true}); clash != nil {
		resp.Diagnostics.Append(clash.diagnostic())
	}
}
