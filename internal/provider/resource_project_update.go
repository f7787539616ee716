package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Update looks who owns the project, moves it first, as a move may be refused, and
// saves where it is before anything else can fail. Its plan leaves nothing open, so
// the plan is what is saved: what Neon makes of it shows with the next refresh.
func (r *projectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state projectModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	owner, diags := r.recordedOwner(ctx, req.Private, state)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	isManagedAgain := state.Claimed.ValueBool() && !plan.Claimed.ValueBool()
	if plan.Claimed.ValueBool() || !isManagedAgain && !plan.changesNeon(ctx, state) {
		saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
		return
	}
	held, diags := r.holdForUpdate(ctx, plan, config, state, owner)
	resp.Diagnostics.Append(diags...)
	if held == nil {
		if !resp.Diagnostics.HasError() {
			saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
		}
		return
	}
	if to := plan.OrgID.ValueString(); !isUnset(plan.OrgID) && held.Project.OwnerID != to {
		held = r.move(ctx, held, &state, owner, to, resp)
		if held == nil {
			return
		}
	}
	owner = recordOf(held.Project.ProjectFields)
	resp.Diagnostics.Append(owner.save(ctx, resp.Private)...)
	operations, failed, err := r.send(ctx, plan, config, state, held)
	if neon.IsNotFound(err) || neon.IsForbidden(err) {
		// It may have changed hands since the look, and that is what has to be said.
		again, diags := r.holdForUpdate(ctx, plan, config, state, owner)
		if again == nil {
			resp.Diagnostics.Append(diags...)
			if !diags.HasError() {
				saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
			}
			return
		}
	}
	if err != nil {
		resp.Diagnostics.Append(failed.diagnostics(err)...)
		return
	}
	saveProject(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)

	resp.Diagnostics.Append(r.await(ctx, plan.ID.ValueString(), operations, failure{
		summary: "Project changed, but not ready",
		advice:  "The change was accepted and is in state, but Neon did not carry it through. Look at the project's operations in the Neon Console.",
	})...)
}

// changesNeon reports whether the plan has something to send.
func (m *projectModel) changesNeon(ctx context.Context, state projectModel) bool {
	return !m.OrgID.Equal(state.OrgID) || m.wantsUpdate(state) || m.renames(ctx, state) != (branchNames{})
}

// holdForUpdate looks at the project. It is nil, without an error, where the project
// was claimed since the plan was made: then nothing is sent.
func (r *projectResource) holdForUpdate(ctx context.Context, plan, config, state projectModel, owner ownerRecord) (*neon.Owned, diag.Diagnostics) {
	id := plan.ID.ValueString()
	allowed := owner.owners(config.OrgID.ValueString(), r.client.MovedTo(id))
	if !plan.mayBeClaimed() {
		allowed = append(allowed, state.OwnerID.ValueString()) // as the plan showed it
	}
	var diags diag.Diagnostics
	if len(neon.OwnedBy(allowed...)) == 0 {
		diags.Append(ownerUnknown(id, state.Name.ValueString()))
		return nil, diags
	}
	found, err := r.client.Find(ctx, id, owner.home(r.client.MovedTo(id)), neon.OwnedBy(allowed...))
	if err != nil {
		f := absenceFailure(id, err)
		if f.advice == "" {
			f.summary = "Project not updated"
		}
		return nil, f.diagnostics(err)
	}
	switch found.Fate {
	case neon.FateOurs:
		r.handovers.noteOurs(id, found.Item.OwnerID)
		return found.Owned, nil
	case neon.FateDeleted:
		diags.AddError("Project not updated",
			fmt.Sprintf("Project %s (%q) was deleted since the plan was made, so nothing was sent. %s", id, state.Name.ValueString(), recoveryAdvice(id, found.RecoverableUntil)))
		return nil, diags
	case neon.FateTaken, neon.FateVanished:
	}
	ownerID := ""
	if found.Item != nil {
		ownerID = found.Item.OwnerID
	}
	if plan.mayBeClaimed() {
		r.handovers.note(id, ownerID)
		diags.AddWarning("Project was claimed since the plan was made",
			fmt.Sprintf("Project %s (%q) %s. Nothing was sent to Neon: the change is made in the state only, and the next refresh shows claimed = true. "+
				"If you moved it there yourself, set org_id to its new organization.", id, state.Name.ValueString(), changedHands(owner.OwnerID, ownerID)))
		return nil, diags
	}
	diags.AddError("Project was moved since the plan was made",
		fmt.Sprintf("Project %s (%q) %s, so nothing was sent. Make a new plan, which shows where it is. "+
			"If it is to stay there, set org_id to that organization; if somebody else may take it, set claimable = true.", id, state.Name.ValueString(), changedHands(owner.OwnerID, ownerID)))
	return nil, diags
}

// move transfers the project and saves where it is. It returns the project in its
// new organization, or nil after an error. That a move is under way is recorded
// before it is sent: should its answer be lost, the project is not taken for claimed.
func (r *projectResource) move(ctx context.Context, held *neon.Owned, state *projectModel, owner ownerRecord, to string, resp *resource.UpdateResponse) *neon.Owned {
	owner.MovingTo = to
	resp.Diagnostics.Append(owner.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(r.transfer(ctx, state, held.Project.OrgID, to)...)
	saveProject(ctx, *state, &resp.State, resp.Identity, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return nil
	}
	owner = ownerRecord{OwnerID: to, OrgID: to}
	r.handovers.noteOurs(held.Project.ID, to)
	resp.Diagnostics.Append(owner.save(ctx, resp.Private)...)
	moved, err := r.client.Look(ctx, held.Project.ID, owner.owners())
	if err != nil {
		resp.Diagnostics.Append(failure{
			summary: "Project transferred, and not updated", at: path.Root("org_id"),
			advice: fmt.Sprintf("Project %s is in %s now, and the state says so. The other changes were not sent. Apply again to make them.", held.Project.ID, to),
		}.diagnostics(err)...)
		return nil
	}
	return moved
}

// send makes the changes other than a move. A failure goes with the error.
func (r *projectResource) send(ctx context.Context, plan, config, state projectModel, held *neon.Owned) (all []neon.Operation, f failure, err error) {
	if plan.wantsUpdate(state) {
		operations, err := r.change(ctx, config, held)
		if err != nil {
			return nil, failure{
				summary: "Project not updated",
				advice:  fmt.Sprintf("Project %s keeps its settings, and the state says so. Apply again to change them.", held.Project.ID),
			}, err
		}
		all = append(all, operations...)
	}
	operations, f, err := r.rename(ctx, plan, state, held)
	return append(all, operations...), f, err
}

// change sends what is configured and differs from the project as it is now.
func (r *projectResource) change(ctx context.Context, config projectModel, held *neon.Owned) ([]neon.Operation, error) {
	update, diags := config.toUpdate(ctx, held.Project)
	if diags.HasError() {
		return nil, fmt.Errorf("%s: %s", diags[0].Summary(), diags[0].Detail())
	}
	if isEmptyUpdate(update) {
		return nil, nil
	}
	updated, err := held.Update(ctx, update)
	if err != nil {
		return nil, err
	}
	return updated.Operations, nil
}

// branchNames are the names that a plan gives to what the project started with; empty
// for what stays as it is.
type branchNames struct{ branch, databaseFrom, databaseTo, roleFrom, roleTo string }

// renames compares the names. Those that the state does not know, as after an import,
// are only noted.
func (m *projectModel) renames(ctx context.Context, state projectModel) branchNames {
	var names branchNames
	if isUnset(m.Branch) || isUnset(state.Branch) {
		return names
	}
	var diags diag.Diagnostics
	planned, before := nested[projectBranchModel](ctx, m.Branch, &diags), nested[projectBranchModel](ctx, state.Branch, &diags)
	if !isUnset(planned.Name) && !before.Name.IsNull() && !planned.Name.Equal(before.Name) {
		names.branch = planned.Name.ValueString()
	}
	if !isUnset(planned.DatabaseName) && !before.DatabaseName.IsNull() && !planned.DatabaseName.Equal(before.DatabaseName) {
		names.databaseFrom, names.databaseTo = before.DatabaseName.ValueString(), planned.DatabaseName.ValueString()
	}
	if !isUnset(planned.RoleName) && !before.RoleName.IsNull() && !planned.RoleName.Equal(before.RoleName) {
		names.roleFrom, names.roleTo = before.RoleName.ValueString(), planned.RoleName.ValueString()
	}
	return names
}

// rename renames the default branch and the first database. A failure goes with the error.
func (r *projectResource) rename(ctx context.Context, plan, state projectModel, held *neon.Owned) (all []neon.Operation, f failure, err error) {
	names, branchID := plan.renames(ctx, state), state.DefaultBranchID.ValueString()
	at := path.Root("branch")
	if names.branch != "" {
		all, err = held.RenameBranch(ctx, branchID, names.branch)
		if err != nil {
			return nil, failure{
				summary: "Branch not renamed", at: at.AtName("name"),
				advice: fmt.Sprintf("Branch %s of project %s keeps its name. If somebody has deleted it, set branch.name back to what it was.", branchID, held.Project.ID),
			}, err
		}
	}
	if names.databaseTo != "" {
		operations, err := held.RenameDatabase(ctx, branchID, names.databaseFrom, names.databaseTo)
		if err != nil {
			return nil, failure{
				summary: "Database not renamed", at: at.AtName("database_name"),
				advice: fmt.Sprintf("Database %q of branch %s of project %s was not renamed. If somebody has deleted or renamed it, set branch.database_name back to %[1]q, which changes nothing at Neon.",
					names.databaseFrom, branchID, held.Project.ID),
			}, err
		}
		all = append(all, operations...)
	}
	return all, f, nil
}
