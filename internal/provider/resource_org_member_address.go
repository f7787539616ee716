package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// formerKey is where a neon_org_member keeps, in private state, the addresses that
// the member had before. The state has the present one.
const formerKey = "former_emails"

// namesOf returns the addresses by which the state knows the member, or knew them.
func (r *orgMemberResource) namesOf(ctx context.Context, state orgMemberModel, private privateGetter) ([]string, diag.Diagnostics) {
	var former []string
	diags := readNote(ctx, private, formerKey, &former)
	return append(former, state.Email.ValueString()), diags
}

// noteNames notes by which addresses the state knows the member.
func (r *orgMemberResource) noteNames(ctx context.Context, state orgMemberModel, private privateGetter) diag.Diagnostics {
	names, diags := r.namesOf(ctx, state, private)
	for _, email := range names {
		r.names.note(state.OrgID.ValueString(), email, state.MemberID.ValueString())
	}
	return diags
}

// planNames is noteNames for a plan, which refuses a former address to others.
func (r *orgMemberResource) planNames(ctx context.Context, state orgMemberModel, private privateGetter) diag.Diagnostics {
	names, diags := r.namesOf(ctx, state, private)
	for _, email := range names {
		diags.Append(r.planName(ctx, state.OrgID.ValueString(), email, state.MemberID.ValueString())...)
	}
	return diags
}

// noteFormer keeps an address that the member had until now.
func noteFormer(ctx context.Context, email string, before privateGetter, after privateSetter) diag.Diagnostics {
	var former []string
	diags := readNote(ctx, before, formerKey, &former)
	if !slices.ContainsFunc(former, func(known string) bool { return neon.SameEmail(known, email) }) {
		diags.Append(writeNote(ctx, after, formerKey, append(former, email))...)
	}
	return diags
}

// isNameUnknown reports whether it is open who the configuration means.
func (m *orgMemberModel) isNameUnknown() bool {
	return m.OrgID.IsUnknown() || m.Email.IsUnknown() || m.UserID.IsUnknown() || m.MemberID.IsUnknown()
}

// nameNotKnown says that the seat waits until it is known whose it is to be: what
// is not known may turn out to be the same person, whom nobody meant to remove.
func nameNotKnown(state orgMemberModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Member not known yet",
		fmt.Sprintf("Whether the configuration still means %s of organization %s depends on something that is known only after this apply. This apply leaves the seat as it is; the next plan shows what changes.",
			state.who(), state.OrgID.ValueString()))
}

// meaning is whose seat a configuration means.
type meaning struct {
	// others are the attributes that name another seat than the one in state.
	others path.Paths
	// email is the address to plan, null where it is not known.
	email types.String
}

// whoIsMeant finds out whether the configuration means the seat in state.
func (r *orgMemberResource) whoIsMeant(ctx context.Context, config, state orgMemberModel) (meaning, diag.Diagnostics) {
	meant := meaning{email: state.Email}
	var diags diag.Diagnostics
	compare := func(name string, configured, before types.String) {
		if !configured.IsNull() && !configured.Equal(before) {
			meant.others = append(meant.others, path.Root(name))
		}
	}
	compare("org_id", config.OrgID, state.OrgID)
	compare("user_id", config.UserID, state.UserID)
	compare("member_id", config.MemberID, state.MemberID)
	email := config.Email.ValueString()
	if config.Email.IsNull() || neon.SameEmail(email, state.Email.ValueString()) {
		return meant, diags
	}
	at := path.Root("email")
	holder, err := r.client.FindMember(ctx, state.OrgID.ValueString(), neon.MemberKey{Email: email})
	if err != nil {
		return meant, hiddenPeople("Member not read", state.OrgID.ValueString()).diagnostics(err)
	}
	isUnseen := holder == nil && state.Email.IsNull() && state.isActive() // Neon shows no address of them
	switch {
	case isUnseen || holder != nil && holder.Member.ID == state.MemberID.ValueString():
		meant.email = config.Email // which the state does not have yet
	case !r.isFormer(state, email):
		meant.others = append(meant.others, at)
	case holder != nil:
		meant.others = append(meant.others, at)
		diags.Append(addressPassedOn(state, email, "the address of member "+holder.Member.ID))
	default:
		invitation, err := r.client.FindInvitation(ctx, state.OrgID.ValueString(), email)
		if err != nil {
			return meant, hiddenPeople("Invitation not read", state.OrgID.ValueString()).diagnostics(err)
		}
		if joinedAt, unreadable := state.JoinedAt.ValueRFC3339Time(); !unreadable.HasError() && isSince(invitation, &joinedAt) {
			meant.others = append(meant.others, at)
			diags.Append(addressPassedOn(state, email, "invited on its own"))
			return meant, diags
		}
		diags.AddAttributeWarning(at, "Member is named by a former e-mail address",
			fmt.Sprintf("%s was the address of member %s of organization %s, who is %s now. The seat stays theirs, and nothing is sent to Neon. Write email = %q, or name them by member_id = %q.",
				email, state.MemberID.ValueString(), state.OrgID.ValueString(), state.Email.ValueString(), state.Email.ValueString(), state.MemberID.ValueString()))
	}
	return meant, diags
}

// isFormer reports whether the member is known to have had the address.
func (r *orgMemberResource) isFormer(state orgMemberModel, email string) bool {
	id := state.MemberID.ValueString()
	return id != "" && slices.Contains(r.names.membersOf(state.OrgID.ValueString(), email), id)
}

// addressPassedOn says that a former address of the member means somebody else by
// now.
func addressPassedOn(state orgMemberModel, email, what string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("email"), "E-mail address means somebody else now",
		fmt.Sprintf("%s was the address of member %s of organization %s, who is %s now, and is %s. So the configuration means somebody else, and %s gives the seat up. If they are to keep it, write email = %q.",
			email, state.MemberID.ValueString(), state.OrgID.ValueString(), state.Email.ValueString(), what, state.Email.ValueString(), state.Email.ValueString()))
}
