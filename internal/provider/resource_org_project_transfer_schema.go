package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Schema implements resource.Resource.
func (r *orgProjectTransferResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Transfers any number of projects to an organization and keeps them there. The projects stay as they are: data, connection strings and passwords don't change. " +
			"It needs a personal API key, of an admin of the organization that gives and a member of the one that takes.\n\n" +
			"Projects travel 400 to a request. Those that are in the destination already are left alone, so that an apply that was interrupted continues where it stopped. " +
			"A project that Neon refuses, for a GitHub or Vercel integration or for its region, is named in an error, and the others are transferred without it. " +
			"When that happens as the resource is created, the CLI marks it as tainted: the next apply shows a replacement, which transfers nothing back and continues with the projects that are missing.\n\n" +
			"A project that went back to the source since shows as a change of `transferred_project_ids`, and is transferred again. " +
			"One that somebody claimed, moved elsewhere or deleted is left out, with a warning that names its owner where the key sees it: nothing is sent for it, `left_out_project_ids` has it, plans are empty, and it is looked after again when it is back in the source or the destination. " +
			"An id that was never seen in either is an error, as it may be a mistake.\n\n" +
			"Destroying the resource leaves the projects where they are, unless `transfer_back_on_destroy` is set.\n\n" +
			"Where a `neon_project` of the same configuration sets `org_id`, change that instead: a plan is refused where two resources send one project to different places, as they never agree. " +
			"A `neon_project` without `org_id` can't know that a move was made by this resource, and takes it for a claim: set its `org_id` to the destination. " +
			"There is no import: creating the resource takes over what is in the destination already.",
		Attributes: map[string]schema.Attribute{
			"id": computedString("Identifies the resource in state. Neon knows nothing of it."),
			"source_org_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that the projects are taken from. Without it they are taken from the personal account of the API key, which Neon has deprecated; a warning says so. " +
					"Changing it moves nothing that is in the destination already.",
			},
			"destination_org_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that takes the projects. Changing it transfers them on to the other organization, from the old destination or from the source, whichever they are in.",
			},
			"project_ids": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "The projects that belong in the destination, any number of them, in any order. Adding one transfers that one. " +
					"Taking one out moves nothing: the project stays where it is and is no longer looked after. One that is there twice counts once.",
			},
			"transfer_back_on_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether destroying the resource transfers the projects back to `source_org_id`, those included that were in the destination before. Needs `source_org_id`, as nothing can be transferred to a personal account, and a key whose user is an admin of the destination. " +
					"A replacement, as after a creation that failed in part, transfers nothing back. Projects that have left the destination are left alone. Defaults to `false`. Changing it moves nothing.",
			},
			"transferred_project_ids": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Those of `project_ids` that are in the destination, each once, in the order in which they were first given.",
			},
			"left_out_project_ids": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Those of `project_ids` that have left: they were in the source or the destination, and were claimed, moved elsewhere or deleted since. Nothing is sent to Neon for them. " +
					"Take them out of `project_ids` before the resource is replaced with `create_before_destroy`: the new resource is not told which projects were seen before, and takes them for mistakes.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long the transfer may take, waiting for conflicting operations included, such as `30m`. Defaults to 30 minutes.",
				UpdateDescription: "How long the transfer of what is added or has left may take, such as `30m`. Defaults to 30 minutes.",
				DeleteDescription: "How long transferring back may take, such as `30m`. Defaults to 30 minutes.",
			}),
		},
	}
}

// ConfigValidators implements resource.ResourceWithConfigValidators.
func (r *orgProjectTransferResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{organizationsDiffer()}
}

// organizationsDiffer refuses a transfer from an organization to itself.
func organizationsDiffer() differValidator {
	return differValidator{
		first: path.Root("source_org_id"), second: path.Root("destination_org_id"),
		why: "A transfer goes from one organization to another.",
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *orgProjectTransferResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config orgProjectTransferModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkProjectIDs(path.Root("project_ids"), config.ProjectIDs)...)
	if config.TransferBackOnDestroy.ValueBool() && config.SourceOrgID.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("transfer_back_on_destroy"), "Nowhere to transfer back to",
			"transfer_back_on_destroy is true, but no source_org_id is set, so the projects come from a personal account, and Neon transfers nothing to one. Set source_org_id, or leave transfer_back_on_destroy out.")
	}
}
