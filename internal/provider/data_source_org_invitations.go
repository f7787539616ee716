package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgInvitationsDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*orgInvitationsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*orgInvitationsDataSource)(nil)
)

func newOrgInvitationsDataSource() datasource.DataSource { return &orgInvitationsDataSource{} }

type orgInvitationsModel struct {
	OrgID       types.String           `tfsdk:"org_id"`
	Invitations []shownInvitationModel `tfsdk:"invitations"`
}

type shownInvitationModel struct {
	ID        types.String      `tfsdk:"id"`
	Email     types.String      `tfsdk:"email"`
	OrgID     types.String      `tfsdk:"org_id"`
	Role      types.String      `tfsdk:"role"`
	InvitedBy types.String      `tfsdk:"invited_by"`
	InvitedAt timetypes.RFC3339 `tfsdk:"invited_at"`
	Status    types.String      `tfsdk:"status"`
}

func newOrgInvitationsModel(orgID types.String, invitations []neon.Invitation, members []neon.MemberWithUser) orgInvitationsModel {
	m := orgInvitationsModel{OrgID: orgID, Invitations: []shownInvitationModel{}}
	sorted := byEmail(invitations, func(i neon.Invitation) string { return i.Email }, func(i neon.Invitation) string { return i.ID })
	for _, invitation := range sorted {
		status := seatPending
		if slices.ContainsFunc(members, func(m neon.MemberWithUser) bool { return neon.SameEmail(m.User.Email, invitation.Email) }) {
			status = invitationAccepted
		}
		m.Invitations = append(m.Invitations, shownInvitationModel{
			ID:        types.StringValue(invitation.ID),
			Email:     types.StringValue(invitation.Email),
			OrgID:     types.StringValue(invitation.OrgID),
			Role:      types.StringValue(invitation.Role),
			InvitedBy: types.StringValue(invitation.InvitedBy),
			InvitedAt: rfc3339(invitation.InvitedAt),
			Status:    types.StringValue(status),
		})
	}
	return m
}

// Metadata implements datasource.DataSource.
func (d *orgInvitationsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_org_invitations"
}

// Schema implements datasource.DataSource.
func (d *orgInvitationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The invitations that Neon lists for an organization, pending ones and ones that were accepted.",
		Attributes: map[string]schema.Attribute{
			"org_id": peopleOrgID(),
			"invitations": shownObjects("The invitations, in the order of their e-mail addresses.", map[string]schema.Attribute{
				"id":         shownString("The invitation's id."),
				"email":      shownString("The e-mail address that was invited."),
				"org_id":     shownString("The organization's id."),
				"role":       shownString("The role that the person gets or got by joining: " + whichRoles),
				"invited_by": shownString("The id of the user who sent the invitation."),
				"invited_at": shownTime("When the invitation was sent, in RFC 3339."),
				"status":     shownString("`accepted` where somebody with that address is a member, else `pending`. Neon itself does not tell, so that it is `pending` as well for somebody who has joined and left again, as long as Neon lists the invitation."),
			}),
		},
	}
}

// Read implements datasource.DataSource.
func (d *orgInvitationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	type answer struct {
		invitations []neon.Invitation
		members     []neon.MemberWithUser
	}
	orgID, found, diags := people(ctx, &d.dataSourceBase, req.Config, "Invitations not read", func(orgID string) (a answer, err error) {
		if a.invitations, err = d.client.Invitations(ctx, orgID); err == nil {
			a.members, err = d.client.Members(ctx, orgID)
		}
		return a, err
	})
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, newOrgInvitationsModel(orgID, found.invitations, found.members))...)
	}
}
