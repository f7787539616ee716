package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectListResource struct{ resourceBase }

var (
	_ list.ListResource              = (*projectListResource)(nil)
	_ list.ListResourceWithConfigure = (*projectListResource)(nil)
)

func newProjectListResource() list.ListResource { return &projectListResource{} }

type projectListModel struct {
	OrgID  types.String `tfsdk:"org_id"`
	Search types.String `tfsdk:"search"`
}

// Metadata implements list.ListResource.
func (l *projectListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *projectListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The projects of an organization, or those among them that match, for `terraform query`. " +
			listGenerates + " Deleted projects are not among them. Projects are fetched 400 at a time, and the list has all that `neon_project` needs, so that no project is read by itself. " + listLimit,
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: projectsOfDescription,
			},
			"search": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: projectsSearchDescription,
			},
		},
	}
}

// List implements list.ListResource.
func (l *projectListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config projectListModel
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	filter := neon.ProjectFilter{OrgID: l.organization(config.OrgID), Search: config.Search.ValueString()}
	stream.Results = listing[neon.ProjectListItem]{
		items:   l.client.ListProjects(ctx, filter),
		explain: func(err error) failure { return projectsFailure(config.OrgID, filter.OrgID, err) },
		show: func(p neon.ProjectListItem) (listItem, diag.Diagnostics) {
			model := newProjectModel()
			diags := model.readFrom(ctx, p.ProjectFields, p.HistoryRetentionSeconds)
			return listItem{name: p.Name, identity: projectIdentity{ProjectID: model.ID}, resource: model}, diags
		},
	}.results(ctx, req)
}
