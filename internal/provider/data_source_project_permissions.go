package provider

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectPermissionsDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*projectPermissionsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectPermissionsDataSource)(nil)
)

func newProjectPermissionsDataSource() datasource.DataSource { return &projectPermissionsDataSource{} }

type projectPermissionsModel struct {
	ProjectID     types.String             `tfsdk:"project_id"`
	OrgID         types.String             `tfsdk:"org_id"`
	IgnoreMissing types.Bool               `tfsdk:"ignore_missing"`
	Missing       types.Bool               `tfsdk:"missing"`
	Permissions   []listedPermissionsModel `tfsdk:"permissions"`
}

type listedPermissionsModel struct {
	ID             types.String      `tfsdk:"id"`
	GrantedToEmail types.String      `tfsdk:"granted_to_email"`
	GrantedAt      timetypes.RFC3339 `tfsdk:"granted_at"`
}

// Metadata implements datasource.DataSource.
func (d *projectPermissionsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_project_permissions"
}

// Schema implements datasource.DataSource.
func (d *projectPermissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The guests of a project: whom it is shared with beside the members of its organization.",
		Attributes: map[string]schema.Attribute{
			"project_id":     schema.StringAttribute{Required: true, Validators: []validator.String{projectIDValidator()}, MarkdownDescription: "The project."},
			"org_id":         schema.StringAttribute{Optional: true, Validators: []validator.String{orgIDValidator()}, MarkdownDescription: expectedOrgText},
			"ignore_missing": schema.BoolAttribute{Optional: true, MarkdownDescription: ignoreMissingText},
			"missing":        schema.BoolAttribute{Computed: true, MarkdownDescription: missingText},
			"permissions": shownObjects("The permissions, in the order of the e-mail addresses. Null where the project is missing.", map[string]schema.Attribute{
				"id":               shownString("The permission's id."),
				"granted_to_email": shownString("The e-mail address that the project is shared with, as Neon writes it."),
				"granted_at":       shownTime("When the project was shared, in RFC 3339."),
			}),
		},
	}
}

// Read asks Neon anew, also where permissions were read before: it may be there to
// see what others have changed.
func (d *projectPermissionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model projectPermissionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	expected := expectation{projectID: model.ProjectID, at: path.Root("project_id"), orgID: model.OrgID, ignore: model.IgnoreMissing}
	_, isMissing, diags := d.look(ctx, expected, "Permissions not listed")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Missing = types.BoolValue(isMissing)
	if isMissing {
		resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
		return
	}
	list, err := d.client.ListProjectPermissions(ctx, model.ProjectID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(permissionsFailure(err).diagnostics(err)...)
		return
	}
	model.readFrom(list)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func permissionsFailure(err error) failure {
	f := failure{summary: "Permissions not listed"}
	if neon.IsNotFound(err) || neon.IsForbidden(err) {
		f.at = path.Root("project_id")
	}
	return f
}

// readFrom sorts, so that plans don't depend on Neon's order.
func (m *projectPermissionsModel) readFrom(list []neon.ProjectPermission) {
	m.Permissions = []listedPermissionsModel{}
	for _, p := range slices.SortedFunc(slices.Values(list), byAddress) {
		m.Permissions = append(m.Permissions, listedPermissionsModel{
			ID: types.StringValue(p.ID), GrantedToEmail: types.StringValue(p.GrantedToEmail), GrantedAt: rfc3339(p.GrantedAt),
		})
	}
}

func byAddress(a, b neon.ProjectPermission) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.GrantedToEmail), strings.ToLower(b.GrantedToEmail)), cmp.Compare(a.ID, b.ID))
}
