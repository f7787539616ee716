package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

// maxKeyNameLength is Neon's limit, in characters.
const maxKeyNameLength = 64

type orgAPIKeyResource struct{ resourceBase }

var (
	_ resource.Resource                = (*orgAPIKeyResource)(nil)
	_ resource.ResourceWithConfigure   = (*orgAPIKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*orgAPIKeyResource)(nil)
	_ resource.ResourceWithImportState = (*orgAPIKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*orgAPIKeyResource)(nil)
)

func newOrgAPIKeyResource() resource.Resource { return &orgAPIKeyResource{} }

// Metadata implements resource.Resource.
func (r *orgAPIKeyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_org_api_key"
}

// Schema implements resource.Resource.
func (r *orgAPIKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		Version: firstSchemaVersion,
		MarkdownDescription: "An API key of an organization, or of one of its projects. It belongs to nobody in particular and goes on working when the person who created it leaves. " +
			"Destroying the resource revokes the key, which stops working at once.\n\n" +
			"Creating a key needs a personal key of an admin; revoking one, and seeing that it is there, can be done with a key of the organization too. " +
			"The key itself is in the state: for one that is needed only while a run lasts, use the ephemeral resource `neon_org_api_key`, which leaves none there.\n\n" +
			"Neon tells a key once, when it is created. So `key` is null after an import. Where the answer to a creation is lost, nothing proves which key came of it: " +
			"an error names the keys of this name that are new, nothing is revoked, and the next apply creates the key.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()}, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
				MarkdownDescription: "The organization. Defaults to the provider's `org_id`. Changing it revokes the key and creates one of the other organization.",
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, maxKeyNameLength)}, PlanModifiers: replace,
				MarkdownDescription: "The name, of 1 to 64 characters, by which people know the key. It need not be unique. Changing it revokes the key and creates another.",
			},
			"project_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{projectIDValidator()}, PlanModifiers: replace,
				MarkdownDescription: "Confines the key to this project of the organization, which it can change, but not delete. Without it, the default, the key may do all that an admin may with the organization's projects. " +
					"Changing it, or leaving it out, revokes the key and creates another.",
			},
			"id": computedString("The key's id, a number. It says which key the resource stands for, whatever the names of other keys."),
			"key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The key, a secret. It is null for a key that was imported, since Neon tells it only once; replacing the resource (`-replace`) creates one that is known.",
			},
			"created_at": computedTime("When the key was created, in RFC 3339."),
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *orgAPIKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The organization's id, such as org-cool-breeze-12345678."},
		"key_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The key's id, a number."},
	}}
}

// ModifyPlan says at plan time that a key of an organization can't create keys.
func (r *orgAPIKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	r.planOrganization(ctx, req, resp)
	if req.State.Raw.IsNull() && r.configured != nil {
		resp.Diagnostics.Append(r.requirePersonalKey(ctx, path.Empty(), "create API keys", orgAdmin)...)
	}
}

// Create makes the key and saves it.
func (r *orgAPIKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orgAPIKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	create := neon.APIKeyCreate{KeyName: plan.Name.ValueString(), ProjectID: plan.ProjectID.ValueString()}
	made, diags := r.createOrgAPIKey(ctx, plan.OrgID, create, r.client.CreateOrgAPIKey, adviseLostKey)
	resp.Diagnostics.Append(diags...)
	if made == nil {
		return
	}
	plan.OrgID = types.StringValue(made.orgID)
	plan.readCreated(&made.CreatedAPIKey)
	resp.Diagnostics.Append(saveWithIdentity(ctx, plan, plan.identity(), &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(noteUnusedKeys(ctx, made, resp.Private)...)
}

// Read looks the key up in the organization's list, which all its keys share.
func (r *orgAPIKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orgAPIKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)

	orgID := state.OrgID.ValueString()
	found, err := r.client.FindOrgAPIKey(ctx, orgID, state.keyID())
	switch {
	case err != nil:
		resp.Diagnostics.Append(orgKeyFailure("API key not read", orgID, err).diagnostics(err)...)
	case found == nil:
		wentAlong, diags := r.wentAlong(ctx, state)
		resp.Diagnostics.Append(diags...)
		if !wentAlong && !diags.HasError() {
			resp.State.RemoveResource(ctx)
		}
	default:
		if state.CreatedAt.IsNull() && !state.Key.IsNull() {
			resp.Diagnostics.Append(r.checkMoved(ctx, state)...)
		}
		state.readFrom(found.APIKeyFields, found.ProjectID)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(r.warnOfUnusedKeys(ctx, state, req.Private, resp.Private)...)
	}
}

// wentAlong reports whether a key that the organization no longer lists was confined to
// a project that changed hands: such a key stays in state, as everything does that hangs
// on the project.
func (r *orgAPIKeyResource) wentAlong(ctx context.Context, state orgAPIKeyModel) (bool, diag.Diagnostics) {
	projectID, orgID := state.ProjectID.ValueString(), state.OrgID.ValueString()
	if projectID == "" || r.isTaken(projectID) {
		return projectID != "", nil
	}
	project, err := r.client.ReadProject(ctx, projectID, orgID)
	if err == nil {
		return project.OwnerID != orgID, nil
	}
	if neon.IsNotFound(err) || neon.IsForbidden(err) {
		var found *neon.Finding
		found, err = r.client.Resolve(ctx, projectID, homeOf(orgID), neon.OwnedBy(orgID), err)
		if err == nil {
			return found.Fate == neon.FateTaken || found.Fate == neon.FateVanished, nil
		}
	}
	return false, absenceFailure(projectID, err).diagnostics(err)
}

// checkMoved looks at a key that came from kislerdm/neon. That provider takes the
// first key of the name for its own, so its id may be another key's.
func (r *orgAPIKeyResource) checkMoved(ctx context.Context, moved orgAPIKeyModel) diag.Diagnostics {
	var diags diag.Diagnostics
	orgID, name := moved.OrgID.ValueString(), moved.Name.ValueString()
	keys, err := r.client.ListOrgAPIKeys(ctx, orgID)
	if err != nil {
		return orgKeyFailure("API key not read", orgID, err).diagnostics(err)
	}
	named := slices.DeleteFunc(keys, func(k neon.APIKey) bool { return k.Name != name })
	if len(named) > 1 {
		ids := make([]string, len(named))
		for i, k := range named {
			ids[i] = strconv.FormatInt(k.ID, 10)
		}
		diags.AddWarning("Perhaps the id of another API key",
			fmt.Sprintf("The key was moved from %s, which finds keys by their name, and organization %s has %d keys named %q: %s. "+
				"So key %s need not be the one whose secret is in the state. Destroying or replacing the resource revokes key %s; make sure that this is meant, or rename the keys first.",
				kislerdmProvider, orgID, len(named), name, strings.Join(ids, ", "), moved.ID.ValueString(), moved.ID.ValueString()))
	}
	return diags
}

// Update has nothing to do: every change replaces the key.
func (r *orgAPIKeyResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete revokes the key. One that is gone already is no failure.
func (r *orgAPIKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orgAPIKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	orgID := state.OrgID.ValueString()
	if err := r.client.RevokeOrgAPIKey(ctx, orgID, state.keyID()); err != nil {
		resp.Diagnostics.Append(orgKeyFailure("API key not revoked", orgID, err).diagnostics(err)...)
	}
}

// ImportState takes org_id/key_id, or an identity.
func (r *orgAPIKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		var identity orgAPIKeyIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.OrgID.ValueString() + "/" + identity.KeyID.ValueString()
	}
	orgID, keyID, problem := parseKeyImport(id)
	if problem != nil {
		resp.Diagnostics.AddError(problem.summary, problem.detail)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	imported := orgAPIKeyModel{OrgID: types.StringValue(orgID), ID: types.StringValue(keyID), CreatedAt: rfc3339OrNull(nil)}
	resp.Diagnostics.Append(saveWithIdentity(ctx, imported, imported.identity(), &resp.State, resp.Identity)...)
	resp.Diagnostics.AddWarning("The key itself is not known",
		fmt.Sprintf("Neon tells an API key once, when it is created, so the attribute key of key %s stays null. Destroying the resource revokes the key all the same. "+
			"To have a key that is known, replace the resource with -replace.", keyID))
}
