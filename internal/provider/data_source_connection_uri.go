package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

type connectionURIDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource              = (*connectionURIDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*connectionURIDataSource)(nil)
)

func newConnectionURIDataSource() datasource.DataSource { return &connectionURIDataSource{} }

// Metadata implements datasource.DataSource.
func (d *connectionURIDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_connection_uri"
}

// Schema implements datasource.DataSource.
func (d *connectionURIDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"pooled": schema.BoolAttribute{Optional: true, MarkdownDescription: uriPooledText},
		"port":   schema.Int64Attribute{Computed: true, MarkdownDescription: uriPortText},

		"ignore_missing": schema.BoolAttribute{Optional: true, MarkdownDescription: ignoreMissingText},
		"missing":        schema.BoolAttribute{Computed: true, MarkdownDescription: missingText},
	}
	for _, a := range uriAttributes() {
		attributes[a.name] = schema.StringAttribute{
			Required: a.required, Optional: a.optional, Computed: !a.required && !a.optional, Sensitive: a.sensitive,
			Validators: a.checks, MarkdownDescription: a.text,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A connection string, for CLIs and places that can't do with ephemeral values. It stands in the state, password and all; " +
			"where you can, use the ephemeral resource `neon_connection_uri` instead, which leaves nothing there.",
		Attributes: attributes,
	}
}

// Read implements datasource.DataSource.
func (d *connectionURIDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model connectionURIModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(d.readConnectionURI(ctx, &model)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	}
}
