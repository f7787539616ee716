package provider

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Delete gives the seat up, as on_destroy says, unless somebody is going to have it
// by the configuration: where the resource is replaced by one for the same seat,
// or another one took the seat over.
func (r *orgMemberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, note, diags := r.releaseClaims(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(r.noteNames(ctx, state, req.Private)...)
	if resp.Diagnostics.HasError() || state.OnDestroy.ValueString() == onDestroyKeep {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	last := state.lastClaim(token)
	if note.keeps(last) {
		resp.Diagnostics.Append(r.handOver(ctx, state, note)...)
		return
	}
	keeper, over := r.claims.end(last)
	if keeper != nil {
		resp.Diagnostics.Append(seatKept(state, "another resource of the configuration has it"))
		return
	}
	defer over()
	if !note.Ends {
		resp.Diagnostics.Append(notAnnounced(state))
		return
	}
	current, diags := r.seatNow(ctx, state)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.giveUp(ctx, current, note, token)...)
	}
}

// handOver leaves the seat to the new one of two, unless the member has another
// address by now: the new one would not find them, and could invite the old one.
func (r *orgMemberResource) handOver(ctx context.Context, state orgMemberModel, note planNote) diag.Diagnostics {
	current, diags := r.seatNow(ctx, state)
	if diags.HasError() {
		return diags
	}
	if email := current.Email.ValueString(); note.Email != "" && current.isActive() && !neon.SameEmail(email, note.Email) {
		diags.AddError("Member has another e-mail address",
			fmt.Sprintf("Member %s of organization %s was %s and is %s now, which the plan did not know. Nothing was changed. Plan again.",
				current.MemberID.ValueString(), current.OrgID.ValueString(), note.Email, email))
		return diags
	}
	return diag.Diagnostics{seatKept(state, "the resource is replaced by one for the same seat")}
}

// giveUp does what on_destroy says with a seat.
func (r *orgMemberResource) giveUp(ctx context.Context, current seenSeat, note planNote, token string) diag.Diagnostics {
	switch {
	case r.claims.keeper(current.lastClaim(token)) != nil: // by the address that they have now
		return diag.Diagnostics{seatKept(current.orgMemberModel, "another resource of the configuration has it")}
	case !current.isActive():
		return diag.Diagnostics{diag.NewWarningDiagnostic("Invitation stays",
			fmt.Sprintf("%s was invited to organization %s and has not joined. Neon's API can't cancel an invitation, so they can still join; cancel it in the Neon Console.", current.who(), current.OrgID.ValueString()))}
	case current.OnDestroy.ValueString() == onDestroyDemote:
		return r.demote(ctx, current, note)
	default:
		return r.remove(ctx, current, note)
	}
}

// releaseClaims lets other resources have what this one had, as a test may go on
// with one provider, and returns what the plan left. Where the resource is
// replaced, the token is that of the new one.
func (c *configured) releaseClaims(ctx context.Context, private privateGetter) (token string, note planNote, diags diag.Diagnostics) {
	token, diags = keptToken(ctx, private)
	diags.Append(readNote(ctx, private, planKey, &note)...)
	c.claims.release(cmp.Or(note.Replaces, token))
	return token, note, diags
}

// seatKept says that a destroyed resource changes nothing.
func seatKept(m orgMemberModel, why string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Seat is kept",
		fmt.Sprintf("%s keeps the seat in organization %s, because %s. Nobody is removed.", m.who(), m.OrgID.ValueString(), why))
}

// notAnnounced refuses to remove somebody whom the plan did not name: the resource is
// tainted, or replaced by force before it was known whose seat comes next.
func notAnnounced(m orgMemberModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Member not removed",
		fmt.Sprintf("%s would lose the seat in organization %s, and the plan did not say so: the resource is tainted or replaced by force, and the configuration means another person, or one who was not known yet. "+
			"Nothing was sent to Neon. If the resource is tainted, run untaint for it; leave -replace out; then plan again, which shows whose seat goes.",
			m.who(), m.OrgID.ValueString()))
}

func (r *orgMemberResource) remove(ctx context.Context, m seenSeat, note planNote) diag.Diagnostics {
	if diags := r.requirePersonalKey(ctx, path.Empty(), removeMembers, orgAdmin); diags.HasError() {
		return diags
	}
	if diags := r.refuseOwnSeat(ctx, m, note, "removed"); diags.HasError() {
		return diags
	}
	err := r.client.RemoveMember(ctx, m.OrgID.ValueString(), m.MemberID.ValueString())
	if err == nil {
		return nil
	}
	return memberFailure("Member not removed", err, m.orgMemberModel, m.who()+" is still a member. Removing members needs the personal key of an admin of the organization.").diagnostics(err)
}

// demote gives the role that members have by default. One who is gone needs none.
func (r *orgMemberResource) demote(ctx context.Context, m seenSeat, note planNote) diag.Diagnostics {
	if m.Role.ValueString() == neon.RoleAdmin {
		if diags := r.refuseOwnSeat(ctx, m, note, "demoted"); diags.HasError() {
			return diags
		}
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

// refuseOwnSeat refuses to shut out whoever applies, where the plan did not warn
// them: it was made with another key.
func (r *orgMemberResource) refuseOwnSeat(ctx context.Context, m seenSeat, note planNote, how string) diag.Diagnostics {
	if note.Self {
		return nil
	}
	auth, err := r.client.KeyOwner(ctx)
	if err != nil {
		return failure{summary: "API key not accepted"}.diagnostics(err)
	}
	if auth.AuthMethod == neon.AuthMethodOrgKey || auth.AccountID != m.UserID.ValueString() {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic("The API key is this member's own",
		fmt.Sprintf("%s would be %s in organization %s with their own API key, and the plan did not warn of it, because it was made with another key. Nothing was sent to Neon. Plan again with the key that applies.",
			m.who(), how, m.OrgID.ValueString()))}
}
