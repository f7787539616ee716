package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type transferProjectsAction struct{ actionBase }

var (
	_ action.Action                     = (*transferProjectsAction)(nil)
	_ action.ActionWithConfigure        = (*transferProjectsAction)(nil)
	_ action.ActionWithConfigValidators = (*transferProjectsAction)(nil)
	_ action.ActionWithValidateConfig   = (*transferProjectsAction)(nil)
)

func newTransferProjectsAction() action.Action { return &transferProjectsAction{} }

type transferProjectsModel struct {
	timedAction
	SourceOrgID      types.String `tfsdk:"source_org_id"`
	DestinationOrgID types.String `tfsdk:"destination_org_id"`
	ProjectIDs       types.List   `tfsdk:"project_ids"`
}

// Metadata implements action.Action.
func (a *transferProjectsAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "neon_transfer_projects"
}

// Schema implements action.Action.
func (a *transferProjectsAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Transfers any number of projects from one organization to another, once. The projects stay as they are: data, connection strings and passwords don't change. " +
			"To keep projects where they belong from then on, use the resource `neon_org_project_transfer`, or `org_id` of `neon_project`. " +
			"It needs a personal API key, of an admin of the organization that gives and a member of the one that takes.\n\n" +
			"Projects travel 400 to a request, and after each the action says how far it is. Those that are in the destination already are left alone, so that it can be invoked again after an interruption. " +
			"A project that Neon refuses, for a GitHub or Vercel integration or for its region, is named in an error, and the others are transferred without it.",
		Attributes: map[string]schema.Attribute{
			"source_org_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that the projects are taken from, such as `org-cool-breeze-12345678`.",
			},
			"destination_org_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that takes the projects, such as `org-calm-river-87654321`.",
			},
			"project_ids": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "The projects to transfer, any number of them, in any order. With none, nothing is done.",
			},
			"timeouts": actionTimeouts(ctx, "How long the transfer may take, waiting for conflicting operations included, such as `30m`. Defaults to 30 minutes."),
		},
	}
}

// ConfigValidators implements action.ActionWithConfigValidators.
func (a *transferProjectsAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{organizationsDiffer()}
}

// ValidateConfig implements action.ActionWithValidateConfig.
func (a *transferProjectsAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var ids types.List
	at := path.Root("project_ids")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &ids)...)
	resp.Diagnostics.Append(checkProjectIDs(at, ids)...)
}

// Invoke implements action.Action.
func (a *transferProjectsAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, req, resp, orgTransferTimeout, a.transfer)
}

func (a *transferProjectsAction) transfer(ctx context.Context, config transferProjectsModel, say func(string, ...any)) diag.Diagnostics {
	ids, _ := idsOf(config.ProjectIDs)
	from, to := config.SourceOrgID.ValueString(), config.DestinationOrgID.ValueString()
	if len(ids) == 0 {
		say("There is no project to transfer")
		return nil
	}
	if diags := a.requirePersonalKey(ctx, path.Root("source_org_id"), "transfer projects to another organization", giverAndTaker); diags.HasError() {
		return diags
	}
	say("Looking where %s are", countProjects(len(ids)))
	report := a.client.TransferProjects(ctx, neon.Transfer{
		Sources: []string{from}, ToOrgID: to, ProjectIDs: ids,
		Progress: func(p neon.TransferProgress) {
			if p.Failed == 0 {
				say("%d of %s are in %s", p.Moved, countProjects(p.Total), to)
			} else {
				say("%d of %s are in %s, %d can't be transferred", p.Moved, countProjects(p.Total), to, p.Failed)
			}
		},
	})
	return transferDiagnostics(report.Failures, from, to)
}
