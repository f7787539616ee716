package provider

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectsDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*projectsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectsDataSource)(nil)
)

func newProjectsDataSource() datasource.DataSource { return &projectsDataSource{} }

type projectsModel struct {
	OrgID       types.String         `tfsdk:"org_id"`
	Search      types.String         `tfsdk:"search"`
	Recoverable types.Bool           `tfsdk:"recoverable"`
	IDs         []types.String       `tfsdk:"ids"`
	Projects    []listedProjectModel `tfsdk:"projects"`
}

// What the list resource for projects says as well.
const (
	projectsOfDescription = "The organization whose projects are listed, such as `org-cool-breeze-12345678`. Defaults to the provider's `org_id`. " +
		"An organization key lists its own organization's projects without it; a personal key needs it."
	projectsSearchDescription = "Lists only projects that have this text in their name or id. Defaults to all."
)

// Metadata implements datasource.DataSource.
func (d *projectsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_projects"
}

// Schema implements datasource.DataSource.
func (d *projectsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All projects of an organization, or those among them that match, however many there are.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: projectsOfDescription,
			},
			"search": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: projectsSearchDescription,
			},
			"recoverable": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to list the deleted projects that can still be recovered, which is possible for seven days, instead of the ones that exist. " +
					"Defaults to `false`. Neon calls this a beta.",
			},
			"ids":      shownIDs("The ids of the projects, in alphabetical order."),
			"projects": shownObjects("The projects, in the order of their ids.", listedProjectAttributes()),
		},
	}
}

// Read implements datasource.DataSource.
func (d *projectsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model projectsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var items []neon.ProjectListItem
	filter := neon.ProjectFilter{OrgID: d.organization(model.OrgID), Search: model.Search.ValueString(), Recoverable: model.Recoverable.ValueBool()}
	for item, err := range d.client.ListProjects(ctx, filter) {
		if err != nil {
			resp.Diagnostics.Append(projectsFailure(model.OrgID, filter.OrgID, err).diagnostics(err)...)
			return
		}
		items = append(items, item)
	}
	resp.Diagnostics.Append(model.readFrom(ctx, items)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// readFrom sorts by id, so that plans don't depend on Neon's order.
func (m *projectsModel) readFrom(ctx context.Context, items []neon.ProjectListItem) diag.Diagnostics {
	var diags diag.Diagnostics
	sorted := slices.SortedFunc(slices.Values(items), func(a, b neon.ProjectListItem) int { return cmp.Compare(a.ID, b.ID) })
	m.IDs, m.Projects = []types.String{}, []listedProjectModel{}
	for _, item := range sorted {
		m.IDs = append(m.IDs, types.StringValue(item.ID))
		m.Projects = append(m.Projects, newListedProjectModel(ctx, item, &diags))
	}
	return diags
}

// projectsFailure blames org_id where it may be the cause: because Neon refused
// the list without one, or does not show that organization.
func projectsFailure(own types.String, orgID string, err error) failure {
	f := failure{summary: "Projects not listed"}
	_, refused := errors.AsType[*neon.Error](err)
	switch {
	case !refused || neon.IsUnauthorized(err):
	case orgID == "":
		f.at = path.Root("org_id")
		f.advice = "No organization was named, and only an organization key can do without. " +
			"If the API key is a personal one, set org_id here, or org_id of the provider, or NEON_ORG_ID. The data source neon_organizations lists the organizations that the key sees."
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		f = f.blamingOrganization(orgID, own, path.Root("org_id"))
	}
	return f
}
