package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	whereMemberIDs = "The data source neon_org_members lists the members of an organization with their ids."
	whichRoles     = "`admin`, `member`, `editor`, `viewer` or `collaborator`; which of them an organization has depends on its permission model, and `member` is the older name of `editor`."
)

// Schema implements resource.Resource.
func (r *orgMemberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Somebody's seat in an organization, and the role that comes with it. Name the person by `email`, `user_id` or `member_id`; if by several, they have to be the same person's.\n\n" +
			"Whoever is a member already is adopted and given `role`; a plan that would change the role of somebody who is adopted says so. " +
			"With `invite = true` a person who isn't a member is invited: people who use Neon already join at once, others are `pending` until they sign up, and then `active`, without a change in the plan. " +
			"Nobody is invited twice: an invitation that Neon lists is taken over.\n\n" +
			"Destroying the resource removes the member, unless `on_destroy` says otherwise. The last admin of an organization can be neither removed nor given another role; a plan that would do it is refused. " +
			"Neon can't cancel invitations by its API, so destroying a pending seat leaves the invitation as it is, with a warning.\n\n" +
			"A seat is never taken from somebody who is to have it. `-replace`, `replace_triggered_by` and `taint` send nothing to Neon while the configuration means the same person, with `create_before_destroy`, too. " +
			"A member who changes their e-mail address at Neon keeps the seat. Where it is not known yet whom the configuration means, the seat stays as it is until it is.\n\n" +
			"An organization's API key can change roles. Inviting and removing people needs the personal API key of an admin.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization. Defaults to the provider's `org_id`, then to the organization of the API key. Changing it gives the seat up and takes one in the other organization.",
			},
			"email": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{emailValidator()},
				MarkdownDescription: "The person's e-mail address. Upper and lower case are the same, and the state keeps what was written first. Changing it to another address gives the seat up and takes that of the other person. " +
					"An address that the member had before still means them, with a warning that shows the new one, unless it is another member's by now or was invited since they joined. It is never invited on their behalf.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{uuidValidator("a user id", whereMemberIDs)},
				MarkdownDescription: "The id of the person's user, instead of `email`. Only somebody who is a member can be named by it. It is null while the seat is pending. Changing it gives the seat up and takes that of the other person.",
			},
			"member_id": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          []validator.String{uuidValidator("a member id", whereMemberIDs)},
				MarkdownDescription: "The id of the person's membership, instead of `email`. Only somebody who is a member can be named by it. It is null while the seat is pending. Changing it gives the seat up and takes the other one.",
			},
			"role": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(neon.MemberRoles()...)},
				MarkdownDescription: "The role: " + whichRoles + " Changing it changes the role in place. The role of a pending seat is that of the invitation, which can't be changed, so another one takes effect with the first apply after the person has joined.",
			},
			"invite": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a person who isn't a member is invited by `email`. Without it such a person is an error. Needs the personal API key of an admin. Defaults to `false`. Changing it sends nothing.",
			},
			"on_destroy": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(onDestroyRemove),
				Validators: []validator.String{stringvalidator.OneOf(onDestroyRemove, onDestroyDemote, onDestroyKeep)},
				MarkdownDescription: "What becomes of the member when the resource is destroyed: `remove` removes them from the organization, `demote` gives them the role `member`, `keep` leaves them as they are. " +
					"Defaults to `remove`. Changing it has an effect on a later destruction alone.",
			},
			"status":    computedString("`active` for a member, `pending` for somebody who was invited and has not joined yet."),
			"joined_at": computedTime("When the person joined, in RFC 3339. It is null while the seat is pending."),
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *orgMemberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "The organization's id, such as org-cool-breeze-12345678."},
		"member_id": identityschema.StringAttribute{OptionalForImport: true, Description: "The member's id. It is null while the seat is pending."},
		"email":     identityschema.StringAttribute{OptionalForImport: true, Description: "The person's e-mail address, instead of the member's id."},
	}}
}

// ConfigValidators implements resource.ResourceWithConfigValidators.
func (r *orgMemberResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.AtLeastOneOf(path.MatchRoot("email"), path.MatchRoot("user_id"), path.MatchRoot("member_id")),
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *orgMemberResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config orgMemberModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if config.Invite.ValueBool() && config.Email.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("invite"), "Only an e-mail address can be invited",
			"invite is true, but the person is named by an id, which only a member has. Name them by email, or leave invite out.")
	}
}
