package provider

import (
	"context"
	"errors"
	"fmt"

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

type projectPermissionResource struct{ resourceBase }

var (
	_ resource.Resource                = (*projectPermissionResource)(nil)
	_ resource.ResourceWithConfigure   = (*projectPermissionResource)(nil)
	_ resource.ResourceWithIdentity    = (*projectPermissionResource)(nil)
	_ resource.ResourceWithImportState = (*projectPermissionResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*projectPermissionResource)(nil)
)

func newProjectPermissionResource() resource.Resource { return &projectPermissionResource{} }

// Metadata implements resource.Resource.
func (r *projectPermissionResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project_permission"
}

// Schema implements resource.Resource.
func (r *projectPermissionResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: firstSchemaVersion,
		MarkdownDescription: "A guest of a project: somebody it is shared with who need not be a member of its organization. Guests may change the project and invite other guests, but not delete it. " +
			"Destroying the resource ends the sharing.\n\n" +
			"A project is shared with an address once. Where it is already, by hand or by another resource, an error names the permission, so that it can be imported. " +
			"Neon takes members of an organization off the guests of a project that is transferred there, as they see it anyway.",
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{projectIDValidator()}, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "The project to share. Changing it ends the sharing of the old project and shares the new one.",
			},
			"email": schema.StringAttribute{
				Required: true, Validators: []validator.String{emailValidator()}, PlanModifiers: []planmodifier.String{replacedByAnotherAddress{}},
				MarkdownDescription: "The e-mail address of the guest's Neon account. Upper and lower case are the same. Somebody without an account is invited by Neon. " +
					"Changing it to another address ends the sharing with the old one.",
			},
			"org_id":     partOrgAttribute("it is shared"),
			"id":         computedString("The permission's id."),
			"granted_at": computedTime("When the project was shared, in RFC 3339."),
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *projectPermissionResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "The project's id, such as cool-breeze-12345678."},
		"permission_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The permission's id."},
	}}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *projectPermissionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	keepUnconfigured(req, resp)
	if req.Plan.Raw.IsNull() || !req.State.Raw.IsNull() {
		return
	}
	var plan projectPermissionModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(r.checkExpectedOwner(plan.ProjectID, plan.OrgID, "permission")...)
}

// Create looks at the project: it is shared only for the expected owner, whose name is
// recorded, so that a change of owner shows later.
func (r *projectPermissionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectPermissionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	projectID := plan.ProjectID.ValueString()
	// The guests are read before the look, so that nothing comes between it and the write.
	_, _ = r.client.FindProjectGuest(ctx, projectID, plan.Email.ValueString())
	held, diags := r.holdForPart(ctx, projectID, r.expectedOwners(projectID, plan.OrgID), "Project not shared", "permission")
	resp.Diagnostics.Append(diags...)
	if held == nil {
		return
	}
	granted, err := held.Grant(ctx, plan.Email.ValueString())
	if taken, ok := errors.AsType[*neon.AlreadyGrantedError](err); ok {
		resp.Diagnostics.AddAttributeError(path.Root("email"), "Project is already shared with this address",
			fmt.Sprintf("Permission %s of project %s is for this address, and no other was made. If no other resource stands for it, import it by the id %s/%s; "+
				"if one does, remove one of the two, since destroying either would end the sharing for both.",
				taken.Permission.ID, projectID, projectID, taken.Permission.ID))
		return
	}
	if neon.IsNotFound(err) {
		resp.Diagnostics.Append(partFailure(err, projectID, "Project not shared", "permission").diagnostics(err)...)
		return
	}
	if err != nil {
		f := permissionFailure("Project not shared", err)
		if neon.IsOutcomeUnknown(err) {
			f.advice = fmt.Sprintf("It is not known whether project %s was shared with %s. If it was, the next apply says so, and by which id to import the permission.", projectID, plan.Email.ValueString())
		}
		resp.Diagnostics.Append(f.diagnostics(err)...)
		return
	}
	plan.readFrom(*granted)
	resp.Diagnostics.Append(saveWithIdentity(ctx, plan, plan.identity(), &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(recordOf(held.Project.ProjectFields).save(ctx, resp.Private)...)
}

func permissionFailure(summary string, err error) failure {
	f := failure{summary: summary}
	if neon.IsForbidden(err) {
		f.advice = "Sharing a project needs a key that may change it: of a member of its organization who is more than a viewer, of a guest, or of the organization itself."
	}
	return f
}

// Read looks the permission up in the project's list, which all permissions of the
// project share.
func (r *projectPermissionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)

	projectID := state.ProjectID.ValueString()
	if r.isTaken(projectID) {
		return // who its guests are is for the new owner to decide
	}
	found, err := r.client.FindProjectPermission(ctx, projectID, state.ID.ValueString())
	switch {
	case err == nil && found == nil:
		r.readEnded(ctx, state, req.Private, resp)
	case err == nil:
		state.readFrom(*found)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(r.noteOwner(ctx, projectID, req.Private, resp.Private)...)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		r.readWithoutProject(ctx, projectID, req.Private, err, resp)
	default:
		resp.Diagnostics.Append(failure{summary: "Permission not read"}.diagnostics(err)...)
	}
}

// Update has nothing to do: every change replaces the permission.
func (r *projectPermissionResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete ends the sharing, if the project is still its owner's. A permission that is
// gone already is no failure, nor is one of a project that is.
func (r *projectPermissionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	owner, diags := loadOwner(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.revoke(ctx, state, owner)...)
	}
}

// ImportState takes project_id/permission_id, project_id/email, or an identity.
func (r *projectPermissionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := projectPermissionModel{GrantedAt: rfc3339OrNull(nil)}
	if req.ID == "" {
		var identity projectPermissionIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		imported.ProjectID, imported.ID = identity.ProjectID, identity.PermissionID
	} else {
		projectID, guest, isAddress, problem := parsePermissionImport(req.ID)
		if problem != nil {
			resp.Diagnostics.AddError(problem.summary, problem.detail)
			return
		}
		imported.ProjectID, imported.ID = types.StringValue(projectID), types.StringValue(guest)
		if isAddress {
			found, err := r.client.FindProjectGuest(ctx, projectID, guest)
			if err != nil {
				resp.Diagnostics.Append(failure{summary: "Permission not found"}.diagnostics(err)...)
				return
			}
			if found == nil {
				resp.Diagnostics.AddError("Permission not found",
					fmt.Sprintf("Project %s is not shared with %s. The data source neon_project_permissions lists whom it is shared with.", projectID, quote(guest)))
				return
			}
			imported.ID, imported.Email = types.StringValue(found.ID), types.StringValue(guest)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(saveWithIdentity(ctx, imported, imported.identity(), &resp.State, resp.Identity)...)
}
