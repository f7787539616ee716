package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

type connectionURIEphemeral struct{ ephemeralBase }

var (
	_ ephemeral.EphemeralResource              = (*connectionURIEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*connectionURIEphemeral)(nil)
)

func newConnectionURIEphemeral() ephemeral.EphemeralResource { return &connectionURIEphemeral{} }

// Metadata implements ephemeral.EphemeralResource.
func (e *connectionURIEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "neon_connection_uri"
}

// Schema implements ephemeral.EphemeralResource.
func (e *connectionURIEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
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
		MarkdownDescription: "A connection string that is in neither plan nor state: it is asked for when something needs it, and forgotten afterwards. " +
			"Give it to the configuration of another provider, or to a write-only argument. It only reads, and so does every `plan`.",
		Attributes: attributes,
	}
}

// Open implements ephemeral.EphemeralResource.
func (e *connectionURIEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model connectionURIModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(e.readConnectionURI(ctx, &model)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
	}
}
