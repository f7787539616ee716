package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	token, diags := newToken(ctx, resp.Private)
	resp.Diagnostics.Append(diags...)
	taken, diags := r.holdSeat(ctx, plan, token)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.giveFirstRole(ctx, taken, plan.Role.ValueString())...)
	if resp.Diagnostics.HasError() {
		r.claims.release(token)
		return
	}
	taken.Role = plan.Role
	resp.Diagnostics.Append(taken.save(ctx, &resp.State, resp.Identity)...)
}

// giveFirstRole gives the role to somebody whose seat was taken, unless they have
// it or are invited only.
func (r *orgMemberResource) giveFirstRole(ctx context.Context, taken orgMemberModel, role string) diag.Diagnostics {
	if taken.Role.ValueString() == role {
		return nil
	}
	if !taken.isActive() {
		return diag.Diagnostics{roleOfInvitation(taken, role)}
	}
	current, diags := r.seatNow(ctx, taken)
	if !diags.HasError() {
		diags.Append(r.giveRole(ctx, current, role)...)
	}
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
	_, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.noteNames(ctx, state, req.Private)...)

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
		if !before.MemberID.IsNull() && !before.Email.IsNull() && !neon.SameEmail(before.Email.ValueString(), state.Email.ValueString()) {
			resp.Diagnostics.Append(noteFormer(ctx, before.Email.ValueString(), req.Private, resp.Private)...)
			resp.Diagnostics.AddWarning("Member has another e-mail address",
				fmt.Sprintf("Member %s of organization %s was %s and is %s now. The seat stays theirs. If the configuration names them by email, write the new address there.",
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
		current, diags := r.seatNow(ctx, state)
		resp.Diagnostics.Append(diags...)
		if !resp.Diagnostics.HasError() && current.isActive() {
			resp.Diagnostics.Append(r.giveRole(ctx, current, plan.Role.ValueString())...)
		}
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
	}
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
