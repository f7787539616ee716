package provider

import (
	"context"
	"fmt"
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
		planDestroy(ctx, req, resp)
	default:
		keepUnconfigured(req, resp)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, existsKey, []byte("true"))...)
		planUpdate(ctx, req, resp)
	}
}

// planCreate shows the organization that a project without one will go to, and
// that nobody has claimed a new project, so that for_each and count can depend on it.
func (r *projectResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.planOrganization(ctx, req, resp)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("claimed"), false)...)
	var own, name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org_id"), &own)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	isReplacement, diags := req.Private.GetKey(ctx, existsKey)
	resp.Diagnostics.Append(diags...)
	if len(isReplacement) == 0 && r.configured != nil && !own.IsUnknown() && !isUnset(name) {
		resp.Diagnostics.Append(r.warnOfLeftover(ctx, r.organization(own), name.ValueString())...)
	}
}

// existsKey marks, in private state, that there is a project: where it is to be
// replaced, the plan of the new one sees the mark.
const existsKey = "exists"

// leftoverTimeout bounds the look for what an earlier run has left: the plan does
// not depend on it.
const leftoverTimeout = 20 * time.Second

// warnOfLeftover names a project that looks like what this plan is going to
// create: a run that was killed in the middle of a creation could not save it.
// Where the look fails there is no warning, as the plan is right all the same.
func (r *projectResource) warnOfLeftover(ctx context.Context, orgID, name string) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(ctx, leftoverTimeout)
	defer cancel()
	found, err := r.client.FindLeftover(ctx, orgID, name)
	if err != nil || found == nil {
		return nil
	}
	var diags diag.Diagnostics
	diags.AddAttributeWarning(path.Root("name"), "A project of this name was created lately",
		fmt.Sprintf("Project %s in %s is named %q, too, and was created by this provider at %s. "+
			"If a run was broken off before it could save its state, this is what it has left: import it instead of creating another one, by `import` with the id %s, or delete it in the Neon Console. "+
			"If it is in another state, in another resource of this one, or tainted and to be replaced, there is nothing to do.",
			found.ID, found.OwnerID, name, found.CreatedAt.UTC().Format(time.RFC3339), found.ID))
	return diags
}

func planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state projectModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.DeletionProtection.ValueBool() && !state.Claimed.ValueBool() {
		resp.Diagnostics.Append(protectedDiagnostic(state))
	}
}

func planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state projectModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || resp.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	if state.Claimed.ValueBool() {
		resp.Diagnostics.AddWarning("Project was claimed",
			fmt.Sprintf("Project %s belongs to somebody else now, so this change is made in the state only and nothing is sent to Neon. "+
				"When the project is of no more interest, remove it from the configuration.", state.ID.ValueString()))
		return
	}
	planTransfer(ctx, plan, state, resp)
	resp.Diagnostics.Append(refuseWayBack(ctx, plan, state)...)

	resp.RequiresReplace = replacedBy(ctx, plan, state, &resp.Diagnostics)
	if len(resp.RequiresReplace) > 0 && state.DeletionProtection.ValueBool() {
		d := protectedDiagnostic(state)
		resp.Diagnostics.AddAttributeError(resp.RequiresReplace[0], d.Summary(),
			d.Detail()+fmt.Sprintf(" Changing %s would destroy it and create another one.", resp.RequiresReplace[0]))
	}
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

// replacedBy gives the attributes whose change only a new project can have. Values
// that the state does not know never do: they may well be what the project has.
func replacedBy(ctx context.Context, plan, state projectModel, diags *diag.Diagnostics) path.Paths {
	var paths path.Paths
	compare := func(at path.Path, planned, before attr.Value) {
		if !before.IsNull() && !planned.Equal(before) {
			paths = append(paths, at)
		}
	}
	compare(path.Root("region_id"), plan.RegionID, state.RegionID)
	compare(path.Root("pg_version"), plan.PgVersion, state.PgVersion)
	compare(path.Root("store_passwords"), plan.StorePasswords, state.StorePasswords)
	if !isUnset(plan.Branch) && !isUnset(state.Branch) {
		planned, before := nested[projectBranchModel](ctx, plan.Branch, diags), nested[projectBranchModel](ctx, state.Branch, diags)
		at := path.Root("branch")
		compare(at.AtName("name"), planned.Name, before.Name)
		compare(at.AtName("role_name"), planned.RoleName, before.RoleName)
		compare(at.AtName("database_name"), planned.DatabaseName, before.DatabaseName)
	}
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

func protectedDiagnostic(state projectModel) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "Project is protected from deletion",
		fmt.Sprintf("Project %s (%q) has deletion_protection = true, and this would destroy it. "+
			"If that is what you want, apply deletion_protection = false first. If it is to be replaced because it is tainted, `untaint` keeps it.", state.ID.ValueString(), state.Name.ValueString()))
}
