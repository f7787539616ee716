package provider

import (
	"context"
	"fmt"
	"maps"
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

	done := r.transfer(ctx, plan, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() && len(done.moved) == 0 {
		return // nothing was done, so there is nothing to keep in state
	}
	plan.ID = types.StringValue(uuid.NewString())
	plan.setTransferred(done.moved)
	plan.setLeftOut(done.left)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(noteCreated(ctx, resp.Private)...)
	resp.Diagnostics.Append(saveIDs(ctx, waitingKey, done.waiting, resp.Private)...)
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("Transfer not complete",
			fmt.Sprintf("%s of %d are in %s, and the state says so. The resource is marked as tainted, so the next plan shows a replacement: it transfers nothing back and continues with those that are missing.",
				countProjects(len(done.moved)), len(plan.projects()), plan.DestinationOrgID.ValueString()))
	}
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

	waiting, diags := loadIDs(ctx, waitingKey, req.Private)
	resp.Diagnostics.Append(diags...)
	done := r.transfer(ctx, plan, &state, waiting, &resp.Diagnostics)
	resp.Diagnostics.Append(saveIDs(ctx, waitingKey, done.waiting, resp.Private)...)
	if resp.Diagnostics.HasError() && plan.isRedirected(&state) {
		// The old destination stays in state as long as projects may have to be taken from it.
		state.setTransferred(state.transferred().minus(done.moved).minus(done.left))
		state.setLeftOut(state.leftOut().minus(done.moved))
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	there, left := done.moved, done.left
	if !plan.isRedirected(&state) {
		there = newIDSet(slices.Concat(there, plan.projects().common(state.transferred())))
		left = newIDSet(slices.Concat(left, plan.projects().common(state.leftOut()).minus(there)))
	}
	plan.setTransferred(there)
	plan.setLeftOut(left)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// transferred is what became of the projects that were to be moved.
type transferred struct {
	moved idSet // in the destination
	left  idSet // somebody else has them
	// waiting were seen in the source, and are not moved.
	waiting idSet
}

// transfer moves what is not there yet. It sends nothing where there is nothing to
// move, or where the key is one of an organization. Projects that have left since
// they were seen in the source or the destination are left out, with a warning; the
// waiting were seen in the source.
func (r *orgProjectTransferResource) transfer(
	ctx context.Context, plan orgProjectTransferModel, before *orgProjectTransferModel, waiting idSet, diags *diag.Diagnostics,
) transferred {
	ids, unmoved := plan.toMove(before), transferred{waiting: waiting}
	if err := r.transfers.keep(ctx, plan.projects()); err != nil {
		diags.Append(failure{summary: "Projects not transferred"}.diagnostics(err)...)
		return unmoved
	}
	if len(ids) == 0 {
		return transferred{waiting: waiting.common(plan.projects())}
	}
	diags.Append(r.requirePersonalKey(ctx, path.Root("destination_org_id"), "transfer projects to another organization", giverAndTaker)...)
	if diags.HasError() {
		return unmoved
	}
	from, to := orgOrPersonal(plan.SourceOrgID), plan.DestinationOrgID.ValueString()
	report := r.client.TransferProjects(ctx, neon.Transfer{Sources: plan.sources(before), ToOrgID: to, ProjectIDs: ids})

	was, wasOut := idSet(nil), idSet(nil)
	if before != nil {
		was, wasOut = before.transferred(), before.leftOut()
	}
	seen := newIDSet(slices.Concat(report.Seen, waiting, was, wasOut))
	isKnown := func(id string) bool { return seen.has(id) || r.transfers.wasSeen(id) || r.manages(id) }
	refused, left, undecided := r.sortOut(ctx, report.Failures, isKnown, func(id string) string {
		if was.has(id) {
			return before.DestinationOrgID.ValueString()
		}
		return plan.SourceOrgID.ValueString()
	})
	diags.Append(transferDiagnostics(refused, from, to)...)
	diags.Append(undecided...)
	diags.Append(leftOut(left, wasOut, from, to)...)

	done := transferred{moved: newIDSet(report.Moved), left: newIDSet(slices.Collect(maps.Keys(left)))}
	done.waiting = seen.common(plan.projects()).minus(done.moved).minus(done.left)
	return done
}

// manages reports whether a neon_project of the configuration is known to stand, or
// to have stood, for the project.
func (c *configured) manages(id string) bool { return c.isTaken(id) || c.handovers.owner(id) != "" }

// Delete forgets the transfer, or transfers the projects back. Those that have
// left the destination meanwhile are somebody else's business. In a replacement
// nothing is transferred back, as what is created next would only fetch it again.
func (r *orgProjectTransferResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgProjectTransferModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	isReplaced, diags := isReplacement(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	waiting, diags := loadIDs(ctx, waitingKey, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if isReplaced {
		r.transfers.noteSeen(slices.Concat(state.transferred(), state.leftOut(), waiting)...)
		return
	}
	if !state.TransferBackOnDestroy.ValueBool() || len(state.transferred()) == 0 {
		return
	}
	kept, over := r.transfers.giveBack(state.transferred())
	if len(kept) > 0 {
		resp.Diagnostics.Append(state.notGivenBack(kept))
		return
	}
	defer over()
	timeout, diags := state.Timeouts.Delete(ctx, orgTransferTimeout)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.requirePersonalKey(ctx, path.Root("transfer_back_on_destroy"), "transfer projects back", giverAndTaker)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.transferBack(ctx, state, resp)
}

// notGivenBack says that the projects stay in the destination: this resource was
// replaced, or given another address without a moved block.
func (m *orgProjectTransferModel) notGivenBack(kept idSet) diag.Diagnostic {
	others := ""
	if rest := m.transferred().minus(kept); len(rest) > 0 {
		others = fmt.Sprintf(" That goes for all that it had transferred, for %s as well. If these are to go back, transfer them to %s by a neon_org_project_transfer.", nameProjects(rest), m.SourceOrgID.ValueString())
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("transfer_back_on_destroy"), "Projects not transferred back",
		fmt.Sprintf("Another neon_org_project_transfer of this apply keeps %s, so the one that is destroyed counts as replaced and transfers nothing back from %s.%s",
			nameProjects(kept), m.DestinationOrgID.ValueString(), others))
}

// transferBack moves what is in the destination still, and names the rest.
func (r *orgProjectTransferResource) transferBack(ctx context.Context, state orgProjectTransferModel, resp *resource.DeleteResponse) {
	from, to := state.DestinationOrgID.ValueString(), state.SourceOrgID.ValueString()
	report := r.client.TransferProjects(ctx, neon.Transfer{Sources: []string{from}, ToOrgID: to, ProjectIDs: state.transferred()})
	refused, left, undecided := r.sortOut(ctx, report.Failures, func(string) bool { return true }, func(string) string { return from })
	for _, id := range slices.Sorted(maps.Keys(left)) {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Project %s not transferred back", id), left[id].explainStay(id, from))
	}
	resp.Diagnostics.Append(transferDiagnostics(refused, from, to)...)
	resp.Diagnostics.Append(undecided...)
	if resp.Diagnostics.HasError() {
		state.setTransferred(state.transferred().minus(newIDSet(report.Moved)).minus(newIDSet(slices.Collect(maps.Keys(left)))))
		state.setLeftOut(newIDSet(slices.Concat(state.leftOut(), slices.Collect(maps.Keys(left)))))
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
