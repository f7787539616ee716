package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgMembersDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*orgMembersDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*orgMembersDataSource)(nil)
)

func newOrgMembersDataSource() datasource.DataSource { return &orgMembersDataSource{} }

type orgMembersModel struct {
	OrgID   types.String       `tfsdk:"org_id"`
	Members []shownMemberModel `tfsdk:"members"`
}

type shownMemberModel struct {
	ID            types.String      `tfsdk:"id"`
	UserID        types.String      `tfsdk:"user_id"`
	OrgID         types.String      `tfsdk:"org_id"`
	Role          types.String      `tfsdk:"role"`
	JoinedAt      timetypes.RFC3339 `tfsdk:"joined_at"`
	Email         types.String      `tfsdk:"email"`
	HasMFA        types.Bool        `tfsdk:"has_mfa"`
	DeactivatedAt timetypes.RFC3339 `tfsdk:"deactivated_at"`
}

func newOrgMembersModel(orgID types.String, members []neon.MemberWithUser) orgMembersModel {
	m := orgMembersModel{OrgID: orgID, Members: []shownMemberModel{}}
	sorted := byEmail(members, func(m neon.MemberWithUser) string { return m.User.Email }, func(m neon.MemberWithUser) string { return m.Member.ID })
	for _, member := range sorted {
		m.Members = append(m.Members, shownMemberModel{
			ID:            types.StringValue(member.Member.ID),
			UserID:        types.StringValue(member.Member.UserID),
			OrgID:         types.StringValue(member.Member.OrgID),
			Role:          types.StringValue(member.Member.Role),
			JoinedAt:      rfc3339OrNull(member.Member.JoinedAt),
			Email:         types.StringValue(member.User.Email),
			HasMFA:        types.BoolPointerValue(member.User.HasMFA),
			DeactivatedAt: rfc3339OrNull(member.User.DeactivatedAt),
		})
	}
	return m
}

// Metadata implements datasource.DataSource.
func (d *orgMembersDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_org_members"
}

// Schema implements datasource.DataSource.
func (d *orgMembersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The members of an organization. People who were invited and have not joined yet are in `neon_org_invitations`.",
		Attributes: map[string]schema.Attribute{
			"org_id": peopleOrgID(),
			"members": shownObjects("The members, in the order of their e-mail addresses.", map[string]schema.Attribute{
				"id":             shownString("The member's id, which is `member_id` of a `neon_org_member`."),
				"user_id":        shownString("The id of the member's user."),
				"org_id":         shownString("The organization's id."),
				"role":           shownString("The role: " + whichRoles),
				"joined_at":      shownTime("When the person joined, in RFC 3339. It is null where Neon does not tell."),
				"email":          shownString("The e-mail address of the member's user."),
				"has_mfa":        shownBool("Whether the user has multi-factor authentication. It is null where Neon does not tell."),
				"deactivated_at": shownTime("When the user's account was deactivated, in RFC 3339. It is null for an active one."),
			}),
		},
	}
}

// Read implements datasource.DataSource.
func (d *orgMembersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	orgID, members, diags := people(ctx, &d.dataSourceBase, req.Config, "Members not read", func(orgID string) ([]neon.MemberWithUser, error) {
		return d.client.Members(ctx, orgID)
	})
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, newOrgMembersModel(orgID, members))...)
	}
}
