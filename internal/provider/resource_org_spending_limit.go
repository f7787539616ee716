package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgSpendingLimitResource struct{ resourceBase }

var (
	_ resource.Resource                = (*orgSpendingLimitResource)(nil)
	_ resource.ResourceWithConfigure   = (*orgSpendingLimitResource)(nil)
	_ resource.ResourceWithIdentity    = (*orgSpendingLimitResource)(nil)
	_ resource.ResourceWithImportState = (*orgSpendingLimitResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*orgSpendingLimitResource)(nil)
)

func newOrgSpendingLimitResource() resource.Resource { return &orgSpendingLimitResource{} }

type orgSpendingLimitModel struct {
	OrgID              types.String `tfsdk:"org_id"`
	SpendingLimitCents wholeNumber  `tfsdk:"spending_limit_cents"`
}

type orgIdentity struct {
	OrgID types.String `tfsdk:"org_id"`
}

// Metadata implements resource.Resource.
func (r *orgSpendingLimitResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_org_spending_limit"
}

// Schema implements resource.Resource.
func (r *orgSpendingLimitResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What an organization means to spend a month. Neon sends e-mails at 80 % and 100 % of it and stops nothing: computes go on running. " +
			"An organization has one limit, so creating the resource replaces one that was set before, and destroying it leaves the organization without.\n\n" +
			"Neon has spending limits on the Launch and Scale plans, lets admins of the organization and its API keys change them, and calls them a beta.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()}, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
				MarkdownDescription: "The organization. Defaults to the provider's `org_id`, then to the organization of the API key. Changing it takes the limit off the old organization and sets it for the new one.",
			},
			"spending_limit_cents": schema.Int64Attribute{
				Required: true, CustomType: wholeNumberType{}, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "The limit in US cents a month, at least 1. It may be less than what the month has cost already; Neon then sends the e-mail at once. Changing it changes the limit in place.",
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *orgSpendingLimitResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The organization's id, such as org-cool-breeze-12345678."},
	}}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *orgSpendingLimitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	r.planOrganization(ctx, req, resp)
}

// Create sets the limit.
func (r *orgSpendingLimitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgSpendingLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	orgID, diags := r.requireOrganization(ctx, plan.OrgID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrgID = types.StringValue(orgID)
	resp.Diagnostics.Append(r.set(ctx, plan, &resp.State, resp.Identity)...)
}

// Update sets the limit anew.
func (r *orgSpendingLimitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan orgSpendingLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.set(ctx, plan, &resp.State, resp.Identity)...)
	}
}

func (r *orgSpendingLimitResource) set(ctx context.Context, plan orgSpendingLimitModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	orgID := plan.OrgID.ValueString()
	if err := r.client.SetSpendingLimit(ctx, orgID, plan.SpendingLimitCents.ValueInt64()); err != nil {
		f := spendingLimitFailure("Spending limit not set", orgID, err)
		if neon.IsOutcomeUnknown(err) {
			f.advice = fmt.Sprintf("It is not known whether the limit of %s was set. The next apply sets it, whether it is there or not.", orgID)
		}
		return f.diagnostics(err)
	}
	return saveWithIdentity(ctx, plan, orgIdentity{plan.OrgID}, state, identity)
}

func spendingLimitFailure(summary, orgID string, err error) failure {
	f := failure{summary: summary, at: path.Root("org_id")}
	if neon.IsForbidden(err) {
		f.advice = fmt.Sprintf("Neon has spending limits on the Launch and Scale plans alone, and lets only admins of %s and its API keys change them. "+
			"The data source neon_organization shows the plan. If the organization has left these plans, take the resource out of the configuration with a removed block (destroy = false).", orgID)
	}
	return f
}

// Read reads the limit. Where there is none any more, the resource is gone.
func (r *orgSpendingLimitResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgSpendingLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, orgIdentity{state.OrgID})...)

	orgID := state.OrgID.ValueString()
	limit, err := r.client.GetSpendingLimit(ctx, orgID)
	switch {
	case err != nil:
		resp.Diagnostics.Append(spendingLimitFailure("Spending limit not read", orgID, err).diagnostics(err)...)
	case limit == nil:
		resp.State.RemoveResource(ctx)
	default:
		state.SpendingLimitCents = newWholeNumber(types.Int64Value(*limit))
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Delete leaves the organization without a limit.
func (r *orgSpendingLimitResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgSpendingLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	orgID := state.OrgID.ValueString()
	if err := r.client.ClearSpendingLimit(ctx, orgID); err != nil {
		resp.Diagnostics.Append(spendingLimitFailure("Spending limit not removed", orgID, err).diagnostics(err)...)
	}
}

// ImportState takes an organization's id, or an identity.
func (r *orgSpendingLimitResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity := orgIdentity{types.StringValue(req.ID)}
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	}
	if problem := checkOrgID(identity.OrgID.ValueString()); problem != nil {
		resp.Diagnostics.AddError(problem.summary, problem.detail)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("org_id"), identity.OrgID)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, identity)...)
}
