package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// What status says.
const (
	seatActive         = "active"
	seatPending        = "pending"
	invitationAccepted = "accepted"
)

// What on_destroy says.
const (
	onDestroyRemove = "remove"
	onDestroyDemote = "demote"
	onDestroyKeep   = "keep"
)

type orgMemberModel struct {
	OrgID     types.String      `tfsdk:"org_id"`
	Email     types.String      `tfsdk:"email"`
	UserID    types.String      `tfsdk:"user_id"`
	MemberID  types.String      `tfsdk:"member_id"`
	Role      types.String      `tfsdk:"role"`
	Invite    types.Bool        `tfsdk:"invite"`
	OnDestroy types.String      `tfsdk:"on_destroy"`
	Status    types.String      `tfsdk:"status"`
	JoinedAt  timetypes.RFC3339 `tfsdk:"joined_at"`
}

// importedOrgMember has what Neon knows nothing of: the defaults.
func importedOrgMember() orgMemberModel {
	return orgMemberModel{JoinedAt: rfc3339OrNull(nil), Invite: types.BoolValue(false), OnDestroy: types.StringValue(onDestroyRemove)}
}

// orgMemberIdentity has the member's id, or for an invited person, who has none
// yet, the e-mail address.
type orgMemberIdentity struct {
	OrgID    types.String `tfsdk:"org_id"`
	MemberID types.String `tfsdk:"member_id"`
	Email    types.String `tfsdk:"email"`
}

func (m *orgMemberModel) identity() orgMemberIdentity {
	identity := orgMemberIdentity{OrgID: m.OrgID, MemberID: m.MemberID}
	if isUnset(m.MemberID) {
		identity.Email = m.Email
	}
	return identity
}

// save writes state and identity together.
func (m *orgMemberModel) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	diags := state.Set(ctx, m)
	diags.Append(setIdentity(ctx, identity, m.identity())...)
	return diags
}

// key is what the member is known by: the id where there is one.
func (m *orgMemberModel) key() neon.MemberKey {
	switch {
	case !isUnset(m.MemberID):
		return neon.MemberKey{MemberID: m.MemberID.ValueString()}
	case !isUnset(m.UserID):
		return neon.MemberKey{UserID: m.UserID.ValueString()}
	default:
		return neon.MemberKey{Email: m.Email.ValueString()}
	}
}

// at is the attribute that names the member in a configuration.
func (m *orgMemberModel) at() path.Path {
	switch {
	case !isUnset(m.MemberID):
		return path.Root("member_id")
	case !isUnset(m.UserID):
		return path.Root("user_id")
	default:
		return path.Root("email")
	}
}

// disagrees gives the attributes that name somebody else than the member: nothing
// where the model has one of them alone.
func (m *orgMemberModel) disagrees(member neon.MemberWithUser) path.Paths {
	var paths path.Paths
	compare := func(name string, named types.String, isSame bool) {
		if !isUnset(named) && !isSame {
			paths = append(paths, path.Root(name))
		}
	}
	compare("member_id", m.MemberID, m.MemberID.ValueString() == member.Member.ID)
	compare("user_id", m.UserID, m.UserID.ValueString() == member.Member.UserID)
	compare("email", m.Email, member.User.Email == "" || neon.SameEmail(m.Email.ValueString(), member.User.Email))
	return paths
}

// who names the person for people.
func (m *orgMemberModel) who() string {
	switch {
	case !isUnset(m.Email):
		return m.Email.ValueString()
	case !isUnset(m.MemberID):
		return "member " + m.MemberID.ValueString()
	default:
		return "user " + m.UserID.ValueString()
	}
}

func (m *orgMemberModel) isActive() bool { return m.Status.ValueString() == seatActive }

// claim is what the resource means to do with the seat that the model names.
func (m *orgMemberModel) claim(token string, purpose purpose) orgClaim {
	return orgClaim{token: token, purpose: purpose, orgID: m.OrgID.ValueString(), id: m.MemberID.ValueString(), email: m.Email.ValueString()}
}

// firstClaim is the claim of a resource that isn't created yet.
func (m *orgMemberModel) firstClaim(token string, written neon.MemberKey) orgClaim {
	first := m.claim(token, manages)
	first.written = fmt.Sprintf("neon_org_member %q", written)
	return first
}

// lastClaim is the claim of a resource that is destroyed.
func (m *orgMemberModel) lastClaim(token string) orgClaim {
	if m.OnDestroy.ValueString() == onDestroyDemote {
		return m.claim(token, demotes)
	}
	return m.claim(token, removes)
}

// readSeat takes over what Neon shows. An address that is only written in another
// case stays as the user wrote it.
func (m *orgMemberModel) readSeat(seat neon.Seat) {
	if seat.Member == nil {
		m.readInvitation(*seat.Invitation)
		return
	}
	member, email := seat.Member.Member, seat.Member.User.Email
	if email != "" && !neon.SameEmail(m.Email.ValueString(), email) {
		m.Email = types.StringValue(email)
	}
	m.Email = knownOrNull(m.Email) // Neon shows a member without one when lists leave it out
	m.MemberID, m.UserID = types.StringValue(member.ID), types.StringValue(member.UserID)
	m.Role = types.StringValue(member.Role)
	m.Status = types.StringValue(seatActive)
	m.JoinedAt = rfc3339OrNull(member.JoinedAt)
}

func (m *orgMemberModel) readInvitation(invitation neon.Invitation) {
	if !neon.SameEmail(m.Email.ValueString(), invitation.Email) {
		m.Email = types.StringValue(invitation.Email)
	}
	m.MemberID, m.UserID, m.JoinedAt = types.StringNull(), types.StringNull(), rfc3339OrNull(nil)
	m.Role = types.StringValue(invitation.Role)
	m.Status = types.StringValue(seatPending)
}

// orgImportID is an import id of an organization and something in it, which is an
// e-mail address or has an id.
type orgImportID struct{ orgID, email, id string }

// parseOrgImportID reads org_id/email or org_id/id; idName is what the id is called.
func parseOrgImportID(s, what, idName string) (orgImportID, *problem) {
	orgID, rest, found := strings.Cut(s, "/")
	if !found || rest == "" || strings.Contains(rest, "/") {
		return orgImportID{}, newProblem("Invalid id of "+what, fmt.Sprintf("%s is not of the form org_id/email or org_id/%s, "+
			"such as org-cool-breeze-12345678/ann@example.com or org-cool-breeze-12345678/3fa85f64-5717-4562-b3fc-2c963f66afa6.", quote(s), idName))
	}
	if problem := checkOrgID(orgID); problem != nil {
		return orgImportID{}, problem
	}
	if strings.Contains(rest, "@") {
		return orgImportID{orgID: orgID, email: rest}, checkEmail(rest)
	}
	return orgImportID{orgID: orgID, id: rest}, checkUUID(rest, "the id of "+what, "An e-mail address will do as well.")
}
