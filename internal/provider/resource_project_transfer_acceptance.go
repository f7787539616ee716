package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectTransferAcceptanceResource struct{ resourceBase }

var (
	_ resource.Resource                     = (*projectTransferAcceptanceResource)(nil)
	_ resource.ResourceWithConfigure        = (*projectTransferAcceptanceResource)(nil)
	_ resource.ResourceWithConfigValidators = (*projectTransferAcceptanceResource)(nil)
	_ resource.ResourceWithImportState      = (*projectTransferAcceptanceResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*projectTransferAcceptanceResource)(nil)
)

func newProjectTransferAcceptanceResource() resource.Resource {
	return &projectTransferAcceptanceResource{}
}

type transferAcceptanceModel struct {
	ProjectID         types.String      `tfsdk:"project_id"`
	TransferRequestID types.String      `tfsdk:"transfer_request_id"`
	ClaimURL          types.String      `tfsdk:"claim_url"`
	OrgID             types.String      `tfsdk:"org_id"`
	OwnerID           types.String      `tfsdk:"owner_id"`
	AcceptedAt        timetypes.RFC3339 `tfsdk:"accepted_at"`
}

// Metadata implements resource.Resource.
func (r *projectTransferAcceptanceResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project_transfer_acceptance"
}

// Schema implements resource.Resource.
func (r *projectTransferAcceptanceResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The receiving side of a project transfer: takes over a project that somebody offers by a `neon_project_transfer_request`. " +
			"Name the offer by `project_id` and `transfer_request_id`, or by the `claim_url` alone. " +
			"A request works once. Destroying the resource only forgets that it was accepted: the project stays where it is.",
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: replace, Validators: []validator.String{projectIDValidator()},
				MarkdownDescription: "The project to take over. Required with `transfer_request_id`; read from `claim_url` otherwise. Changing it accepts another request.",
			},
			"transfer_request_id": schema.StringAttribute{
				Optional: true, Sensitive: true, PlanModifiers: replace, Validators: []validator.String{transferRequestIDValidator()},
				MarkdownDescription: "The id of the transfer request, a secret. Changing it accepts another request.",
			},
			"claim_url": schema.StringAttribute{
				Optional: true, Sensitive: true, PlanModifiers: replace, Validators: []validator.String{claimURLValidator()},
				MarkdownDescription: "The claim URL, a secret, instead of `project_id` and `transfer_request_id`. Changing it accepts another request.",
			},
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: replace, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that takes the project; the key's user has to be a member. Defaults to the provider's `org_id`, then to the account of the API key. Changing it accepts the request again, for the other organization, which works only if the request is unused.",
			},
			"owner_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Who owns the project: the organization's id, or a user's.",
			},
			"accepted_at": schema.StringAttribute{
				Computed: true, CustomType: timetypes.RFC3339Type{},
				MarkdownDescription: "When the request was accepted, in RFC 3339, by the clock of the machine that did it.",
			},
		},
	}
}

// ConfigValidators implements resource.ResourceWithConfigValidators.
func (r *projectTransferAcceptanceResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("transfer_request_id"), path.MatchRoot("claim_url")),
		resourcevalidator.Conflicting(path.MatchRoot("project_id"), path.MatchRoot("claim_url")),
		resourcevalidator.RequiredTogether(path.MatchRoot("project_id"), path.MatchRoot("transfer_request_id")),
	}
}

// ModifyPlan shows which project and organization the acceptance is about.
func (r *projectTransferAcceptanceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	if !req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	var config transferAcceptanceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !isUnset(config.ClaimURL) {
		if c, problem := parseClaimURL(config.ClaimURL.ValueString()); problem == nil {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("project_id"), c.projectID)...)
		}
	}
	r.planOrganization(ctx, req, resp)
}

// Create accepts the request. One that was accepted before, by an apply whose
// answer was lost, is known by who owns the project.
func (r *projectTransferAcceptanceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan transferAcceptanceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	offer := claim{projectID: plan.ProjectID.ValueString(), requestID: plan.TransferRequestID.ValueString()}
	if !plan.ClaimURL.IsNull() {
		parsed, problem := parseClaimURL(plan.ClaimURL.ValueString())
		if problem != nil {
			resp.Diagnostics.AddAttributeError(path.Root("claim_url"), problem.summary, problem.detail)
			return
		}
		offer = parsed
	}
	orgID := r.organization(plan.OrgID)
	claimed, err := r.client.ClaimProject(ctx, offer.projectID, offer.requestID, orgID)
	if err != nil {
		resp.Diagnostics.Append(acceptanceFailure(err, offer.projectID, orgID).diagnostics(err)...)
		return
	}
	if claimed.WasDone {
		resp.Diagnostics.AddWarning("Request had been accepted before",
			fmt.Sprintf("Neon no longer takes the request for project %s, and %s owns the project: it was accepted before, and is now in state.", offer.projectID, claimed.OwnerID))
	}
	plan.ProjectID = types.StringValue(offer.projectID)
	plan.OrgID = stringOrNull(claimed.OrgID)
	plan.OwnerID = stringOrNull(claimed.OwnerID)
	plan.AcceptedAt = timetypes.NewRFC3339TimeValue(r.client.Now().UTC())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func acceptanceFailure(err error, projectID, orgID string) failure {
	f := failure{summary: "Transfer request not accepted"}
	receiver := "the account of the API key"
	if orgID != "" {
		receiver = orgID
		f.at = path.Root("org_id")
	}
	if !neon.IsOutcomeUnknown(err) {
		f.advice = fmt.Sprintf("Project %s was not taken over by %s. A request works once and until it expires, and only for somebody who is a member of the receiving organization. "+
			"If it was used or has expired, ask the owner of the project for a new claim URL.", projectID, receiver)
	}
	return f
}

// Read notes who owns the project. That it was accepted once stays true whatever
// becomes of the project, and a request can't be accepted again.
func (r *projectTransferAcceptanceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state transferAcceptanceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, err := r.client.ReadProject(ctx, state.ProjectID.ValueString(), state.OrgID.ValueString())
	if neon.IsNotFound(err) || neon.IsForbidden(err) {
		resp.Diagnostics.AddWarning("Accepted project is not visible",
			fmt.Sprintf("Project %s was accepted, but is no longer visible to this API key: it was deleted or moved on. The acceptance stays in the state; remove the resource when it is of no more interest.", state.ProjectID.ValueString()))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(failure{summary: "Accepted project not read"}.diagnostics(err)...)
		return
	}
	state.OwnerID = types.StringValue(project.OwnerID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update has nothing to do: every argument needs another acceptance.
func (r *projectTransferAcceptanceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete forgets the acceptance, and says that the project stays.
func (r *projectTransferAcceptanceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state transferAcceptanceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("The accepted project stays",
			fmt.Sprintf("Only the acceptance is forgotten: project %s stays with %s. To manage the project itself, import it as a neon_project.",
				state.ProjectID.ValueString(), state.OwnerID.ValueString()))
	}
}

// ImportState implements resource.ResourceWithImportState, to say why there is none.
func (r *projectTransferAcceptanceResource) ImportState(_ context.Context, _ resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("Acceptances can't be imported",
		"Neon does not tell by which transfer request a project came. A project that was accepted already needs no acceptance: import it as a neon_project.")
}
