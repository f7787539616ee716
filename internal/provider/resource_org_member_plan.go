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
	made, diags := r.planNew(ctx, req.Private, resp.Private)
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
	at, current := plan.at(), plan
	if member != nil {
		resp.Diagnostics.Append(otherPerson(plan, *member)...)
		current.readSeat(neon.Seat{Member: member})
	}
	claimed := current.firstClaim(made.token, plan.key())
	resp.Diagnostics.Append(r.claimSeat(claimed, at)...)
	resp.Diagnostics.Append(made.note(ctx, claimed, resp.Private)...)
	if made.was.keeps(claimed) {
		resp.Diagnostics.Append(seatKept(current, "the resource is replaced by one for the same seat"))
	}
	if member == nil {
		resp.Diagnostics.Append(r.planInvitation(ctx, plan, made.was.Ends)...)
		return
	}
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

// planInvitation is for a person who isn't a member. It says beforehand that they
// must not be invited, or that the key can't. Where somebody gives up a seat for
// them, it also says that they would not get one.
func (r *orgMemberResource) planInvitation(ctx context.Context, plan orgMemberModel, isReplacement bool) diag.Diagnostics {
	orgID, email := plan.OrgID.ValueString(), plan.Email.ValueString()
	if diags := r.refuseFormerAddress(ctx, orgID, email); diags.HasError() {
		return diags
	}
	if !plan.Invite.ValueBool() && !isReplacement {
		return nil // the apply says it, unless they join before
	}
	if !isUnset(plan.Email) {
		invitation, err := r.client.FindInvitation(ctx, orgID, email)
		if err != nil || invitation != nil {
			return nil
		}
	}
	if plan.Invite.ValueBool() {
		return r.requirePersonalKey(ctx, path.Root("invite"), invitePeople, orgAdmin)
	}
	return diag.Diagnostics{notAMember(plan)}
}

// planUpdate keeps an address as it was first written, and finds out whether
// another seat is meant.
func (r *orgMemberResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state orgMemberModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.planNames(ctx, state, req.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kept := state.claim(token, manages)
	note := planNote{}
	note.next(kept)
	resp.Diagnostics.Append(writeNote(ctx, resp.Private, planKey, note)...)
	if config.isNameUnknown() {
		resp.Plan.Raw = req.State.Raw
		resp.Diagnostics.Append(r.claimSeat(kept, state.at())...)
		resp.Diagnostics.Append(nameNotKnown(state))
		return
	}
	meant, diags := r.whoIsMeant(ctx, config, state)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.RequiresReplace = meant.others; len(meant.others) > 0 {
		note, diags := r.planEnd(ctx, state, token, meant.others[0])
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(writeNote(ctx, resp.Private, planKey, note)...)
		return // the new seat is planned next
	}
	if !meant.email.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("email"), meant.email)...)
	}
	resp.Diagnostics.Append(r.claimSeat(kept, config.at())...)
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
	token, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.planNames(ctx, state, req.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	note, diags := r.planEnd(ctx, state, token, path.Root("on_destroy"))
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(writeNote(ctx, resp.Private, planKey, note)...)
}

// planEnd is for a seat that the resource gives up. Where another resource was
// created for it just now, Delete leaves it to that one.
func (r *orgMemberResource) planEnd(ctx context.Context, state orgMemberModel, token string, at path.Path) (planNote, diag.Diagnostics) {
	note := planNote{Ends: true}
	how, last := state.OnDestroy.ValueString(), state.lastClaim(token)
	if how == onDestroyKeep || r.claims.holder(last) != nil {
		return note, nil
	}
	diags := r.claimSeat(last, at)
	// The end of a resource that is in no configuration any more is planned from the
	// state before the refresh: the person may have joined since.
	current := r.seatInLists(ctx, state)
	if !current.isActive() {
		return note, diags
	}
	will := "be removed from"
	if how == onDestroyDemote {
		will = "lose the role " + current.Role.ValueString() + " in"
	} else {
		diags.Append(r.requirePersonalKey(ctx, at, removeMembers, orgAdmin)...)
	}
	diags.Append(r.refuseLastAdmin(ctx, current, at)...)
	var more diag.Diagnostics
	note.Self, more = r.warnOfSelf(ctx, current, at, will)
	diags.Append(more...)
	return note, diags
}

// planRole is for a member who is given another role.
func (r *orgMemberResource) planRole(ctx context.Context, state orgMemberModel, role types.String) diag.Diagnostics {
	if role.ValueString() == neon.RoleAdmin {
		r.adminsGoing.stays(state.OrgID.ValueString(), state.MemberID.ValueString())
		return nil
	}
	at := path.Root("role")
	diags := r.refuseLastAdmin(ctx, state, at)
	if current := r.seatInLists(ctx, state); current.Role.ValueString() == neon.RoleAdmin {
		_, more := r.warnOfSelf(ctx, current, at, "no longer be an admin of")
		diags.Append(more...)
	}
	return diags
}

// claimSeat refuses to plan for a seat that another resource is after.
func (c *configured) claimSeat(mine orgClaim, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	if first := c.claims.plan(mine); first != nil {
		problem := seatConflict(*first, mine)
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

// warnOfSelf warns whoever is about to shut themselves out, and reports whether it
// had to.
func (r *orgMemberResource) warnOfSelf(ctx context.Context, state orgMemberModel, at path.Path, will string) (isSelf bool, diags diag.Diagnostics) {
	auth, err := r.client.KeyOwner(ctx)
	if err != nil || auth.AuthMethod == neon.AuthMethodOrgKey || auth.AccountID != state.UserID.ValueString() {
		return false, nil
	}
	diags.AddAttributeWarning(at, "The API key is this member's own",
		fmt.Sprintf("%s, whose key the provider uses, will %s organization %s. The key can't undo that afterwards, and whatever else this configuration does there may fail from then on.",
			state.who(), will, state.OrgID.ValueString()))
	return true, diags
}
