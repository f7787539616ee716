package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectPermissionListResource struct{ resourceBase }

var (
	_ list.ListResource              = (*projectPermissionListResource)(nil)
	_ list.ListResourceWithConfigure = (*projectPermissionListResource)(nil)
)

func newProjectPermissionListResource() list.ListResource { return &projectPermissionListResource{} }

// Metadata implements list.ListResource.
func (l *projectPermissionListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project_permission"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *projectPermissionListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The guests of a project, for `terraform query`. " + listGenerates + " " + listLimit,
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{projectIDValidator()},
				MarkdownDescription: "The project, such as `cool-breeze-12345678`.",
			},
		},
	}
}

// List implements list.ListResource.
func (l *projectPermissionListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var projectID types.String
	at := path.Root("project_id")
	if diags := req.Config.GetAttribute(ctx, at, &projectID); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing[neon.ProjectPermission]{
		items: wholeList(func() ([]neon.ProjectPermission, error) {
			return l.client.ListProjectPermissions(ctx, projectID.ValueString())
		}),
		explain: permissionsFailure,
		show: func(granted neon.ProjectPermission) (listItem, diag.Diagnostics) {
			model := projectPermissionModel{ProjectID: projectID}
			model.readFrom(granted)
			return listItem{name: granted.GrantedToEmail, identity: model.identity(), resource: model}, nil
		},
	}.results(ctx, req)
}
