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
			"An organization has one limit. Two resources for one organization are refused. Creating the resource replaces a limit that was set before, by another configuration perhaps, and a warning says what it was. " +
			"Destroying it leaves the organization without a limit, unless another resource of the same apply has set it.\n\n" +
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

// Create sets the limit. It says which one was set before, as a state does not know
// what another one manages.
func (r *orgSpendingLimitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgSpendingLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	orgID, diags := r.requireOrganization(ctx, plan.OrgID)
	resp.Diagnostics.Append(diags...)
	token, diags := newToken(ctx, resp.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrgID = types.StringValue(orgID)
	wasCleared, diags := r.holdLimit(ctx, plan.claim(token, manages))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.setFirst(ctx, plan, wasCleared)...)
	if resp.Diagnostics.HasError() {
		r.claims.release(token)
		return
	}
	resp.Diagnostics.Append(saveWithIdentity(ctx, plan, orgIdentity{plan.OrgID}, &resp.State, resp.Identity)...)
}

// holdLimit refuses a limit that another resource was created for just now. A
// removal of the limit that has begun is waited for.
func (r *orgSpendingLimitResource) holdLimit(ctx context.Context, mine orgClaim) (wasCleared bool, diags diag.Diagnostics) {
	for {
		first, ended := r.claims.hold(mine)
		switch {
		case first != nil:
			return wasCleared, diag.Diagnostics{limitConflict(*first, mine)}
		case ended == nil:
			return wasCleared, nil
		}
		wasCleared = true
		if err := awaitEnd(ctx, ended); err != nil {
			return wasCleared, failure{summary: "Spending limit not set", at: path.Root("org_id")}.diagnostics(err)
		}
	}
}

// setFirst sets the limit for a new resource. Where this apply has removed one it
// looks afterwards: Neon may have been at work on that still.
func (r *orgSpendingLimitResource) setFirst(ctx context.Context, plan orgSpendingLimitModel, wasCleared bool) diag.Diagnostics {
	orgID, cents := plan.OrgID.ValueString(), plan.SpendingLimitCents.ValueInt64()
	before, err := r.client.GetSpendingLimit(ctx, orgID)
	if err != nil {
		return spendingLimitFailure("Spending limit not set", orgID, err).diagnostics(err)
	}
	diags := r.set(ctx, plan)
	if diags.HasError() {
		return diags
	}
	if before != nil {
		diags.AddAttributeWarning(path.Root("spending_limit_cents"), "Spending limit was set before",
			fmt.Sprintf("Organization %s had a spending limit of %d cents already, which this resource has replaced by %d. If another configuration manages that limit, the two undo each other's changes, and destroying either leaves the organization without.", orgID, *before, cents))
	}
	if !wasCleared {
		return diags
	}
	now, err := r.client.GetSpendingLimit(ctx, orgID)
	switch {
	case err != nil:
		diags.Append(spendingLimitFailure("Spending limit not read", orgID, err).diagnostics(err)...)
	case now == nil || *now != cents:
		diags.AddAttributeError(path.Root("org_id"), "Spending limit was lost",
			fmt.Sprintf("The limit of organization %s was set to %d cents after another resource of this apply had removed one, and Neon does not show it. Apply again, which sets it.", orgID, cents))
	}
	return diags
}

// Update sets the limit anew.
func (r *orgSpendingLimitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan orgSpendingLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	resp.Diagnostics.Append(r.set(ctx, plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(saveWithIdentity(ctx, plan, orgIdentity{plan.OrgID}, &resp.State, resp.Identity)...)
	}
}

func (r *orgSpendingLimitResource) set(ctx context.Context, plan orgSpendingLimitModel) diag.Diagnostics {
	orgID := plan.OrgID.ValueString()
	err := r.client.SetSpendingLimit(ctx, orgID, plan.SpendingLimitCents.ValueInt64())
	if err == nil {
		return nil
	}
	f := spendingLimitFailure("Spending limit not set", orgID, err)
	if neon.IsOutcomeUnknown(err) {
		f.advice = fmt.Sprintf("It is not known whether the limit of %s was set. The next apply sets it, whether it is there or not.", orgID)
	}
	return f.diagnostics(err)
}

func spendingLimitFailure(summary, orgID string, err error) failure {
	f := failure{summary: summary, at: path.Root("org_id")}
	if neon.IsForbidden(err) {
		f.advice = fmt.Sprintf("Neon has spending limits on the Launch and Scale plans alone, and lets only admins of %s and its API keys change them. "+
			"The data source neon_organization shows the plan. If the organization has left these plans, "+forgetUnread+".", orgID)
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
	_, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)

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

// Delete leaves the organization without a limit, unless it is to have one by the
// configuration: where the resource is replaced by one for the same organization,
// or another one has set the limit.
func (r *orgSpendingLimitResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgSpendingLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	token, note, diags := r.releaseClaims(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	last := state.claim(token, removes)
	if note.keeps(last) {
		return // the new one sets it anew
	}
	keeper, over := r.claims.end(last)
	if keeper != nil {
		resp.Diagnostics.AddWarning("Spending limit is kept",
			fmt.Sprintf("Organization %s keeps its spending limit, because another resource of the configuration manages it. Nothing is sent to Neon.", state.OrgID.ValueString()))
		return
	}
	defer over()
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
