package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// defaultTimeout bounds creating, updating and deleting where no timeout is set.
const defaultTimeout = 10 * time.Minute

type projectResource struct{ resourceBase }

var (
	_ resource.Resource                = (*projectResource)(nil)
	_ resource.ResourceWithConfigure   = (*projectResource)(nil)
	_ resource.ResourceWithIdentity    = (*projectResource)(nil)
	_ resource.ResourceWithImportState = (*projectResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*projectResource)(nil)
)

func newProjectResource() resource.Resource { return &projectResource{} }

// Metadata implements resource.Resource.
func (r *projectResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project"
}

// Create makes the project, saves it, and only then waits for what Neon is still
// doing: whatever fails from there on, the project is in state.
func (r *projectResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	create, diags := plan.toCreate(ctx, r.organization(plan.OrgID))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	created, err := r.client.CreateProject(ctx, create)
	if twin, ok := errors.AsType[*neon.TwinError](err); ok {
		resp.Diagnostics.AddWarning("Perhaps two projects were created",
			fmt.Sprintf("Project %s was created and is in state. The answer to a first attempt had been lost, and whether that one made a project as well could not be found out: %v. "+
				"Look in the Neon Console for a project of the same name and age, and delete it.", twin.Made.Project.ID, twin.Err))
		created, err = twin.Made, nil
	}
	if err != nil {
		resp.Diagnostics.Append(failure{
			summary: "Project not created",
			advice:  createAdvice(err, create),
		}.diagnostics(err)...)
		return
	}
	resp.Diagnostics.Append(plan.readCreated(ctx, created)...)
	saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	resp.Diagnostics.Append(completePlan(req.Plan, &resp.State)...)

	resp.Diagnostics.Append(r.await(ctx, created.Project.ID, created.Operations, failure{
		summary: "Project created, but not ready",
		advice:  fmt.Sprintf("Project %s exists and is in state, marked as tainted. Look at it in the Neon Console: `untaint` keeps it, the next apply replaces it.", created.Project.ID),
	})...)
}

// await waits for operations. That they failed or did not end in time is a
// failure; where they can't be looked at, that is no reason to think the project
// failed, and a failure would have the CLI replace a new one.
func (r *projectResource) await(ctx context.Context, id string, operations []neon.Operation, f failure) diag.Diagnostics {
	err := r.client.WaitOperations(ctx, id, operations)
	if err == nil {
		return nil
	}
	_, hasFailed := errors.AsType[*neon.OperationFailedError](err)
	if isLate := errors.Is(ctx.Err(), context.DeadlineExceeded); hasFailed || isLate && !neon.IsUnavailable(err) {
		return f.diagnostics(err)
	}
	var diags diag.Diagnostics
	diags.AddWarning("Operations of the project not seen to their end",
		fmt.Sprintf("Project %s is in state as it should be. Neon was still at work on it, and how that went could not be seen. "+
			"Should the project not work, look at its operations in the Neon Console.\n\n%s", id, technical(err)))
	return diags
}

func createAdvice(err error, create neon.ProjectCreate) string {
	if !neon.IsOutcomeUnknown(err) {
		return ""
	}
	name := "without a name of its own"
	if create.Name != nil {
		name = fmt.Sprintf("named %q", *create.Name)
	}
	return fmt.Sprintf("Look in the Neon Console for a project %s that was created just now. If it is there, import it by its id; if not, apply again.", name)
}

// Read asks for the project alone, so that nothing below it (a deleted database,
// say) disturbs it, and together with other reads of its organization.
func (r *projectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The identity comes first: a CLI takes a resource without one for a mistake,
	// also when it is about to be removed.
	setProjectIdentity(ctx, state.ID, resp.Identity, &resp.Diagnostics)

	project, err := r.client.ReadProject(ctx, state.ID.ValueString(), r.organization(state.OrgID))
	switch {
	case err == nil:
		r.readPresent(ctx, state, project, resp)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		r.readAbsent(ctx, state, err, resp)
	default:
		resp.Diagnostics.Append(failure{summary: "Project not read"}.diagnostics(err)...)
	}
}

// readPresent takes over what Neon shows.
func (r *projectResource) readPresent(ctx context.Context, state projectModel, project *neon.ProjectListItem, resp *resource.ReadResponse) {
	if state.isTakenBy(project.OwnerID) {
		state.Claimed = types.BoolValue(true)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	wasImported := state.DefaultBranchID.IsNull()
	resp.Diagnostics.Append(state.readFrom(ctx, project.ProjectFields, project.HistoryRetentionSeconds)...)
	if wasImported {
		r.readDefaults(ctx, &state)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// readDefaults looks the default branch and its endpoint up for a project that
// was imported. They may be missing, and the project is none the worse for it.
func (r *projectResource) readDefaults(ctx context.Context, state *projectModel) {
	branches, err := r.client.ListBranches(ctx, state.ID.ValueString())
	if err != nil {
		return
	}
	for _, branch := range branches.Branches {
		if branch.Default {
			state.DefaultBranchID = types.StringValue(branch.ID)
		}
	}
	endpoints, err := r.client.ListEndpoints(ctx, state.ID.ValueString())
	if err != nil {
		return
	}
	state.readDefaultEndpoint(endpoints)
}

// Update moves the project first, as a move may be refused, and saves where it is
// before anything else can fail. Its plan leaves nothing open, so that the plan is
// what is saved: what Neon makes of it shows with the next refresh.
func (r *projectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state projectModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if state.Claimed.ValueBool() {
		saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
		return
	}
	if !plan.OrgID.Equal(state.OrgID) && !isUnset(plan.OrgID) {
		resp.Diagnostics.Append(r.transfer(ctx, &state, plan.OrgID.ValueString())...)
		saveProject(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	var operations []neon.Operation
	if plan.wantsUpdate(state) {
		operations = r.change(ctx, config, plan.ID.ValueString(), &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)

	resp.Diagnostics.Append(r.await(ctx, plan.ID.ValueString(), operations, failure{
		summary: "Project changed, but not ready",
		advice:  "The change was accepted and is in state, but Neon did not carry it through. Look at the project's operations in the Neon Console.",
	})...)
}

// change sends what is configured and differs from the project as it is now.
func (r *projectResource) change(ctx context.Context, config projectModel, id string, diags *diag.Diagnostics) []neon.Operation {
	failed := failure{summary: "Project not updated"}
	now, err := r.client.GetProject(ctx, id)
	if err != nil {
		diags.Append(failed.diagnostics(err)...)
		return nil
	}
	update, d := config.toUpdate(ctx, now)
	diags.Append(d...)
	if diags.HasError() || isEmptyUpdate(update) {
		return nil
	}
	updated, err := r.client.UpdateProject(ctx, id, update)
	if err != nil {
		diags.Append(failed.diagnostics(err)...)
		return nil
	}
	return updated.Operations
}

// Delete deletes the project. One that was claimed belongs to somebody else and
// is only forgotten; one that is gone already is no failure.
func (r *projectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.Claimed.ValueBool() {
		return
	}
	if state.DeletionProtection.ValueBool() {
		resp.Diagnostics.Append(protectedDiagnostic(state))
		return
	}
	timeout, diags := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	err := r.client.DeleteProject(ctx, state.ID.ValueString())
	if refusal := err; neon.IsNotFound(refusal) {
		// Gone, if the key sees the organization that it was in, and not the project.
		var absence *neon.Absence
		absence, err = r.client.ExplainAbsence(ctx, state.OwnerID.ValueString(), state.OrgID.ValueString(), state.ID.ValueString())
		if err == nil && absence.Project != nil {
			err = refusal
		}
	}
	if err != nil {
		resp.Diagnostics.Append(failure{
			summary: "Project not deleted",
			advice:  "The project is still in state. Deleting a project of an organization needs an admin of it, or a key of the organization.",
		}.diagnostics(err)...)
	}
}

// ImportState takes an id, or an identity. What Neon does not know of gets the
// defaults, so that the next plan has nothing to change.
func (r *projectResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		var identity projectIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.ProjectID.ValueString()
	}
	if problem := checkProjectID(id); problem != nil {
		resp.Diagnostics.AddError(problem.summary, problem.detail)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("claimable"), false)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), false)...)
	setProjectIdentity(ctx, types.StringValue(id), resp.Identity, &resp.Diagnostics)
}

func saveProject(ctx context.Context, model projectModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, model)...)
	setProjectIdentity(ctx, model.ID, identity, diags)
}

func setProjectIdentity(ctx context.Context, id types.String, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(setIdentity(ctx, identity, projectIdentity{ProjectID: id})...)
}
