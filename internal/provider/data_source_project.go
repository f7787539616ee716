package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*projectDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectDataSource)(nil)
)

func newProjectDataSource() datasource.DataSource { return &projectDataSource{} }

// Metadata implements datasource.DataSource.
func (d *projectDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_project"
}

// Schema implements datasource.DataSource.
func (d *projectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Neon project that the API key sees, of whichever organization. It works with a key that is confined to the project, too.",
		Attributes: projectDataAttributes(schema.StringAttribute{
			Required: true, Validators: []validator.String{projectIDValidator()},
			MarkdownDescription: "The project's id, such as `cool-breeze-12345678`. A project that the API key does not see is an error.",
		}),
	}
}

// Read implements datasource.DataSource.
func (d *projectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, err := d.client.GetProject(ctx, id.ValueString())
	if err != nil {
		f := failure{summary: "Project not read"}
		if neon.IsNotFound(err) || neon.IsForbidden(err) {
			f.at = path.Root("id")
			f.advice = fmt.Sprintf("The API key does not see project %s. The data source neon_projects lists those that it sees, and with recoverable = true those that were deleted in the last seven days. "+
				"A project that was claimed, or transferred to another organization, is seen by its new owner only.", id.ValueString())
		}
		resp.Diagnostics.Append(f.diagnostics(err)...)
		return
	}
	model, diags := newProjectDataModel(ctx, *project)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
