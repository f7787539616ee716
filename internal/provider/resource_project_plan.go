package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan says at plan time what can be known: who will own a new project,
// that a project will be transferred, and what is refused.
func (r *projectResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	default:
		keepUnconfigured(req, resp)
		markPrior(ctx, req, resp)
		r.planUpdate(ctx, req, resp)
	}
}

// planCreate shows the organization that a project without one will go to, and
// that nobody has claimed a new project, so that for_each and count can depend on it.
func (r *projectResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.planOrganization(ctx, req, resp)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("claimed"), false)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, createPlannedKey, []byte("true"))...)
	var own, name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org_id"), &own)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	prior, diags := loadPrior(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if prior != nil {
		resp.Diagnostics.Append(prior.refuseReplacement()...)
		return
	}
	if r.configured != nil && !own.IsUnknown() && !isUnset(name) {
		resp.Diagnostics.Append(r.warnOfLeftover(ctx, r.organization(own), name.ValueString())...)
	}
}

// existsKey is where the plan of an existing project notes what it is. Where it is
// replaced, for whatever reason, the plan of the new one sees the note.
const existsKey = "exists"

// priorProject is what the plan of a replacement has to know of the project that goes.
type priorProject struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	IsClaimed   bool   `json:"claimed"`
	IsClaimable bool   `json:"claimable"` // set to true, not only unset
	IsProtected bool   `json:"protected"`
}

func markPrior(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	value, err := json.Marshal(priorProject{
		ID: state.ID.ValueString(), Name: state.Name.ValueString(), IsClaimed: state.Claimed.ValueBool(),
		IsClaimable: state.Claimable.ValueBool(), IsProtected: state.DeletionProtection.ValueBool(),
	})
	if err != nil {
		resp.Diagnostics.AddError("Plan not made", "This is a fault of the provider; please report it: "+err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, existsKey, value)...)
}

// loadPrior is nil where nothing is replaced, or where the project is tainted: of that
// a CLI says nothing.
func loadPrior(ctx context.Context, private privateGetter) (*priorProject, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, existsKey)
	if len(value) == 0 {
		return nil, diags
	}
	var prior priorProject
	if err := json.Unmarshal(value, &prior); err != nil {
		return nil, diags
	}
	return &prior, diags
}

// refuseReplacement guards what is replaced as a destruction would be guarded.
func (p *priorProject) refuseReplacement() diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case p.IsClaimed && p.IsClaimable:
		diags.Append(claimedIsNotReplaced(p.ID, p.Name))
	case p.IsProtected:
		diags.Append(protectedDiagnostic(p.ID, p.Name))
	case p.IsClaimed:
		diags.AddWarning("Another project will be created",
			fmt.Sprintf("Project %s (%q) has left, and counts as claimed. The replacement forgets it and creates a new, empty project.", p.ID, p.Name))
	}
	return diags
}

// leftoverTimeout bounds the look for what an earlier run has left: the plan does
// not depend on it.
const leftoverTimeout = 20 * time.Second

// warnOfLeftover names a project that looks like what this plan is going to
// create: a run that was killed in the middle of a creation could not save it.
// Where the look fails there is no warning, as the plan is right all the same.
func (r *projectResource) warnOfLeftover(ctx context.Context, orgID, name string) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(ctx, leftoverTimeout)
	defer cancel()
	found, err := r.client.FindLeftovers(ctx, orgID, name)
	if err != nil || len(found) == 0 {
		return nil
	}
	// One warning for all: the CLIs show only the first of several that are alike.
	lines := make([]string, len(found))
	for i, item := range found {
		lines[i] = fmt.Sprintf("Project %s in %s is named %q, too, and was created by this provider at %s. "+
			"If a run was broken off before it could save its state, this is what it has left: import it instead of creating another one, by `import` with the id %s, or delete it in the Neon Console.",
			item.ID, item.OwnerID, name, item.CreatedAt.UTC().Format(time.RFC3339), item.ID)
	}
	var diags diag.Diagnostics
	diags.AddAttributeWarning(path.Root("name"), "A project of this name was created lately",
		strings.Join(lines, "\n\n")+" If it is in another state, in another resource of this one, or replaced by this plan or apply, there is nothing to do.")
	return diags
}

// planDestroy refuses what is protected, and says of a project that customers may
// claim whether it will really be deleted.
func (r *projectResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id, name := state.ID.ValueString(), state.Name.ValueString()
	switch {
	case state.mayBeClaimed() && (state.Claimed.ValueBool() || r.isTaken(id)):
		resp.Diagnostics.AddWarning("Claimed project will only be forgotten",
			fmt.Sprintf("Project %s (%q) was claimed. It is removed from the state, and nothing is sent to Neon.", id, name))
	case state.DeletionProtection.ValueBool():
		resp.Diagnostics.Append(protectedDiagnostic(id, name))
	case state.Claimable.ValueBool():
		// The id is in the summary, as a CLI shows one of several warnings that have the same.
		resp.Diagnostics.AddWarning(fmt.Sprintf("Project %s will be deleted", id),
			fmt.Sprintf("Project %s (%q) still belongs to %s. It will be deleted with its data, unless it is claimed before that: the apply looks once more.", id, name, state.OwnerID.ValueString()))
	}
}

func (r *projectResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state, config projectModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	owner, diags := loadOwner(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.isNamedByConfig(config, owner) {
		planManagedAgain(ctx, state, resp)
		return
	}
	if resp.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	if state.Claimed.ValueBool() && plan.mayBeClaimed() {
		resp.Diagnostics.AddWarning("Project was claimed",
			fmt.Sprintf("Project %s belongs to somebody else now, so this change is made in the state only and nothing is sent to Neon. "+
				"When the project is of no more interest, remove it from the configuration.", state.ID.ValueString()))
		return
	}
	planTransfer(ctx, plan, state, resp)
	resp.Diagnostics.Append(refuseWayBack(ctx, plan, state)...)
	resp.Diagnostics.Append(planRenames(plan.renames(ctx, state), state)...)

	resp.RequiresReplace = replacedBy(plan, state)
	if len(resp.RequiresReplace) > 0 {
		planReplacement(resp.RequiresReplace[0], state, &resp.Diagnostics)
	}
}

// isNamedByConfig reports whether a project that counts as claimed is where the
// configuration says it should be: it was moved, and not claimed.
func (m *projectModel) isNamedByConfig(config projectModel, owner ownerRecord) bool {
	isMoved := !owner.isEmpty() && m.OwnerID.ValueString() != owner.OwnerID
	return m.Claimed.ValueBool() && isMoved && !isUnset(config.OrgID) && config.OrgID.ValueString() == m.OwnerID.ValueString()
}

func planManagedAgain(ctx context.Context, state projectModel, resp *resource.ModifyPlanResponse) {
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("claimed"), false)...)
	resp.Diagnostics.AddAttributeWarning(path.Root("org_id"), "Project is managed again",
		fmt.Sprintf("Project %s (%q) counted as claimed. It is in %s, which org_id names, so this configuration manages it again.",
			state.ID.ValueString(), state.Name.ValueString(), state.OwnerID.ValueString()))
}

// planReplacement says what a replacement loses, or refuses it.
func planReplacement(by path.Path, state projectModel, diags *diag.Diagnostics) {
	id, name := state.ID.ValueString(), state.Name.ValueString()
	if state.DeletionProtection.ValueBool() {
		d := protectedDiagnostic(id, name)
		diags.AddAttributeError(by, d.Summary(), d.Detail()+fmt.Sprintf(" Changing %s would destroy it and create another one.", by))
		return
	}
	diags.AddAttributeWarning(by, "Project will be replaced, with its data",
		fmt.Sprintf("Neon can't change %s of a project. Project %s (%q) will be deleted with all its data, and a new, empty one created. "+
			"To keep the data, set %[1]s back; deletion_protection = true refuses such plans.", by, id, name))
}

// planRenames says what is renamed in place, and refuses what can't be.
func planRenames(names branchNames, state projectModel) diag.Diagnostics {
	var diags diag.Diagnostics
	at, id := path.Root("branch"), state.ID.ValueString()
	if names.branch != "" {
		diags.AddAttributeWarning(at.AtName("name"), "Branch will be renamed",
			fmt.Sprintf("Branch %s of project %s will be renamed to %q, in place: its data and connection strings stay as they are.", state.DefaultBranchID.ValueString(), id, names.branch))
	}
	if names.databaseTo != "" {
		diags.AddAttributeWarning(at.AtName("database_name"), "Database will be renamed",
			fmt.Sprintf("Database %q of project %s will be renamed to %q, in place. Its data stays, and connection strings have to use the new name.", names.databaseFrom, id, names.databaseTo))
	}
	if names.roleTo != "" {
		diags.AddAttributeError(at.AtName("role_name"), "Role can't be renamed",
			fmt.Sprintf("Neon can't rename role %q of project %s. Set branch.role_name back to it, and create a role %q beside it in the Neon Console or by SQL.", names.roleFrom, id, names.roleTo))
	}
	return diags
}

// planTransfer warns of a move, and leaves the owner open where it changes.
func planTransfer(ctx context.Context, plan, state projectModel, resp *resource.ModifyPlanResponse) {
	if plan.OrgID.Equal(state.OrgID) {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("owner_id"), plan.OrgID)...)
	to := plan.OrgID.ValueString()
	if plan.OrgID.IsUnknown() {
		to = "an organization that is not known yet"
	}
	resp.Diagnostics.AddAttributeWarning(path.Root("org_id"), "Project will be transferred",
		fmt.Sprintf("Project %s (%q) will be transferred from %s to %s, in place: its data, connection strings and passwords stay as they are. "+
			"People who could use it as members of the old organization lose access unless they are members of the new one.",
			state.ID.ValueString(), state.Name.ValueString(), state.OwnerID.ValueString(), to))
}

// replacedBy returns the attributes whose change only a new project can have. Values
// that the state does not know never do: they may well be what the project has.
func replacedBy(plan, state projectModel) path.Paths {
	var paths path.Paths
	compare := func(name string, planned, before attr.Value) {
		if !before.IsNull() && !planned.Equal(before) {
			paths = append(paths, path.Root(name))
		}
	}
	compare("region_id", plan.RegionID, state.RegionID)
	compare("pg_version", plan.PgVersion, state.PgVersion)
	compare("store_passwords", plan.StorePasswords, state.StorePasswords)
	return paths
}

// refuseWayBack: Neon can't turn logical replication off again.
func refuseWayBack(ctx context.Context, plan, state projectModel) diag.Diagnostics {
	var diags diag.Diagnostics
	planned, before := nested[projectSettingsModel](ctx, plan.Settings, &diags), nested[projectSettingsModel](ctx, state.Settings, &diags)
	isOff := !isUnset(planned.EnableLogicalReplication) && !planned.EnableLogicalReplication.ValueBool()
	if isOff && before.EnableLogicalReplication.ValueBool() {
		diags.AddAttributeError(path.Root("settings").AtName("enable_logical_replication"), "Logical replication can't be turned off",
			fmt.Sprintf("Project %s has logical replication on, and Neon has no way back from that. Set it to true or leave it out.", state.ID.ValueString()))
	}
	return diags
}

func protectedDiagnostic(id, name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "Project is protected from deletion",
		fmt.Sprintf("Project %s (%q) has deletion_protection = true, and this would destroy it. "+
			"If that is what you want, apply deletion_protection = false first. If it is to be replaced because it is tainted, `untaint` keeps it.", id, name))
}
