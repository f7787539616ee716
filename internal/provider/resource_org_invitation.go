package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgInvitationResource struct{ resourceBase }

var (
	_ resource.Resource                = (*orgInvitationResource)(nil)
	_ resource.ResourceWithConfigure   = (*orgInvitationResource)(nil)
	_ resource.ResourceWithIdentity    = (*orgInvitationResource)(nil)
	_ resource.ResourceWithImportState = (*orgInvitationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*orgInvitationResource)(nil)
)

func newOrgInvitationResource() resource.Resource { return &orgInvitationResource{} }

// Metadata implements resource.Resource.
func (r *orgInvitationResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_org_invitation"
}

// Schema implements resource.Resource.
func (r *orgInvitationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An invitation to an organization. People who use Neon already join at once; others get an e-mail and join when they sign up. " +
			"Once it is accepted the resource stays as it is, and plans have nothing to change: what becomes of the member is the business of `neon_org_member`, which can also invite by itself.\n\n" +
			"Invitations to one organization that are created at the same time travel in one request. Nobody is invited twice: an invitation that Neon lists is taken over, and somebody who is a member is not invited.\n\n" +
			"Neon's API can neither change nor cancel an invitation. Destroying the resource only forgets it, with a warning. Creating one needs the personal API key of an admin.",
		Attributes: map[string]schema.Attribute{
			"id": computedString("The invitation's id. It is null where Neon shows no invitation, because the person joined at once or was a member before."),
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()}, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
				MarkdownDescription: "The organization. Defaults to the provider's `org_id`, then to the organization of the API key. Changing it invites to the other organization and leaves the first invitation as it is.",
			},
			"email": schema.StringAttribute{
				Required: true, Validators: []validator.String{emailValidator()}, PlanModifiers: []planmodifier.String{replacedByAnotherAddress{}},
				MarkdownDescription: "The e-mail address to invite. Upper and lower case are the same, and the state keeps what was written first. Changing it to another address invites that one and leaves the first invitation as it is.",
			},
			"role": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(neon.RoleMember), Validators: []validator.String{stringvalidator.OneOf(neon.MemberRoles()...)},
				MarkdownDescription: "The role that the person gets: " + whichRoles + " Defaults to `member`. It can't be changed while the invitation is pending, which is an error; once it is accepted, changing it has no effect at Neon, and a warning says so.",
			},
			"invited_by": computedString("The id of the user who sent the invitation. It is null where `id` is."),
			"invited_at": computedTime("When the invitation was sent, in RFC 3339. It is null where `id` is."),
			"status":     computedString("`pending` until the person has joined, then `accepted`."),
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *orgInvitationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The organization's id, such as org-cool-breeze-12345678."},
		"email":  identityschema.StringAttribute{RequiredForImport: true, Description: "The invited e-mail address, in lower case."},
	}}
}

// Create invites, unless the person is invited or a member already.
func (r *orgInvitationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgInvitationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	orgID, diags := r.requireOrganization(ctx, knownOrNull(plan.OrgID))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrgID = types.StringValue(orgID)
	token, diags := newToken(ctx, resp.Private)
	resp.Diagnostics.Append(diags...)
	seat, diags := r.holdInvitation(ctx, plan, token)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(plan.checkRole(*seat)...)
	}
	if resp.Diagnostics.HasError() {
		r.claims.release(token)
		return
	}
	resp.Diagnostics.Append(noteMember(ctx, seat, resp.Private)...)
	sent := plan
	sent.readSeat(*seat)
	sent.Role = plan.Role
	resp.Diagnostics.Append(sent.save(ctx, &resp.State, resp.Identity)...)
}

// holdInvitation has the person in the organization: invited, unless they are
// invited or a member already. Where this apply is removing them, it waits for that
// and then looks again.
func (r *orgInvitationResource) holdInvitation(ctx context.Context, plan orgInvitationModel, token string) (*neon.Seat, diag.Diagnostics) {
	for {
		seat, diags := r.takeInvitation(ctx, plan)
		if diags.HasError() {
			return nil, diags
		}
		_, ended := r.claims.hold(plan.claim(token, memberOf(seat)))
		if ended == nil {
			return seat, diags
		}
		if err := awaitEnd(ctx, ended); err != nil {
			return nil, failure{summary: "Invitation not sent", at: path.Root("email")}.diagnostics(err)
		}
	}
}

func (r *orgInvitationResource) takeInvitation(ctx context.Context, plan orgInvitationModel) (*neon.Seat, diag.Diagnostics) {
	orgID, email, at := plan.OrgID.ValueString(), plan.Email.ValueString(), path.Root("email")
	seat, err := r.client.FindSeat(ctx, orgID, email)
	if err != nil {
		return nil, failure{summary: "Invitations not read", advice: "Nobody was invited, because it could not be found out who is in organization " + orgID + "."}.diagnostics(err)
	}
	if seat != nil && seat.Member != nil {
		return seat, diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, "Person is a member already",
			fmt.Sprintf("%s is a member of %s, as %s, so nobody was invited. Roles of members are given by neon_org_member.", email, orgID, seat.Member.Member.Role))}
	}
	if diags := r.refuseFormerAddress(ctx, orgID, email); diags.HasError() {
		return nil, diags
	}
	if seat != nil {
		return seat, diag.Diagnostics{adoptedInvitation(*seat.Invitation, at)}
	}
	return r.invite(ctx, orgID, email, plan.Role.ValueString(), at)
}

// Read finds out whether the person has joined. Only an organization that shows
// its people can tell that somebody is gone.
func (r *orgInvitationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgInvitationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
	_, diags := ownToken(ctx, req.Private, resp.Private)
	resp.Diagnostics.Append(diags...)
	memberID, diags := r.invitedMember(ctx, state, req.Private)
	resp.Diagnostics.Append(diags...)

	orgID, email := state.OrgID.ValueString(), state.Email.ValueString()
	seat, err := r.findInvited(ctx, state, memberID)
	switch {
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		resp.Diagnostics.Append(hiddenPeople("Invitation not visible to this key", orgID).diagnostics(err)...)
	case err != nil:
		resp.Diagnostics.Append(failure{summary: "Invitation not read"}.diagnostics(err)...)
	case seat == nil && state.Status.IsNull():
		resp.Diagnostics.AddError("Invitation not found",
			fmt.Sprintf("Nobody with the address %s is invited to organization %s or a member of it.", email, orgID))
	case state.isGone(seat):
		resp.Diagnostics.AddWarning("Invitation is gone",
			fmt.Sprintf("%s is neither invited to organization %s nor a member of it any more, so the invitation is taken out of the state, and a plan would invite them again.", email, orgID))
		resp.State.RemoveResource(ctx)
	default:
		resp.Diagnostics.Append(noteMember(ctx, seat, resp.Private)...)
		role := state.Role
		state.readSeat(*seat)
		if state.isAccepted() && !role.IsNull() {
			state.Role = role
		}
		resp.Diagnostics.Append(state.save(ctx, &resp.State, resp.Identity)...)
	}
}

// findInvited looks for the person. One who has joined may have another address by
// now.
func (r *orgInvitationResource) findInvited(ctx context.Context, state orgInvitationModel, memberID string) (*neon.Seat, error) {
	seat, err := r.client.FindSeat(ctx, state.OrgID.ValueString(), state.Email.ValueString())
	if err != nil || seat != nil && seat.Member != nil || !state.isAccepted() || memberID == "" {
		return seat, err
	}
	member, err := r.client.ReadMember(ctx, state.OrgID.ValueString(), memberID)
	if member == nil {
		return seat, err
	}
	return &neon.Seat{Member: member}, nil
}

// Update has nothing to send: the plan lets nothing pass that Neon would have to
// know of.
func (r *orgInvitationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan orgInvitationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(plan.save(ctx, &resp.State, resp.Identity)...)
	}
}

// Delete forgets the invitation, and says what stays.
func (r *orgInvitationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgInvitationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	_, _, diags := r.releaseClaims(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	stays := "Neon's API can't cancel an invitation, so they can still join; cancel it in the Neon Console."
	if state.isAccepted() {
		stays = "They have joined and stay a member; remove them by a neon_org_member or in the Neon Console."
	}
	resp.Diagnostics.AddWarning("Invitation is only forgotten",
		fmt.Sprintf("The invitation of %s to organization %s is taken out of the state, and nothing is sent to Neon. %s", state.Email.ValueString(), state.OrgID.ValueString(), stays))
}

// ImportState takes org_id/email, org_id/invitation_id, or an identity.
func (r *orgInvitationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := orgInvitationModel{InvitedAt: rfc3339OrNull(nil)}
	if req.ID == "" {
		var identity orgInvitationIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		imported.OrgID, imported.Email = identity.OrgID, identity.Email
	} else {
		id, problem := parseOrgImportID(req.ID, "an invitation", "invitation_id")
		if problem != nil {
			resp.Diagnostics.AddError(problem.summary, problem.detail)
			return
		}
		imported.OrgID, imported.Email = types.StringValue(id.orgID), stringOrNull(id.email)
		if id.email == "" {
			found, diags := r.invitationByID(ctx, id.orgID, id.id)
			resp.Diagnostics.Append(diags...)
			imported.Email = types.StringValue(found.Email)
		}
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(imported.save(ctx, &resp.State, resp.Identity)...)
	}
}

func (r *orgInvitationResource) invitationByID(ctx context.Context, orgID, id string) (neon.Invitation, diag.Diagnostics) {
	invitations, err := r.client.Invitations(ctx, orgID)
	if err != nil {
		return neon.Invitation{}, failure{summary: "Invitation not read"}.diagnostics(err)
	}
	for _, invitation := range invitations {
		if invitation.ID == id {
			return invitation, nil
		}
	}
	return neon.Invitation{}, diag.Diagnostics{diag.NewErrorDiagnostic("Invitation not found",
		fmt.Sprintf("Organization %s lists no invitation %s. The data source neon_org_invitations lists those that there are.", orgID, id))}
}
