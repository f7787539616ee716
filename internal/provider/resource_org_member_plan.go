package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// ModifyPlan says at plan time what can be known: that a seat is managed twice,
// that the last admin would go, that the key is the wrong one, and what becomes of
// people who are members already.
func (r *orgMemberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.configured == nil {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	default:
		keepUnconfigured(req, resp)
		r.planUpdate(ctx, req, resp)
	}
}

// planCreate looks whether the person is a member. What Neon refuses to show now
// it refuses to the apply as well, which then says what that means.
func (r *orgMemberResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.planOrganization(ctx, req, resp)
	var plan orgMemberModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	token, diags := seatToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || plan.key() == (neon.MemberKey{}) {
		return
	}
	orgID, diags := r.planOrgID(ctx, req.Config, plan.OrgID)
	resp.Diagnostics.Append(diags...)
	if orgID == "" {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("org_id"), orgID)...)
	plan.OrgID = types.StringValue(orgID)

	member, err := r.client.FindMember(ctx, orgID, plan.key())
	if err != nil {
		return
	}
	at := plan.at()
	if member == nil {
		resp.Diagnostics.Append(r.claimSeat(plan.firstClaim(token, plan.key()), at)...)
		resp.Diagnostics.Append(r.planInvitation(ctx, plan)...)
		return
	}
	resp.Diagnostics.Append(otherPerson(plan, *member)...)
	current := plan
	current.readSeat(neon.Seat{Member: member})
	resp.Diagnostics.Append(r.claimSeat(current.firstClaim(token, plan.key()), at)...)
	if !plan.Role.IsUnknown() && !plan.Role.Equal(current.Role) {
		resp.Diagnostics.AddAttributeWarning(path.Root("role"), "Role of a member will change",
			fmt.Sprintf("%s is a member of %s already, as %s, and will be given the role %s.", current.who(), orgID, current.Role.ValueString(), plan.Role.ValueString()))
		resp.Diagnostics.Append(r.planRole(ctx, current, plan.Role)...)
	}
}

// planOrgID gives the organization, or "" where it is not known yet.
func (c *configured) planOrgID(ctx context.Context, config tfsdk.Config, planned types.String) (string, diag.Diagnostics) {
	var own types.String
	diags := config.GetAttribute(ctx, path.Root("org_id"), &own)
	if diags.HasError() || own.IsUnknown() {
		return "", diags
	}
	id, more := c.requireOrganization(ctx, knownOrNull(planned))
	diags.Append(more...)
	return id, diags
}

// planInvitation says beforehand that the key can't invite, where it has to.
func (r *orgMemberResource) planInvitation(ctx context.Context, plan orgMemberModel) diag.Diagnostics {
	if !plan.Invite.ValueBool() {
		return nil
	}
	invitation, err := r.client.FindInvitation(ctx, plan.OrgID.ValueString(), plan.Email.ValueString())
	if err != nil || invitation != nil {
		return nil
	}
	return r.requirePersonalKey(ctx, path.Root("invite"), invitePeople, orgAdmin)
}

// planUpdate keeps an address as it was first written, and finds out whether
// another seat is meant.
func (r *orgMemberResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state orgMemberModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := seatToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.RequiresReplace = state.replacedBy(config); len(resp.RequiresReplace) > 0 {
		resp.Diagnostics.Append(r.planEnd(ctx, state, token, resp.RequiresReplace[0])...)
		return // the new seat is planned next
	}
	if !state.Email.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("email"), state.Email)...)
	}
	resp.Diagnostics.Append(r.claimSeat(state.claim(token, false), config.at())...)
	switch {
	case plan.Role.Equal(state.Role) || plan.Role.IsUnknown():
	case state.isActive():
		resp.Diagnostics.Append(r.planRole(ctx, state, plan.Role)...)
	default:
		resp.Diagnostics.Append(roleOfInvitation(state, plan.Role.ValueString()))
	}
}

// roleOfInvitation says that the role has to wait.
func roleOfInvitation(state orgMemberModel, role string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("role"), "Role takes effect later",
		fmt.Sprintf("%s is invited to %s as %s and has not joined yet. Neon's API can't change an invitation, so the role %s is given by the first apply after they have joined; until then every plan shows it. "+
			"If they must not join as %s, cancel the invitation in the Neon Console and apply again.",
			state.who(), state.OrgID.ValueString(), state.Role.ValueString(), role, state.Role.ValueString()))
}

// planDestroy warns of what destroying means, and refuses what Neon would refuse.
func (r *orgMemberResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state orgMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := seatToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.planEnd(ctx, state, token, path.Root("on_destroy"))...)
	}
}

// planEnd is for a seat that the resource gives up.
func (r *orgMemberResource) planEnd(ctx context.Context, state orgMemberModel, token string, at path.Path) diag.Diagnostics {
	how := state.OnDestroy.ValueString()
	if how == onDestroyKeep {
		return nil
	}
	diags := r.claimSeat(state.claim(token, true), at)
	if !state.isActive() {
		return diags
	}
	if how == onDestroyDemote {
		diags.Append(r.refuseLastAdmin(ctx, state, at)...)
		diags.Append(r.warnOfSelf(ctx, state, at, "lose the role "+state.Role.ValueString()+" in")...)
		return diags
	}
	diags.Append(r.requirePersonalKey(ctx, at, removeMembers, orgAdmin)...)
	diags.Append(r.refuseLastAdmin(ctx, state, at)...)
	diags.Append(r.warnOfSelf(ctx, state, at, "be removed from")...)
	return diags
}

// planRole is for a member who is given another role.
func (r *orgMemberResource) planRole(ctx context.Context, state orgMemberModel, role types.String) diag.Diagnostics {
	if role.ValueString() == neon.RoleAdmin {
		r.adminsGoing.stays(state.OrgID.ValueString(), state.MemberID.ValueString())
		return nil
	}
	at := path.Root("role")
	diags := r.refuseLastAdmin(ctx, state, at)
	if state.Role.ValueString() == neon.RoleAdmin {
		diags.Append(r.warnOfSelf(ctx, state, at, "no longer be an admin of")...)
	}
	return diags
}

// claimSeat refuses to plan for a seat that another resource is after.
func (c *configured) claimSeat(claim seatClaim, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	if first := c.seats.claim(claim); first != nil {
		problem := claim.conflict(*first)
		diags.AddAttributeError(at, problem.summary, problem.detail)
	}
	return diags
}

// refuseLastAdmin refuses a plan that takes an organization its last admin. Who is
// to become one by the same plan doesn't count: Neon may meet the changes in
// another order.
func (r *orgMemberResource) refuseLastAdmin(ctx context.Context, state orgMemberModel, at path.Path) diag.Diagnostics {
	orgID, memberID := state.OrgID.ValueString(), state.MemberID.ValueString()
	members, err := r.client.Members(ctx, orgID)
	if err != nil {
		return nil // the apply meets it too
	}
	var names []string
	isAdmin := false
	admins := neon.Admins(members)
	for _, admin := range admins {
		names = append(names, admin.User.Email)
		isAdmin = isAdmin || admin.Member.ID == memberID
	}
	if !isAdmin || len(r.adminsGoing.adminsLeft(orgID, memberID, admins)) > 0 {
		return nil
	}
	which := fmt.Sprintf("%s is the only admin of organization %s.", strings.Join(names, ", "), orgID)
	if len(names) > 1 {
		which = fmt.Sprintf("The admins of organization %s are %s, and this plan demotes or removes all of them.", orgID, strings.Join(names, ", "))
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "Organization would be without an admin",
		which+" Neon neither removes nor demotes the last admin. Make somebody else an admin first, by an apply of its own; "+
			"to give up only the resource, apply on_destroy = \"keep\" first, or take it out by a removed block with destroy = false.")}
}

// warnOfSelf warns whoever is about to shut themselves out.
func (r *orgMemberResource) warnOfSelf(ctx context.Context, state orgMemberModel, at path.Path, will string) diag.Diagnostics {
	var diags diag.Diagnostics
	auth, err := r.client.KeyOwner(ctx)
	if err != nil || auth.AuthMethod == neon.AuthMethodOrgKey || auth.AccountID != state.UserID.ValueString() {
		return diags
	}
	diags.AddAttributeWarning(at, "The API key is this member's own",
		fmt.Sprintf("%s, whose key the provider uses, will %s organization %s. The key can't undo that afterwards, and whatever else this configuration does there may fail from then on.",
			state.who(), will, state.OrgID.ValueString()))
	return diags
}
