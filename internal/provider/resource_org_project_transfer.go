package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// orgTransferTimeout bounds a transfer where no timeout is set.
const orgTransferTimeout = 30 * time.Minute

type orgProjectTransferResource struct{ resourceBase }

var (
	_ resource.Resource                     = (*orgProjectTransferResource)(nil)
	_ resource.ResourceWithConfigure        = (*orgProjectTransferResource)(nil)
	_ resource.ResourceWithConfigValidators = (*orgProjectTransferResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*orgProjectTransferResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*orgProjectTransferResource)(nil)
)

func newOrgProjectTransferResource() resource.Resource { return &orgProjectTransferResource{} }

// Metadata implements resource.Resource.
func (r *orgProjectTransferResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_org_project_transfer"
}

// Create transfers what is not in the destination. Where some of the projects
// can't be moved, those that were are saved all the same. The CLI then taints the
// resource, and the replacement that comes next continues.
func (r *orgProjectTransferResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgProjectTransferModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.Timeouts.Create(ctx, orgTransferTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	report := r.transfer(ctx, plan, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() && len(report.Moved) == 0 {
		return // nothing was done, so there is nothing to keep in state
	}
	plan.ID = types.StringValue(uuid.NewString())
	plan.setTransferred(newIDSet(report.Moved))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(noteCreated(ctx, resp.Private)...)
	if len(report.Failures) > 0 {
		resp.Diagnostics.AddWarning("Transfer not complete",
			fmt.Sprintf("%s of %d are in %s, and the state says so. The resource is marked as tainted, so the next plan shows a replacement: it transfers nothing back and continues with those that are missing.",
				countProjects(len(report.Moved)), len(plan.projects()), plan.DestinationOrgID.ValueString()))
	}
}

// Read sees which of the projects are in the destination. Where the key does not
// see the organizations it says nothing about the projects, and the state stays.
func (r *orgProjectTransferResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	there, err := r.readTransferred(ctx, state)
	switch {
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		resp.Diagnostics.AddWarning("Transferred projects not visible",
			fmt.Sprintf("The API key does not see the projects of %s, so that it is not known whether %s are still there. The state was kept as it is. "+
				"Use a key of somebody who is a member of it, or take the resource out of the configuration with a removed block.\n\n%s",
				state.DestinationOrgID.ValueString(), countProjects(len(state.projects())), technical(err)))
	case err != nil:
		resp.Diagnostics.Append(failure{summary: "Transferred projects not read"}.diagnostics(err)...)
	case !slices.Equal(there, state.transferred()):
		state.setTransferred(there)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// readTransferred gives those of the projects that are in the destination. A
// project that the key does not see has left it only if the key sees the
// destination itself.
func (r *orgProjectTransferResource) readTransferred(ctx context.Context, state orgProjectTransferModel) (idSet, error) {
	destination, ids := state.DestinationOrgID.ValueString(), state.projects()
	likely := []string{destination}
	if !state.SourceOrgID.IsNull() {
		likely = append(likely, state.SourceOrgID.ValueString())
	}
	places, err := r.client.LocateProjects(ctx, ids, likely...)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(ids, func(id string) bool { return places[id].Err != nil }) {
		if _, err := r.client.GetOrganization(ctx, destination); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return places[id].OwnerID != destination }), nil
}

// Update transfers what was added or has left, and all of it where the
// destination is another one.
func (r *orgProjectTransferResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state orgProjectTransferModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.Timeouts.Update(ctx, orgTransferTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	report := r.transfer(ctx, plan, &state, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		plan.setTransferred(plan.projects())
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	moved := newIDSet(report.Moved)
	if plan.isRedirected(&state) {
		// The old destination stays in state as long as projects may have to be taken from it.
		state.setTransferred(state.transferred().minus(moved))
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	plan.setTransferred(plan.projects().minus(plan.toMove(&state).minus(moved)))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// transfer moves what is not there yet. It sends nothing where there is nothing to
// move, or where the key is one of an organization.
func (r *orgProjectTransferResource) transfer(ctx context.Context, plan orgProjectTransferModel, before *orgProjectTransferModel, diags *diag.Diagnostics) neon.TransferReport {
	ids := plan.toMove(before)
	if len(ids) == 0 {
		return neon.TransferReport{}
	}
	diags.Append(r.requirePersonalKey(ctx, path.Root("destination_org_id"), "transfer projects to another organization", giverAndTaker)...)
	if diags.HasError() {
		return neon.TransferReport{}
	}
	to := plan.DestinationOrgID.ValueString()
	report := r.client.TransferProjects(ctx, neon.Transfer{Sources: plan.sources(before), ToOrgID: to, ProjectIDs: ids})
	diags.Append(transferDiagnostics(report.Failures, orgOrPersonal(plan.SourceOrgID), to)...)
	return report
}

// Delete forgets the transfer, or transfers the projects back. Those that have
// left the destination meanwhile are somebody else's business. In a replacement
// nothing is transferred back, as what is created next would only fetch it again.
func (r *orgProjectTransferResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	isReplaced, diags := isReplacement(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	ids := state.transferred()
	if resp.Diagnostics.HasError() || !state.TransferBackOnDestroy.ValueBool() || isReplaced || len(ids) == 0 {
		return
	}
	from, to := state.DestinationOrgID.ValueString(), state.SourceOrgID.ValueString()
	timeout, diags := state.Timeouts.Delete(ctx, orgTransferTimeout)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.requirePersonalKey(ctx, path.Root("transfer_back_on_destroy"), "transfer projects back", giverAndTaker)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	report := r.client.TransferProjects(ctx, neon.Transfer{Sources: []string{from}, ToOrgID: to, ProjectIDs: ids})
	var refused []neon.TransferFailure
	for _, failed := range report.Failures {
		if r.hasLeft(ctx, failed.Err, from) {
			resp.Diagnostics.AddWarning("Project not transferred back",
				fmt.Sprintf("Project %s has left %s meanwhile, so it was left alone: %v.", failed.ProjectIDs[0], from, failed.Err))
			continue
		}
		refused = append(refused, failed)
	}
	resp.Diagnostics.Append(transferDiagnostics(refused, from, to)...)
	if resp.Diagnostics.HasError() {
		state.setTransferred(state.transferred().minus(newIDSet(report.Moved)))
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// hasLeft tells whether a project was not transferred because it is elsewhere by
// now. One that the key does not see has left an organization only if the key sees
// the organization.
func (r *orgProjectTransferResource) hasLeft(ctx context.Context, err error, orgID string) bool {
	elsewhere, isElsewhere := errors.AsType[*neon.ElsewhereError](err)
	if !isElsewhere || elsewhere.OwnerID != "" {
		return isElsewhere
	}
	_, err = r.client.GetOrganization(ctx, orgID)
	return err == nil
}
