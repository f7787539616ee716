package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type currentUserDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*currentUserDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*currentUserDataSource)(nil)
)

func newCurrentUserDataSource() datasource.DataSource { return &currentUserDataSource{} }

type currentUserModel struct {
	AuthMethod          types.String  `tfsdk:"auth_method"`
	AccountID           types.String  `tfsdk:"account_id"`
	OrgID               types.String  `tfsdk:"org_id"`
	ID                  types.String  `tfsdk:"id"`
	Email               types.String  `tfsdk:"email"`
	Name                types.String  `tfsdk:"name"`
	LastName            types.String  `tfsdk:"last_name"`
	Image               types.String  `tfsdk:"image"`
	Plan                types.String  `tfsdk:"plan"`
	ProjectsLimit       types.Int64   `tfsdk:"projects_limit"`
	BranchesLimit       types.Int64   `tfsdk:"branches_limit"`
	MaxAutoscalingLimit types.Float64 `tfsdk:"max_autoscaling_limit"`
}

// newCurrentUserModel has no user for a key of an organization.
func newCurrentUserModel(auth neon.AuthDetails, user *neon.CurrentUser) currentUserModel {
	m := currentUserModel{AuthMethod: types.StringValue(auth.AuthMethod), AccountID: types.StringValue(auth.AccountID)}
	if auth.AuthMethod == neon.AuthMethodOrgKey {
		m.OrgID = types.StringValue(auth.AccountID)
	}
	if user == nil {
		return m
	}
	m.ID, m.Email = types.StringValue(user.ID), types.StringValue(user.Email)
	m.Name, m.LastName = types.StringValue(user.Name), types.StringValue(user.LastName)
	m.Image, m.Plan = types.StringValue(user.Image), types.StringValue(user.Plan)
	m.ProjectsLimit, m.BranchesLimit = types.Int64Value(user.ProjectsLimit), types.Int64Value(user.BranchesLimit)
	m.MaxAutoscalingLimit = types.Float64Value(user.MaxAutoscalingLimit)
	return m
}

// Metadata implements datasource.DataSource.
func (d *currentUserDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_current_user"
}

// Schema implements datasource.DataSource.
func (d *currentUserDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Whose API key the provider has, and of which kind it is: a person's, or an organization's, which belongs to nobody in particular. " +
			"What is told of the person is null for an organization's key.",
		Attributes: map[string]schema.Attribute{
			"auth_method":           shownString("The kind of key: `api_key_user` for a personal one, `api_key_org` for one of an organization, also if it is confined to a project."),
			"account_id":            shownString("Whom the key belongs to: the user's id, or the organization's."),
			"org_id":                shownString("The organization that the key belongs to. It is null for a personal key."),
			"id":                    shownString("The user's id."),
			"email":                 shownString("The user's e-mail address."),
			"name":                  shownString("The user's first or only name."),
			"last_name":             shownString("The user's last name."),
			"image":                 shownString("The URL of the user's picture, or an empty text."),
			"plan":                  shownString("The plan of the user's personal account, such as `free`."),
			"projects_limit":        shownInt64("How many projects the user's personal account may have."),
			"branches_limit":        shownInt64("How many branches a project of the user's personal account may have."),
			"max_autoscaling_limit": shownFloat64("The largest compute that the user's personal account may have, in compute units; 0 for no limit."),
		},
	}
}

// Read asks about the key first: there is no user to ask for with an organization's.
func (d *currentUserDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	failed := failure{summary: "Current user not read"}
	auth, err := d.client.GetAuth(ctx)
	if err != nil {
		resp.Diagnostics.Append(failed.diagnostics(err)...)
		return
	}
	var user *neon.CurrentUser
	if auth.AuthMethod != neon.AuthMethodOrgKey {
		if user, err = d.client.GetCurrentUser(ctx); err != nil {
			resp.Diagnostics.Append(failed.diagnostics(err)...)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newCurrentUserModel(*auth, user))...)
}
