package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type recoverProjectAction struct{ actionBase }

var (
	_ action.Action              = (*recoverProjectAction)(nil)
	_ action.ActionWithConfigure = (*recoverProjectAction)(nil)
)

func newRecoverProjectAction() action.Action { return &recoverProjectAction{} }

type recoverProjectModel struct {
	timedAction
	ProjectID types.String `tfsdk:"project_id"`
}

// Metadata implements action.Action.
func (a *recoverProjectAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "neon_recover_project"
}

// Schema implements action.Action.
func (a *recoverProjectAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Brings a deleted project back, with its branches, computes, settings and connection strings. That is possible for seven days after the deletion. " +
			"The data source `neon_projects` with `recoverable = true` lists the projects in question. Neon calls recovery a beta, and some integrations have to be set up again afterwards.\n\n" +
			"The action waits until Neon is done. A project that is not deleted is left alone, with a warning, so that the action can be invoked again after an interruption. " +
			"The project does not come into the state by that: import it. It needs an admin of the project's organization, or a key of the organization.",
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{projectIDValidator()},
				MarkdownDescription: "The id of the deleted project, such as `cool-breeze-12345678`.",
			},
			"timeouts": actionTimeouts(ctx, "How long the recovery may take, work that Neon carries on with included, such as `10m`. Defaults to 10 minutes."),
		},
	}
}

// Invoke implements action.Action.
func (a *recoverProjectAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	invoke(ctx, req, resp, defaultTimeout, a.recover)
}

func (a *recoverProjectAction) recover(ctx context.Context, config recoverProjectModel, say func(string, ...any)) diag.Diagnostics {
	var diags diag.Diagnostics
	id, at := config.ProjectID.ValueString(), path.Root("project_id")
	recovered, err := a.client.RecoverProject(ctx, id)
	if err != nil {
		return failure{summary: "Project not recovered", at: at, advice: recoverAdvice(id, err)}.diagnostics(err)
	}
	if recovered.WasThere {
		diags.AddAttributeWarning(at, "Project is not deleted",
			fmt.Sprintf("Project %s (%q) is there, in %s, so there is nothing to recover and nothing was done.", id, recovered.Project.Name, recovered.Project.OwnerID))
		return diags
	}
	say("Project %s (%q) is back in %s; waiting for what Neon still does with it", id, recovered.Project.Name, recovered.Project.OwnerID)
	if err := a.client.WaitIdle(ctx, id); err != nil {
		return failure{
			summary: "Project recovered, but not ready", at: at,
			advice: fmt.Sprintf("Project %s is no longer deleted, but Neon did not finish its work on it. Look at the project's operations in the Neon Console.", id),
		}.diagnostics(err)
	}
	say("Project %s is ready", id)
	return diags
}

func recoverAdvice(id string, err error) string {
	if neon.IsOutcomeUnknown(err) {
		return fmt.Sprintf("Invoke the action again: it looks whether project %s is back, and asks for it once more only if it isn't.", id)
	}
	return fmt.Sprintf("Project %s stays as it is. Recovering is possible for seven days after the deletion, needs an admin of the project's organization or a key of the organization, "+
		"and the organization's plan must have room for the project. The data source neon_projects with recoverable = true lists what can be recovered.", id)
}
