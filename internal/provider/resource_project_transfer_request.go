package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectTransferRequestResource struct{ resourceBase }

var (
	_ resource.Resource                   = (*projectTransferRequestResource)(nil)
	_ resource.ResourceWithConfigure      = (*projectTransferRequestResource)(nil)
	_ resource.ResourceWithImportState    = (*projectTransferRequestResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*projectTransferRequestResource)(nil)
	_ resource.ResourceWithValidateConfig = (*projectTransferRequestResource)(nil)
)

func newProjectTransferRequestResource() resource.Resource { return &projectTransferRequestResource{} }

// Metadata implements resource.Resource.
func (r *projectTransferRequestResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project_transfer_request"
}

// Schema implements resource.Resource.
func (r *projectTransferRequestResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An offer to hand a project over: whoever opens `claim_url` in time takes the project, with its data and its connection strings. " +
			"The project should have `claimable = true`.\n\n" +
			"Neon can't read a request back and can't revoke it. `status` is worked out from the clock and from whether the project is still there; destroying the resource calls nothing, and the link works until it expires. " +
			"Neon has to enable transfer requests for an account before it can make them. It can't be imported, as Neon tells a request's id only once.",
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{projectIDValidator()},
				MarkdownDescription: "The project to hand over. Changing it makes a new request for the other project.",
			},
			"org_id": partOrgAttribute("the request is made"),
			"ttl_seconds": schema.Int64Attribute{
				Optional: true, Computed: true, CustomType: wholeNumberType{}, Default: int64default.StaticInt64(86400), Validators: []validator.Int64{ttlSecondsValidator{}},
				MarkdownDescription: "For how many seconds the link works, at least 1. Defaults to 86400 (a day); the longest that Neon documents is 604800 (a week), more is warned about. Changing it makes a new request, and the old link works until it expires.",
			},
			"redirect_url": schema.StringAttribute{
				Optional: true, Validators: []validator.String{redirectURLValidator()},
				MarkdownDescription: "Where the browser goes after the claim: an absolute `https` URL. Changing it changes `claim_url` and nothing at Neon.",
			},
			"renew": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether a request that expired unclaimed is replaced by a new one. Defaults to `true`. With `false` it stays, with the status `expired`.",
			},
			"renew_before_seconds": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.AtLeast(0)},
				MarkdownDescription: "How many seconds before it expires a request is renewed, so that a link in use never runs out between two applies. Must be less than `ttl_seconds`. Defaults to 0. The old link works until it expires.",
			},
			"id": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The request's id. It is a secret: whoever knows it can take the project.",
			},
			"claim_url": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The page on which the project is claimed. It is a secret: whoever has it can take the project. Against the emulator it leads to the emulator's own page.",
			},
			"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the request was made, in RFC 3339."},
			"expires_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the link stops working, in RFC 3339."},
			"status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`pending`; `expired`, when its time is over and the project was not claimed; or `claimed`, when the project has another owner. A request whose project was claimed is not renewed, and nothing is sent for it. A project that comes back, or that this configuration moves to another organization, needs a new link, so its request counts as expired.",
			},
		},
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *projectTransferRequestResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config transferRequestModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || isUnset(config.RenewBeforeSeconds) || config.TTLSeconds.IsUnknown() {
		return
	}
	ttl := int64(86400)
	if !config.TTLSeconds.IsNull() {
		ttl = config.TTLSeconds.ValueInt64()
	}
	if before := config.RenewBeforeSeconds.ValueInt64(); before >= ttl {
		resp.Diagnostics.AddAttributeError(path.Root("renew_before_seconds"), "Request would be renewed at once",
			fmt.Sprintf("The request lives for %d seconds and would be renewed %d seconds before its end, that is in every plan. Give less than ttl_seconds.", ttl, before))
	}
}

// ModifyPlan plans the renewal, which nobody configures: time passes.
func (r *projectTransferRequestResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	keepUnconfigured(req, resp)
	var plan, state transferRequestModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, createPlannedKey, []byte("true"))...)
		resp.Diagnostics.Append(r.checkExpectedOwner(plan.ProjectID, plan.OrgID, "transfer request")...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	seen, diags := loadSeenOwner(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || r.configured == nil {
		return
	}
	if state.Status.ValueString() == statusClaimed && seen != "" && plan.OrgID.ValueString() == seen {
		// The configuration names the new owner: the project was moved, not claimed.
		state.Status, plan.Status = types.StringValue(statusExpired), types.StringValue(statusExpired)
	}
	isClaimed := state.Status.ValueString() == statusClaimed
	switch {
	case !plan.ProjectID.Equal(state.ProjectID):
		resp.RequiresReplace = path.Paths{path.Root("project_id")}
	case isClaimed && !plan.TTLSeconds.Equal(state.TTLSeconds):
		resp.Diagnostics.AddAttributeWarning(path.Root("ttl_seconds"), "Project was claimed",
			fmt.Sprintf("Project %s has another owner now, so no new request is made; the new value is noted in the state only.", state.ProjectID.ValueString()))
	case isClaimed:
	case !plan.TTLSeconds.Equal(state.TTLSeconds):
		resp.RequiresReplace = path.Paths{path.Root("ttl_seconds")}
	case plan.isDue(r.client.Now()):
		resp.RequiresReplace = path.Paths{path.Root("expires_at")}
	}
	if len(resp.RequiresReplace) > 0 {
		plan.forgetRequest()
	} else {
		plan.Status = types.StringValue(plan.statusAt(r.client.Now()))
		plan.setClaimURL(r.client.BaseURL())
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// Create looks at the project first: a link is made only for the expected owner, whose
// name is recorded, so that a change of owner shows later.
func (r *projectTransferRequestResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan transferRequestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	projectID := plan.ProjectID.ValueString()
	if before, isRenewal := r.retired.take(projectID); isRenewal && r.keepClaimed(ctx, plan, before, resp) {
		return
	}
	held, diags := r.holdForPart(ctx, projectID, r.expectedOwners(projectID, plan.OrgID), "Transfer request not created", "transfer request")
	resp.Diagnostics.Append(diags...)
	if held == nil {
		return
	}
	made, err := held.Offer(ctx, plan.TTLSeconds.ValueInt64())
	if neon.IsNotFound(err) {
		resp.Diagnostics.Append(partFailure(err, projectID, "Transfer request not created", "transfer request").diagnostics(err)...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(transferRequestFailure(projectID, err).diagnostics(err)...)
		return
	}
	if made.Repeated {
		resp.Diagnostics.AddWarning("Perhaps two transfer requests were made",
			fmt.Sprintf("The answer to a first request for project %s was lost, so another one was made, which is in state. If the first one was made, too, its id is known to nobody, "+
				"so that nobody can use it. Neon can neither show nor revoke it; it ends by itself at %s.", projectID, made.ExpiresAt.UTC().Format(time.RFC3339)))
	}
	plan.readCreated(&made.TransferRequest, r.client.BaseURL())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(recordOf(held.Project.ProjectFields).save(ctx, resp.Private)...)
	resp.Diagnostics.Append(noteCreated(ctx, resp.Private)...)
}

func transferRequestFailure(projectID string, err error) failure {
	f := failure{summary: "Transfer request not created"}
	if neon.IsOutcomeUnknown(err) {
		f.summary, f.isAdvised = "Transfer request perhaps created", true
		f.advice = fmt.Sprintf("The answer was lost, so a transfer request for project %s may exist. Its id is known to nobody, so that nobody can use it; Neon can neither show nor revoke it, and it ends by itself. Apply again to make one whose id is known.", projectID)
	}
	if neon.IsForbidden(err) {
		f.advice = "Transfer requests have to be enabled for an account by Neon. Ask for it by the partner form at https://neon.tech/partners or Neon's support, and name the organization that owns the project. " +
			"If they are enabled, the key's user lacks the right to hand this project over."
	}
	return f
}

// Update changes nothing at Neon: only what the link says and when it is renewed.
func (r *projectTransferRequestResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan transferRequestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.setClaimURL(r.client.BaseURL())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete can't revoke the request, and says so while that matters.
func (r *projectTransferRequestResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state transferRequestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	owner, diags := loadOwner(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	isReplaced, diags := isReplacement(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if isReplaced && !owner.isEmpty() && state.Status.ValueString() != statusClaimed {
		// Whoever can't be found out about keeps the request that is in state.
		if _, err := r.client.Find(ctx, state.ProjectID.ValueString(), owner.home(), nil); err != nil {
			resp.Diagnostics.Append(absenceFailure(state.ProjectID.ValueString(), err).diagnostics(err)...)
			return
		}
	}
	if isReplaced {
		r.retired.note(state.ProjectID.ValueString(), retiredRequest{owner: owner, isClaimed: state.Status.ValueString() == statusClaimed})
	}
	if state.statusAt(r.client.Now()) != statusPending {
		return
	}
	expires, _ := state.ExpiresAt.ValueRFC3339Time()
	resp.Diagnostics.AddWarning("The claim URL goes on working",
		fmt.Sprintf("Neon has no way to revoke a transfer request. Whoever has the claim URL of project %s can take the project until %s, unless the project is deleted before.",
			state.ProjectID.ValueString(), expires.UTC().Format(time.RFC3339)))
}

// ImportState implements resource.ResourceWithImportState, to say why there is none.
func (r *projectTransferRequestResource) ImportState(_ context.Context, _ resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("Transfer requests can't be imported",
		"Neon tells a transfer request's id and its end only when the request is made and can't read it back, so there is nothing to import from. "+
			"Let the configuration make a new request: the project takes any number of them, and the old link works until it expires.")
}
