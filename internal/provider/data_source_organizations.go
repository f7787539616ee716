package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type organizationsDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*organizationsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*organizationsDataSource)(nil)
)

func newOrganizationsDataSource() datasource.DataSource { return &organizationsDataSource{} }

type organizationsModel struct {
	IDs           []types.String      `tfsdk:"ids"`
	Organizations []organizationModel `tfsdk:"organizations"`
}

// newOrganizationsModel sorts by id, so that plans don't depend on Neon's order.
func newOrganizationsModel(organizations []neon.Organization) organizationsModel {
	sorted := slices.SortedFunc(slices.Values(organizations), func(a, b neon.Organization) int { return cmp.Compare(a.ID, b.ID) })
	m := organizationsModel{IDs: []types.String{}, Organizations: []organizationModel{}}
	for _, o := range sorted {
		m.IDs = append(m.IDs, types.StringValue(o.ID))
		m.Organizations = append(m.Organizations, newOrganizationModel(o))
	}
	return m
}

// Metadata implements datasource.DataSource.
func (d *organizationsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_organizations"
}

// Schema implements datasource.DataSource.
func (d *organizationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The organizations that the API key sees: with a personal key those that its user is a member of, with an organization key that organization alone.",
		Attributes: map[string]schema.Attribute{
			"ids": shownIDs("The ids of the organizations, in alphabetical order."),
			"organizations": shownObjects("The organizations, in the order of their ids.",
				organizationAttributes(shownString("The organization's id, such as `org-cool-breeze-12345678`."))),
		},
	}
}

// Read implements datasource.DataSource.
func (d *organizationsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	organizations, err := d.client.ListOrganizations(ctx)
	if err != nil {
		resp.Diagnostics.Append(failure{summary: "Organizations not read"}.diagnostics(err)...)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newOrganizationsModel(organizations))...)
}
