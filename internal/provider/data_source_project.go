package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
	attributes := projectDataAttributes(schema.StringAttribute{
		Required: true, Validators: []validator.String{projectIDValidator()},
		MarkdownDescription: "The project's id, such as `cool-breeze-12345678`. A project that the API key does not see is an error, unless `ignore_missing` is set.",
	})
	attributes["org_id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
		MarkdownDescription: "The organization that owns the project; it is null for a personal project. Set it to say which one must own the project. " + expectedOrgRule,
	}
	attributes["ignore_missing"] = schema.BoolAttribute{Optional: true, MarkdownDescription: ignoreMissingText}
	attributes["missing"] = schema.BoolAttribute{Computed: true, MarkdownDescription: missingText}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Neon project that the API key sees, of whichever organization. It works with a key that is confined to the project, too.",
		Attributes:          attributes,
	}
}

// Read implements datasource.DataSource.
func (d *projectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	const summary = "Project not read"
	expected := expectation{at: path.Root("id")}
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &expected.projectID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org_id"), &expected.orgID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ignore_missing"), &expected.ignore)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, isMissing, diags := d.look(ctx, expected, summary)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var model projectDataModel
	if isMissing {
		model = missingProject(expected)
	} else {
		if project == nil {
			var err error
			if project, err = d.client.GetProject(ctx, expected.projectID.ValueString()); err != nil {
				resp.Diagnostics.Append(lookFailure(expected, summary, err).diagnostics(err)...)
				return
			}
		}
		model, diags = newProjectDataModel(ctx, *project)
		resp.Diagnostics.Append(diags...)
	}
	model.IgnoreMissing, model.Missing = expected.ignore, types.BoolValue(isMissing)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
