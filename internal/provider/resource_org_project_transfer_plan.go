package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan plans that all projects are in the destination, which shows those
// that have left it, and says what will be transferred. It sends nothing.
func (r *orgProjectTransferResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		planTransferBack(ctx, req, resp)
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
	plan.warnOfTransfer(before, resp)
}

// planIDs plans that all projects are in the destination. The same projects in
// another order are no change.
func (m *orgProjectTransferModel) planIDs(before *orgProjectTransferModel) {
	ids, isKnown := idsOf(m.ProjectIDs)
	if !isKnown {
		m.TransferredProjectIDs = types.ListUnknown(types.StringType)
		return
	}
	if before != nil && slices.Equal(ids, before.projects()) {
		m.ProjectIDs = before.ProjectIDs
	}
	m.setTransferred(ids)
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
func planTransferBack(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ids := state.transferred()
	if !state.TransferBackOnDestroy.ValueBool() || len(ids) == 0 {
		return
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("transfer_back_on_destroy"), "Projects will be transferred back",
		fmt.Sprintf("%s (%s) will be transferred back from %s to %s, because transfer_back_on_destroy is true.",
			countProjects(len(ids)), nameProjects(ids), orgOrPersonal(state.DestinationOrgID), orgOrPersonal(state.SourceOrgID)))
}
