package provider

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Read works out the status. What the process knows of the project already is not
// asked for again.
func (r *projectTransferRequestResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state transferRequestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	owner, diags := loadOwner(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ProjectID.ValueString()
	if state.Status.ValueString() == statusClaimed {
		if r.isStillOurs(id, r.handovers.owner(id), owner) {
			state.Status = types.StringValue(statusExpired) // it is back, and the link is used up
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	if taker, isTaken := r.handovers.taker(id); isTaken {
		r.saveClaimed(ctx, state, taker, resp)
		return
	}
	project, err := r.client.ReadProject(ctx, id, owner.OrgID)
	switch {
	case err == nil:
		r.readPresent(ctx, state, owner, project.OwnerID, resp)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		r.readAbsent(ctx, state, owner, err, resp)
	default:
		resp.Diagnostics.Append(failure{summary: "Project of the transfer request not read"}.diagnostics(err)...)
	}
}

func (r *projectTransferRequestResource) readPresent(ctx context.Context, state transferRequestModel, owner ownerRecord, ownerID string, resp *resource.ReadResponse) {
	id := state.ProjectID.ValueString()
	switch {
	case owner.isEmpty() || ownerID == owner.OwnerID:
		state.Status = types.StringValue(state.statusAt(r.client.Now()))
	case r.isStillOurs(id, ownerID, owner):
		state.Status = types.StringValue(statusExpired) // a move ends the links that were made before it
	default:
		r.saveClaimed(ctx, state, ownerID, resp)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// saveClaimed records who was seen to have the project, for the plan that follows.
func (r *projectTransferRequestResource) saveClaimed(ctx context.Context, state transferRequestModel, ownerID string, resp *resource.ReadResponse) {
	state.Status = types.StringValue(statusClaimed)
	resp.Diagnostics.Append(saveSeenOwner(ctx, resp.Private, ownerID)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *projectTransferRequestResource) readAbsent(ctx context.Context, state transferRequestModel, owner ownerRecord, refusal error, resp *resource.ReadResponse) {
	id := state.ProjectID.ValueString()
	found, err := r.client.Resolve(ctx, id, owner.home(r.handovers.owner(id), r.client.MovedTo(id)), owner.owners(), refusal)
	if err != nil {
		resp.Diagnostics.Append(absenceFailure(id, err).diagnostics(err)...)
		return
	}
	switch found.Fate {
	case neon.FateOurs, neon.FateTaken:
		r.readPresent(ctx, state, owner, found.Item.OwnerID, resp)
	case neon.FateVanished:
		r.saveClaimed(ctx, state, "", resp)
	case neon.FateDeleted:
		resp.Diagnostics.AddWarning("Project of a transfer request was deleted",
			fmt.Sprintf("Project %s is deleted, so its claim URL no longer works, and the request is taken out of the state. %s", id, recoveryAdvice(id, found.RecoverableUntil)))
		resp.State.RemoveResource(ctx)
	}
}

// seenOwnerKey is where a refresh notes who has a project that counts as claimed.
const seenOwnerKey = "seen_owner"

func saveSeenOwner(ctx context.Context, private privateSetter, ownerID string) diag.Diagnostics {
	return private.SetKey(ctx, seenOwnerKey, []byte(`"`+ownerID+`"`))
}

func loadSeenOwner(ctx context.Context, private privateGetter) (string, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, seenOwnerKey)
	return unquoted(value), diags
}

func unquoted(value []byte) string {
	if len(value) < 2 {
		return ""
	}
	return string(value[1 : len(value)-1])
}

// retiredRequest is a transfer request that was just given up for a new one.
type retiredRequest struct {
	owner     ownerRecord
	isClaimed bool
}

// retiredRequests are kept by project between the destruction and the creation of a
// replacement, which a CLI tells nothing of each other. The zero value is ready to use.
type retiredRequests struct{ byProject sync.Map }

func (r *retiredRequests) note(projectID string, request retiredRequest) {
	r.byProject.Store(projectID, request)
}

func (r *retiredRequests) take(projectID string) (retiredRequest, bool) {
	value, found := r.byProject.LoadAndDelete(projectID)
	request, _ := value.(retiredRequest)
	return request, found
}

// keepClaimed saves a request as claimed that was to be replaced, where its project
// was claimed before or since the plan was made. Otherwise it reports false, and a new
// one is made.
func (r *projectTransferRequestResource) keepClaimed(ctx context.Context, plan transferRequestModel, before retiredRequest, resp *resource.CreateResponse) bool {
	id, ownerID := plan.ProjectID.ValueString(), ""
	if before.owner.isEmpty() && !before.isClaimed {
		return false
	}
	if !before.owner.isEmpty() {
		owners := append(before.owner.owners(r.client.MovedTo(id)), r.expectedOwners(id, plan.OrgID)...)
		found, err := r.client.Find(ctx, id, before.owner.home(r.handovers.owner(id), r.client.MovedTo(id)), owners)
		if err != nil || found.Fate == neon.FateOurs || found.Fate == neon.FateDeleted {
			return false // what follows says so
		}
		if found.Item != nil {
			ownerID = found.Item.OwnerID
		}
	}
	plan.setClaimed()
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(before.owner.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(noteCreated(ctx, resp.Private)...)
	resp.Diagnostics.Append(saveSeenOwner(ctx, resp.Private, ownerID)...)
	resp.Diagnostics.AddWarning("Project was claimed, and no link was made",
		fmt.Sprintf("Project %s belongs to %s now, so no new transfer request was made for it. The request is in state with the status claimed, and later plans leave it alone.", id, ownerName(ownerID)))
	return true
}
