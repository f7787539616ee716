package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgMemberResource struct{ resourceBase }

var (
	_ resource.Resource                     = (*orgMemberResource)(nil)
	_ resource.ResourceWithConfigure        = (*orgMemberResource)(nil)
	_ resource.ResourceWithConfigValidators = (*orgMemberResource)(nil)
	_ resource.ResourceWithIdentity         = (*orgMemberResource)(nil)
	_ resource.ResourceWithImportState      = (*orgMemberResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*orgMemberResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*orgMemberResource)(nil)
)

func newOrgMemberResource() resource.Resource { return &orgMemberResource{} }

// What only personal keys of admins can do with people.
const (
	invitePeople  = "invite people"
	removeMembers = "remove members"
)

// Metadata implements resource.Resource. The identity of an invited person changes
// when they join, as only then they have a member id.
func (r *orgMemberResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_org_member"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

// Create adopts a member or an invitation, or invites. Where the role can't be
// given nothing goes into state: a resource that the CLI marks as tainted would
// remove the member with the next apply.
func (r *orgMemberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	orgID, diags := r.requireOrganization(ctx, knownOrNull(plan.OrgID))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrgID = types.StringValue(orgID)
	seat, diags := r.takeSeat(ctx, plan)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	role := plan.Role.ValueString()
	taken := plan
	taken.readSeat(*seat)
	resp.Diagnostics.Append(r.holdSeat(ctx, taken, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if taken.isActive() && taken.Role.ValueString() != role {
		resp.Diagnostics.Append(r.giveRole(ctx, taken, role)...)
	} else if taken.Role.ValueString() != role {
		resp.Diagnostics.Append(roleOfInvitation(taken, role))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	taken.Role = plan.Role
	resp.Diagnostics.Append(taken.save(ctx, &resp.State, resp.Identity)...)
}

// holdSeat refuses a seat that another resource was created for just now.
func (r *orgMemberResource) holdSeat(ctx context.Context, taken orgMemberModel, private interface {
	privateGetter
	privateSetter
},
) diag.Diagnostics {
	token, diags := seatToken(ctx, private, private)
	claim := taken.claim(token, false)
	if first := r.heldSeats.claim(claim); first != nil {
		problem := claim.conflict(*first)
		diags.AddAttributeError(taken.at(), problem.summary, problem.detail)
		return diags
	}
	r.seats.settle(claim)
	return diags
}

// Read finds the member by id, or whoever was invited by e-mail address. Only an
// organization that shows its members can tell that somebody is gone.
func (r *orgMemberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
	_, diags := seatToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)

	wasImported := state.Role.IsNull()
	seat, err := r.findSeat(ctx, state)
	switch {
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		resp.Diagnostics.Append(hiddenPeople("Member not visible to this key", state.OrgID.ValueString()).diagnostics(err)...)
	case err != nil:
		resp.Diagnostics.Append(failure{summary: "Member not read"}.diagnostics(err)...)
	case seat == nil && wasImported:
		resp.Diagnostics.AddError("Member not found",
			fmt.Sprintf("Organization %s has no %s. %s", state.OrgID.ValueString(), state.who(), whereMemberIDs))
	case seat == nil:
		resp.Diagnostics.AddWarning("Member is gone",
			fmt.Sprintf("%s is neither a member of organization %s nor invited any more, so the seat is taken out of the state.", state.who(), state.OrgID.ValueString()))
		resp.State.RemoveResource(ctx)
	default:
		before := state
		state.readSeat(*seat)
		if !before.Email.IsNull() && !neon.SameEmail(before.Email.ValueString(), state.Email.ValueString()) {
			resp.Diagnostics.AddWarning("Member has another e-mail address",
				fmt.Sprintf("Member %s of organization %s was %s and is %s now. If the configuration names them by email, change it there, or the plan gives the seat up.",
					state.MemberID.ValueString(), state.OrgID.ValueString(), before.Email.ValueString(), state.Email.ValueString()))
		}
		resp.Diagnostics.Append(state.save(ctx, &resp.State, resp.Identity)...)
	}
}

// Update changes the role. The role of an invitation can't be changed, so that the
// state then says what was asked for, and the next refresh what is.
func (r *orgMemberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state orgMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	if !plan.Role.Equal(state.Role) {
		current, diags := r.currentSeat(ctx, state)
		resp.Diagnostics.Append(diags...)
		if current.isActive() {
			resp.Diagnostics.Append(r.giveRole(ctx, current, plan.Role.ValueString())...)
		}
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
	}
}

// Delete gives the seat up, as on_destroy says.
func (r *orgMemberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.releaseSeat(ctx, req.Private)
	if resp.Diagnostics.HasError() || state.OnDestroy.ValueString() == onDestroyKeep {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	current, diags := r.currentSeat(ctx, state)
	resp.Diagnostics.Append(diags...)
	switch {
	case resp.Diagnostics.HasError():
	case !current.isActive():
		resp.Diagnostics.AddWarning("Invitation stays",
			fmt.Sprintf("%s was invited to organization %s and has not joined. Neon's API can't cancel an invitation, so they can still join; cancel it in the Neon Console.", current.who(), current.OrgID.ValueString()))
	case state.OnDestroy.ValueString() == onDestroyDemote:
		resp.Diagnostics.Append(r.demote(ctx, current)...)
	default:
		resp.Diagnostics.Append(r.remove(ctx, current)...)
	}
}

// releaseSeat lets another resource have the seat, as a test may go on with one
// provider.
func (r *orgMemberResource) releaseSeat(ctx context.Context, private privateGetter) {
	kept, _ := private.GetKey(ctx, seatTokenKey)
	var token string
	if json.Unmarshal(kept, &token) == nil {
		r.seats.release(token)
		r.heldSeats.release(token)
	}
}

func (r *orgMemberResource) remove(ctx context.Context, m orgMemberModel) diag.Diagnostics {
	if diags := r.requirePersonalKey(ctx, path.Empty(), removeMembers, orgAdmin); diags.HasError() {
		return diags
	}
	err := r.client.RemoveMember(ctx, m.OrgID.ValueString(), m.MemberID.ValueString())
	if err == nil {
		return nil
	}
	return memberFailure("Member not removed", err, m, m.who()+" is still a member. Removing members needs the personal key of an admin of the organization.").diagnostics(err)
}

// demote gives the role that members have by default. One who is gone needs none.
func (r *orgMemberResource) demote(ctx context.Context, m orgMemberModel) diag.Diagnostics {
	if m.Role.ValueString() == neon.RoleMember {
		return nil
	}
	diags := r.giveRole(ctx, m, neon.RoleMember)
	if !diags.HasError() {
		return diags
	}
	if member, err := r.client.ReadMember(ctx, m.OrgID.ValueString(), m.MemberID.ValueString()); err == nil && member == nil {
		return nil
	}
	return diags
}

// ImportState takes org_id/member_id, org_id/email, or an identity. What Neon does
// not know of gets the defaults, so that the next plan has nothing to change.
func (r *orgMemberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := importedOrgMember()
	if req.ID == "" {
		var identity orgMemberIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		imported.OrgID, imported.MemberID, imported.Email = identity.OrgID, identity.MemberID, identity.Email
		if imported.key() == (neon.MemberKey{}) {
			resp.Diagnostics.AddError("Nobody to import", "The identity has neither a member_id nor an email.")
		}
	} else {
		id, problem := parseOrgImportID(req.ID, "an organization member", "member_id")
		if problem != nil {
			resp.Diagnostics.AddError(problem.summary, problem.detail)
		}
		imported.OrgID, imported.MemberID, imported.Email = types.StringValue(id.orgID), stringOrNull(id.id), stringOrNull(id.email)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(imported.save(ctx, &resp.State, resp.Identity)...)
	}
}
