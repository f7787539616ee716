package provider

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// kislerdmAccessVersion is the version of kislerdm/neon's schemas of permissions
// and organization keys that is understood.
const kislerdmAccessVersion = 1

var (
	_ resource.ResourceWithMoveState    = (*projectPermissionResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectPermissionResource)(nil)
	_ resource.ResourceWithMoveState    = (*orgAPIKeyResource)(nil)
	_ resource.ResourceWithUpgradeState = (*orgAPIKeyResource)(nil)
)

func kislerdmPermissionType() kislerdmType {
	return kislerdmType{typeName: "neon_project_permission", noun: "permission", version: kislerdmAccessVersion, take: takeKislerdmPermission}
}

// MoveState implements resource.ResourceWithMoveState.
func (r *projectPermissionResource) MoveState(context.Context) []resource.StateMover {
	return kislerdmPermissionType().movers()
}

// UpgradeState implements resource.ResourceWithUpgradeState.
func (r *projectPermissionResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return kislerdmPermissionType().upgraders()
}

// takeKislerdmPermission: the other provider writes project and permission into the
// id, and calls the address the grantee.
func takeKislerdmPermission(ctx context.Context, state []byte, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) error {
	var source struct {
		ID      string `json:"id"`
		Grantee string `json:"grantee"`
	}
	if err := json.Unmarshal(state, &source); err != nil {
		return err
	}
	projectID, permissionID, _ := strings.Cut(source.ID, "/")
	if checkProjectID(projectID) != nil || permissionID == "" {
		return errors.New("its id is not that of a project and a permission of it")
	}
	moved := projectPermissionModel{
		ID: types.StringValue(permissionID), ProjectID: types.StringValue(projectID), Email: stringOrNull(source.Grantee),
		GrantedAt: rfc3339OrNull(nil),
	}
	diags.Append(saveWithIdentity(ctx, moved, moved.identity(), target, identity)...)
	return nil
}

func kislerdmOrgAPIKeyType() kislerdmType {
	return kislerdmType{typeName: "neon_org_api_key", noun: "API key", version: kislerdmAccessVersion, take: takeKislerdmOrgAPIKey}
}

// MoveState implements resource.ResourceWithMoveState.
func (r *orgAPIKeyResource) MoveState(context.Context) []resource.StateMover {
	return kislerdmOrgAPIKeyType().movers()
}

// UpgradeState implements resource.ResourceWithUpgradeState.
func (r *orgAPIKeyResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return kislerdmOrgAPIKeyType().upgraders()
}

// takeKislerdmOrgAPIKey takes the secret along: nobody tells it again.
func takeKislerdmOrgAPIKey(ctx context.Context, state []byte, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) error {
	var source struct {
		ID        string `json:"id"`
		OrgID     string `json:"org_id"`
		Name      string `json:"name"`
		ProjectID string `json:"project_id"`
		Key       string `json:"key"`
	}
	if err := json.Unmarshal(state, &source); err != nil {
		return errors.New("an attribute is no text") // the error may show the key
	}
	if _, err := strconv.ParseInt(source.ID, 10, 64); err != nil || checkOrgID(source.OrgID) != nil {
		return errors.New("its id and organization are not those of an organization's API key")
	}
	moved := orgAPIKeyModel{
		ID: types.StringValue(source.ID), OrgID: types.StringValue(source.OrgID), Name: stringOrNull(source.Name),
		ProjectID: stringOrNull(source.ProjectID), Key: stringOrNull(source.Key), CreatedAt: rfc3339OrNull(nil),
	}
	diags.Append(saveWithIdentity(ctx, moved, moved.identity(), target, identity)...)
	return nil
}
