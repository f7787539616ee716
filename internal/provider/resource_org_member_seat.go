package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// takeSeat finds the person's seat, or invites them to one.
func (r *orgMemberResource) takeSeat(ctx context.Context, plan orgMemberModel) (*neon.Seat, diag.Diagnostics) {
	orgID, at := plan.OrgID.ValueString(), plan.at()
	seat, err := r.findSeat(ctx, plan)
	if err != nil {
		return nil, failure{summary: "Members not read", advice: "Nothing was changed, because it could not be found out who is in organization " + orgID + "."}.diagnostics(err)
	}
	if seat == nil || seat.Member == nil {
		if diags := r.refuseFormerAddress(ctx, orgID, plan.Email.ValueString()); diags.HasError() {
			return nil, diags
		}
	}
	switch {
	case seat != nil && seat.Member == nil:
		return seat, diag.Diagnostics{adoptedInvitation(*seat.Invitation, at)}
	case seat != nil:
		return seat, otherPerson(plan, *seat.Member)
	case plan.Invite.ValueBool():
		return r.invite(ctx, orgID, plan.Email.ValueString(), plan.Role.ValueString(), path.Root("invite"))
	}
	return nil, diag.Diagnostics{notAMember(plan)}
}

func notAMember(plan orgMemberModel) diag.Diagnostic {
	at := plan.at()
	advice := "Correct the id, or name the person by email, with invite = true, so that they are invited."
	if at.Equal(path.Root("email")) {
		advice = "Set invite = true to have them invited, which needs the personal API key of an admin, or correct the address."
	}
	return diag.NewAttributeErrorDiagnostic(at, "Not a member",
		fmt.Sprintf("Organization %s has no %s, neither as a member nor as somebody who was invited. %s", plan.OrgID.ValueString(), plan.who(), advice))
}

// holdSeat takes the person's seat for a new resource, and refuses one that another
// resource was created for just now. A destruction of the seat that has begun is
// waited for, and then there is a seat or not.
func (r *orgMemberResource) holdSeat(ctx context.Context, plan orgMemberModel, token string) (orgMemberModel, diag.Diagnostics) {
	for {
		seat, diags := r.takeSeat(ctx, plan)
		if diags.HasError() {
			return plan, diags
		}
		taken := plan
		taken.readSeat(*seat)
		mine := taken.claim(token, manages)
		first, ended := r.claims.hold(mine)
		if first != nil {
			problem := seatConflict(*first, mine)
			diags.AddAttributeError(taken.at(), problem.summary, problem.detail)
		}
		if ended == nil {
			return taken, diags
		}
		if err := awaitEnd(ctx, ended); err != nil {
			return plan, failure{summary: "Seat not taken", at: plan.at()}.diagnostics(err)
		}
	}
}

// otherPerson says which of several names is another person's.
func otherPerson(plan orgMemberModel, member neon.MemberWithUser) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, at := range plan.disagrees(member) {
		diags.AddAttributeError(at, "Names of different people",
			fmt.Sprintf("The member is named by several attributes, and %s is not that of %s, who is user %s and member %s of organization %s. Leave one of them out, or correct it.",
				at, member.User.Email, member.Member.UserID, member.Member.ID, member.Member.OrgID))
	}
	return diags
}

// findSeat looks for the seat that the model names. It is nil where there is none.
func (r *orgMemberResource) findSeat(ctx context.Context, m orgMemberModel) (*neon.Seat, error) {
	orgID, key := m.OrgID.ValueString(), m.key()
	var member *neon.MemberWithUser
	var err error
	switch {
	case key.MemberID != "":
		member, err = r.client.ReadMember(ctx, orgID, key.MemberID)
	case key.UserID != "":
		member, err = r.client.FindMember(ctx, orgID, key)
	default:
		return r.client.FindSeat(ctx, orgID, key.Email)
	}
	if member == nil {
		return nil, err
	}
	return &neon.Seat{Member: member}, nil
}

// invite sends an invitation, together with those of others.
func (c *configured) invite(ctx context.Context, orgID, email, role string, at path.Path) (*neon.Seat, diag.Diagnostics) {
	if diags := c.requirePersonalKey(ctx, at, invitePeople, orgAdmin); diags.HasError() {
		return nil, diags
	}
	seat, err := c.client.Invite(ctx, orgID, email, role)
	if err == nil {
		return seat, nil
	}
	if _, isSent := errors.AsType[*neon.JoinUnknownError](err); isSent {
		return seat, diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("email"), "Invitation sent, and nothing seen of it",
			fmt.Sprintf("%s was invited to %s. Whether they have joined at once could not be seen, so the state says that they have not; the next refresh shows how things are.\n\n%s", email, orgID, technical(err)))}
	}
	f := failure{summary: "Invitation not sent", at: path.Root("email")}
	_, isNowhere := errors.AsType[*neon.NotInvitedError](err)
	switch {
	case isNowhere:
		f.advice = fmt.Sprintf("Look in the Neon Console whether %s is invited to %s, then apply again.", email, orgID)
	case neon.IsOutcomeUnknown(err):
		f.advice = fmt.Sprintf("It is not known whether %s was invited to %s. The next apply looks first, and invites only who is not there.", email, orgID)
	default:
		f.advice = fmt.Sprintf("%s was not invited to %s as %s. Inviting needs the personal key of an admin of the organization, and the organization has to have the role.", email, orgID, role)
	}
	return nil, f.diagnostics(err)
}

// adoptedInvitation says that nobody was invited again.
func adoptedInvitation(invitation neon.Invitation, at path.Path) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(at, "Invitation was there already",
		fmt.Sprintf("%s was invited to %s on %s, so that invitation was taken over and no other was sent. "+
			"Neon lists invitations after they were accepted, too: if they were a member before and have left since, cancel it in the Neon Console and apply again, so that they are invited anew.",
			invitation.Email, invitation.OrgID, invitation.InvitedAt.UTC().Format("2006-01-02")))
}

// seenSeat is a seat as Neon has just shown it: what changes or removes a member
// asks for one.
type seenSeat struct{ orgMemberModel }

// seatNow looks at a seat before it is changed. Somebody who was invited may have
// joined since the plan was made, and a member may have another role or address.
// What no list shows stays as it was: whether it is gone is for the change to say.
func (r *orgMemberResource) seatNow(ctx context.Context, state orgMemberModel) (seenSeat, diag.Diagnostics) {
	var seat *neon.Seat
	var err error
	if state.isActive() {
		var member *neon.MemberWithUser
		if member, err = r.client.MemberNow(ctx, state.OrgID.ValueString(), state.MemberID.ValueString()); member != nil {
			seat = &neon.Seat{Member: member}
		}
	} else {
		seat, err = r.client.SeatNow(ctx, state.OrgID.ValueString(), state.Email.ValueString())
	}
	if err != nil {
		return seenSeat{state}, hiddenPeople("Member not read", state.OrgID.ValueString()).diagnostics(err)
	}
	if seat != nil {
		state.readSeat(*seat)
	}
	return seenSeat{state}, nil
}

// seatInLists is the seat as the lists have it that were read for the plan.
func (r *orgMemberResource) seatInLists(ctx context.Context, state orgMemberModel) orgMemberModel {
	if seat, err := r.findSeat(ctx, state); err == nil && seat != nil {
		state.readSeat(*seat)
	}
	return state
}

// giveRole changes the role of a member.
func (r *orgMemberResource) giveRole(ctx context.Context, m seenSeat, role string) diag.Diagnostics {
	if m.Role.ValueString() == role {
		return nil
	}
	updated, err := r.client.UpdateMemberRole(ctx, m.OrgID.ValueString(), m.MemberID.ValueString(), role)
	if err != nil {
		return memberFailure("Role not changed", err, m.orgMemberModel,
			fmt.Sprintf("%s has the role %s as before. Changing roles needs the key of an admin of the organization, or the organization's own, and the organization has to have the role %s.", m.who(), m.Role.ValueString(), role)).diagnostics(err)
	}
	var diags diag.Diagnostics
	if updated.Role != role {
		diags.AddAttributeWarning(path.Root("role"), "Neon gave another role",
			fmt.Sprintf("%s was to have the role %s, and Neon answers that they have %s. If the organization calls the role so, write %[3]q.", m.who(), role, updated.Role))
	}
	return diags
}

// memberFailure explains why a member was not changed.
func memberFailure(summary string, err error, m orgMemberModel, advice string) failure {
	f := failure{summary: summary, advice: advice}
	if last, ok := errors.AsType[*neon.LastAdminError](err); ok {
		f.advice = fmt.Sprintf("%s is the only admin of organization %s, and Neon neither removes nor demotes the last one. Make somebody else an admin first, then apply again.", last.Admin.User.Email, m.OrgID.ValueString())
	} else if neon.IsOutcomeUnknown(err) {
		f.advice = fmt.Sprintf("It is not known whether the change of %s was made. The next plan shows how things are.", m.who())
	}
	return f
}

// hiddenPeople explains a refusal to show who is in an organization.
func hiddenPeople(summary, orgID string) failure {
	return failure{
		summary: summary,
		advice: "The API key does not see who is in organization " + orgID + ". That says nothing about them, so the state was kept and nothing is planned anew. " +
			"Use a key of that organization, or of one of its members.",
	}
}
