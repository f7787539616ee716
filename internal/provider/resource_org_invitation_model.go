package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgInvitationModel struct {
	ID        types.String      `tfsdk:"id"`
	OrgID     types.String      `tfsdk:"org_id"`
	Email     types.String      `tfsdk:"email"`
	Role      types.String      `tfsdk:"role"`
	InvitedBy types.String      `tfsdk:"invited_by"`
	InvitedAt timetypes.RFC3339 `tfsdk:"invited_at"`
	Status    types.String      `tfsdk:"status"`
}

// orgInvitationIdentity has no id: whoever joined at once may have no invitation
// that Neon shows.
type orgInvitationIdentity struct {
	OrgID types.String `tfsdk:"org_id"`
	Email types.String `tfsdk:"email"`
}

// identity writes the address in lower case, so that it stays the same however the
// configuration writes it.
func (m *orgInvitationModel) identity() orgInvitationIdentity {
	return orgInvitationIdentity{OrgID: m.OrgID, Email: types.StringValue(strings.ToLower(m.Email.ValueString()))}
}

// save writes state and identity together.
func (m *orgInvitationModel) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	diags := state.Set(ctx, m)
	diags.Append(setIdentity(ctx, identity, m.identity())...)
	return diags
}

func (m *orgInvitationModel) isAccepted() bool { return m.Status.ValueString() == invitationAccepted }

// claim is that somebody is to be in the organization.
func (m *orgInvitationModel) claim(token, memberID string) orgClaim {
	return orgClaim{token: token, purpose: invites, orgID: m.OrgID.ValueString(), id: memberID, email: m.Email.ValueString()}
}

// memberKey is where a neon_org_invitation keeps, in private state, the id of the
// member that the person became, who may change their address.
const memberKey = "member_id"

// memberOf returns the id of the member who has the seat, and "" where there is
// none.
func memberOf(seat *neon.Seat) string {
	if seat == nil || seat.Member == nil {
		return ""
	}
	return seat.Member.Member.ID
}

func noteMember(ctx context.Context, seat *neon.Seat, private privateSetter) diag.Diagnostics {
	if id := memberOf(seat); id != "" {
		return writeNote(ctx, private, memberKey, id)
	}
	return nil
}

// invitedMember returns the id of the member that the person became, and "" where
// it isn't known.
func (r *orgInvitationResource) invitedMember(ctx context.Context, state orgInvitationModel, private privateGetter) (string, diag.Diagnostics) {
	var id string
	diags := readNote(ctx, private, memberKey, &id)
	r.names.note(state.OrgID.ValueString(), state.Email.ValueString(), id)
	return id, diags
}

// readSeat takes over what Neon shows. The role is that of the invitation, which
// stays when the member is given another one.
func (m *orgInvitationModel) readSeat(seat neon.Seat) {
	m.ID, m.InvitedBy = knownOrNull(m.ID), knownOrNull(m.InvitedBy)
	if m.InvitedAt.IsUnknown() {
		m.InvitedAt = rfc3339OrNull(nil)
	}
	if shown := seat.Invitation; shown != nil {
		m.ID, m.InvitedBy = types.StringValue(shown.ID), types.StringValue(shown.InvitedBy)
		m.InvitedAt = rfc3339(shown.InvitedAt)
		m.Role = types.StringValue(shown.Role)
	}
	m.Status = types.StringValue(seatPending)
	if seat.Member != nil {
		m.Status = types.StringValue(invitationAccepted)
		if isUnset(m.Role) {
			m.Role = types.StringValue(seat.Member.Member.Role)
		}
	}
}

// isGone tells whether nothing is left of the invitation: there is neither a member
// nor one who is invited. Neon may go on to list an invitation that was accepted,
// so that it counts only if it is another one than before.
func (m *orgInvitationModel) isGone(seat *neon.Seat) bool {
	return seat == nil || m.isAccepted() && seat.Member == nil && seat.Invitation.ID == m.ID.ValueString()
}
