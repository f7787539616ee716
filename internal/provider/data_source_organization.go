package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type organizationDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*organizationDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*organizationDataSource)(nil)
)

func newOrganizationDataSource() datasource.DataSource { return &organizationDataSource{} }

// Metadata implements datasource.DataSource.
func (d *organizationDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_organization"
}

// Schema implements datasource.DataSource.
func (d *organizationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An organization that the API key sees. Neon has no call that creates or deletes one, so there is no resource for it.",
		Attributes: organizationAttributes(schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
			MarkdownDescription: "The organization's id, such as `org-cool-breeze-12345678`. Defaults to the provider's `org_id`. " +
				"Without that too, it is the only organization that the API key sees, which for an organization key is its own; where the key sees several, an error lists them.",
		}),
	}
}

// Read implements datasource.DataSource.
func (d *organizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var own types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &own)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := d.read(ctx, own)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newOrganizationModel(*organization))...)
}

func (d *organizationDataSource) read(ctx context.Context, own types.String) (*neon.Organization, diag.Diagnostics) {
	id := d.organization(own)
	if id == "" {
		return d.readOnly(ctx)
	}
	organization, err := d.client.GetOrganization(ctx, id)
	if err != nil {
		f := failure{summary: "Organization not read"}
		if neon.IsNotFound(err) || neon.IsForbidden(err) {
			f = f.blamingOrganization(id, own, path.Root("id"))
		}
		return nil, f.diagnostics(err)
	}
	return organization, nil
}

// blamingOrganization says that the key does not see the organization. Where the id
// is the provider's, no attribute is at fault.
func (f failure) blamingOrganization(id string, own types.String, at path.Path) failure {
	f.advice = fmt.Sprintf("The API key does not see organization %s. The data source neon_organizations lists those that it sees.", id)
	if own.IsNull() {
		f.advice += " The id is the provider's org_id, or NEON_ORG_ID, as none is named here."
	} else {
		f.at = at
	}
	return f
}

// readOnly reads the one organization that the key sees.
func (d *organizationDataSource) readOnly(ctx context.Context) (*neon.Organization, diag.Diagnostics) {
	organizations, err := d.client.ListOrganizations(ctx)
	if err != nil {
		return nil, failure{summary: "Organization not read"}.diagnostics(err)
	}
	if len(organizations) == 1 {
		return &organizations[0], nil
	}
	return nil, diag.Diagnostics{notExactlyOne(organizations)}
}

func notExactlyOne(organizations []neon.Organization) diag.Diagnostic {
	if len(organizations) == 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root("id"), "No organization",
			"The API key sees no organization at all. Use a key of an organization, or a personal key of somebody who is a member of one.")
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), "Several organizations to choose from",
		fmt.Sprintf("Neither the data source has an id nor the provider an org_id, and the API key sees %d organizations. Set id to one of them:\n%s",
			len(organizations), choices(organizations)))
}

// choices lists organizations by id, a line each, and not endlessly many.
func choices(organizations []neon.Organization) string {
	const most = 20
	lines := make([]string, len(organizations))
	for i, o := range organizations {
		lines[i] = fmt.Sprintf("  - %s (%s)", o.ID, o.Name)
	}
	slices.Sort(lines)
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], fmt.Sprintf("  and %d more, which the data source neon_organizations lists", more))
	}
	return strings.Join(lines, "\n")
}
