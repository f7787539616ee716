package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	if err != nil {
		resp.Diagnostics.Append(failure{
			summary: "Project not created",
			advice:  createAdvice(err, create),
		}.diagnostics(err)...)
		return
	}
	resp.Diagnostics.Append(plan.readCreated(ctx, created.CreatedProject)...)
	r.handovers.noteOurs(created.Project.ID, created.Project.OwnerID)
	var configuredOrg types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org_id"), &configuredOrg)...)
	r.transfers.planProject(created.Project.ID, configuredOrg.ValueString())
	saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	resp.Diagnostics.Append(completePlan(req.Plan, &resp.State)...)
	resp.Diagnostics.Append(recordOf(created.Project.ProjectFields).save(ctx, resp.Private)...)
	resp.Diagnostics.Append(noteCreated(ctx, resp.Private)...)
	resp.Diagnostics.Append(keepDoubt(ctx, created, resp.Private)...)

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
	resp.Diagnostics.Append(r.warnOfTwins(ctx, req.Private, resp.Private)...)

	owner, diags := r.recordedOwner(ctx, req.Private, state)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, err := r.client.ReadProject(ctx, state.ID.ValueString(), r.organization(state.OrgID))
	switch {
	case err == nil:
		r.readPresent(ctx, state, owner, project, resp)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		r.readAbsent(ctx, state, owner, err, resp)
	default:
		resp.Diagnostics.Append(failure{summary: "Project not read"}.diagnostics(err)...)
	}
}

// recordedOwner is what private state says. One that was just imported or moved here
// has none yet, and a tainted one loses it when its replacement fails. The owner in
// state does then; of a claimed project that is the new one, and org_id the old.
func (r *projectResource) recordedOwner(ctx context.Context, private privateGetter, state projectModel) (ownerRecord, diag.Diagnostics) {
	owner, diags := loadOwner(ctx, private)
	if !owner.isEmpty() {
		return owner, diags
	}
	owner = ownerRecord{OwnerID: state.OwnerID.ValueString(), OrgID: state.OrgID.ValueString()}
	if state.Claimed.ValueBool() {
		owner.OwnerID = owner.OrgID
	}
	return owner, diags
}

// readPresent decides whose a visible project is. Every refresh decides anew.
func (r *projectResource) readPresent(ctx context.Context, state projectModel, owner ownerRecord, project *neon.ProjectListItem, resp *resource.ReadResponse) {
	id := state.ID.ValueString()
	isOurs := owner.isEmpty() && !state.Claimed.ValueBool() || slices.Contains(owner.owners(r.client.MovedTo(id)), project.OwnerID)
	if !isOurs && state.mayBeClaimed() {
		r.readTaken(ctx, state, owner, project.OwnerID, resp)
		return
	}
	isAccepted := isOurs || state.OwnerID.ValueString() == project.OwnerID
	r.handovers.noteOurs(id, project.OwnerID)
	if !isAccepted {
		resp.Diagnostics.AddWarning("Project has another owner",
			fmt.Sprintf("Project %s (%q) %s. With claimable = false that is drift of org_id. Nothing is deleted there before an apply has accepted it. "+
				"If it was claimed, set claimable = true; if it is to stay there, set org_id to %s.", id, state.Name.ValueString(), changedHands(owner.OwnerID, project.OwnerID), project.OwnerID))
	}
	if state.Claimed.ValueBool() {
		resp.Diagnostics.AddWarning("Project is managed again",
			fmt.Sprintf("Project %s (%q) counted as claimed, and now belongs to %s. This configuration manages it again.", id, state.Name.ValueString(), project.OwnerID))
	}
	isMoved := project.OwnerID != owner.OwnerID && isOurs // by this configuration
	if owner.isEmpty() || isMoved || !isOurs && isAccepted {
		// A move by others that an apply has accepted into the state is no news.
		owner = recordOf(project.ProjectFields)
	}
	wasImported := state.DefaultBranchID.IsNull()
	resp.Diagnostics.Append(state.readFrom(ctx, project.ProjectFields, project.HistoryRetentionSeconds)...)
	if wasImported {
		r.readDefaults(ctx, &state)
	}
	resp.Diagnostics.Append(owner.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// readTaken is for a project that has another owner whom the key sees. The state
// keeps what it has, for when the project comes back.
func (r *projectResource) readTaken(ctx context.Context, state projectModel, owner ownerRecord, ownerID string, resp *resource.ReadResponse) {
	id := state.ID.ValueString()
	r.handovers.note(id, ownerID)
	if state.Claimable.ValueBool() && !state.Claimed.ValueBool() {
		resp.Diagnostics.AddWarning("Project was claimed",
			fmt.Sprintf("Project %s (%q) %s. It counts as claimed: it stays in the state, and nothing is sent to Neon for it. "+
				"If you moved it there yourself, set org_id to %s, and it is managed again.", id, state.Name.ValueString(), changedHands(owner.OwnerID, ownerID), ownerID))
	}
	state.Claimed, state.OwnerID = types.BoolValue(true), types.StringValue(ownerID)
	resp.Diagnostics.Append(state.unsureOfClaim(owner, ownerID)...)
	resp.Diagnostics.Append(owner.save(ctx, resp.Private)...)
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
