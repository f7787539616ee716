package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// shownProjectModel is what data sources show of a project, by itself and in
// lists. Usage in the billing period is not part of it, nor is what Neon has
// deprecated, nor "provisioner", whose name the language keeps for itself.
type shownProjectModel struct {
	ID                          types.String      `tfsdk:"id"`
	Name                        types.String      `tfsdk:"name"`
	OrgID                       types.String      `tfsdk:"org_id"`
	OwnerID                     types.String      `tfsdk:"owner_id"`
	RegionID                    types.String      `tfsdk:"region_id"`
	PlatformID                  types.String      `tfsdk:"platform_id"`
	PgVersion                   types.Int64       `tfsdk:"pg_version"`
	ProxyHost                   types.String      `tfsdk:"proxy_host"`
	StorePasswords              types.Bool        `tfsdk:"store_passwords"`
	HistoryRetentionSeconds     types.Int64       `tfsdk:"history_retention_seconds"`
	BranchLogicalSizeLimitBytes types.Int64       `tfsdk:"branch_logical_size_limit_bytes"`
	SyntheticStorageSize        types.Int64       `tfsdk:"synthetic_storage_size"`
	DefaultEndpointSettings     types.Object      `tfsdk:"default_endpoint_settings"`
	Settings                    types.Object      `tfsdk:"settings"`
	CreationSource              types.String      `tfsdk:"creation_source"`
	EffectiveProjectPermission  types.String      `tfsdk:"effective_project_permission"`
	CreatedAt                   timetypes.RFC3339 `tfsdk:"created_at"`
	UpdatedAt                   timetypes.RFC3339 `tfsdk:"updated_at"`
	ComputeLastActiveAt         timetypes.RFC3339 `tfsdk:"compute_last_active_at"`
	MaintenanceStartsAt         timetypes.RFC3339 `tfsdk:"maintenance_starts_at"`
	HipaaEnabledAt              timetypes.RFC3339 `tfsdk:"hipaa_enabled_at"`
}

// projectDataModel is a project as its own GET shows it.
type projectDataModel struct {
	shownProjectModel
	Owner                   types.Object      `tfsdk:"owner"`
	MaintenanceScheduledFor timetypes.RFC3339 `tfsdk:"maintenance_scheduled_for"`
	IgnoreMissing           types.Bool        `tfsdk:"ignore_missing"`
	Missing                 types.Bool        `tfsdk:"missing"`
}

// missingProject is null, but for what the configuration says.
func missingProject(e expectation) projectDataModel {
	return projectDataModel{
		shownProjectModel: shownProjectModel{
			ID: e.projectID, OrgID: e.orgID,
			DefaultEndpointSettings: types.ObjectNull(projectEndpointSettingsTypes),
			Settings:                types.ObjectNull(projectSettingsTypes),
		},
		Owner: types.ObjectNull(projectOwnerTypes),
	}
}

type projectOwnerModel struct {
	Email            types.String `tfsdk:"email"`
	Name             types.String `tfsdk:"name"`
	BranchesLimit    types.Int64  `tfsdk:"branches_limit"`
	SubscriptionType types.String `tfsdk:"subscription_type"`
}

var projectOwnerTypes = map[string]attr.Type{
	"email": types.StringType, "name": types.StringType, "branches_limit": types.Int64Type, "subscription_type": types.StringType,
}

// listedProjectModel is a project as lists show it. The organization's name is not
// part of it: a project that Neon could not list in time is read by itself, which
// does not tell the name, and it would come and go.
type listedProjectModel struct {
	shownProjectModel
	DeletedAt        timetypes.RFC3339 `tfsdk:"deleted_at"`
	RecoverableUntil timetypes.RFC3339 `tfsdk:"recoverable_until"`
}

func newShownProjectModel(ctx context.Context, p neon.ProjectFields, historyRetentionSeconds *int64, diags *diag.Diagnostics) shownProjectModel {
	return shownProjectModel{
		ID:                          types.StringValue(p.ID),
		Name:                        types.StringValue(p.Name),
		OrgID:                       stringOrNull(p.OrgID),
		OwnerID:                     types.StringValue(p.OwnerID),
		RegionID:                    types.StringValue(p.RegionID),
		PlatformID:                  types.StringValue(p.PlatformID),
		PgVersion:                   types.Int64Value(p.PgVersion),
		ProxyHost:                   types.StringValue(p.ProxyHost),
		StorePasswords:              types.BoolValue(p.StorePasswords),
		HistoryRetentionSeconds:     types.Int64PointerValue(historyRetentionSeconds),
		BranchLogicalSizeLimitBytes: types.Int64Value(p.BranchLogicalSizeLimitBytes),
		SyntheticStorageSize:        types.Int64PointerValue(p.SyntheticStorageSize),
		DefaultEndpointSettings:     readEndpointSettings(ctx, p.DefaultEndpointSettings, types.ObjectNull(projectEndpointSettingsTypes), diags),
		Settings:                    readSettings(ctx, p.Settings, types.ObjectNull(projectSettingsTypes), diags),
		CreationSource:              types.StringValue(p.CreationSource),
		EffectiveProjectPermission:  stringOrNull(p.EffectiveProjectPermission),
		CreatedAt:                   rfc3339(p.CreatedAt),
		UpdatedAt:                   rfc3339(p.UpdatedAt),
		ComputeLastActiveAt:         rfc3339OrNull(p.ComputeLastActiveAt),
		MaintenanceStartsAt:         rfc3339OrNull(p.MaintenanceStartsAt),
		HipaaEnabledAt:              rfc3339OrNull(p.HipaaEnabledAt),
	}
}

func newProjectDataModel(ctx context.Context, p neon.Project) (projectDataModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	m := projectDataModel{
		shownProjectModel:       newShownProjectModel(ctx, p.ProjectFields, &p.HistoryRetentionSeconds, &diags),
		Owner:                   types.ObjectNull(projectOwnerTypes),
		MaintenanceScheduledFor: rfc3339OrNull(p.MaintenanceScheduledFor),
	}
	if o := p.Owner; o != nil {
		m.Owner = object(ctx, projectOwnerTypes, projectOwnerModel{
			Email: types.StringValue(o.Email), Name: types.StringValue(o.Name),
			BranchesLimit: types.Int64Value(o.BranchesLimit), SubscriptionType: types.StringValue(o.SubscriptionType),
		}, &diags)
	}
	return m, diags
}

func newListedProjectModel(ctx context.Context, p neon.ProjectListItem, diags *diag.Diagnostics) listedProjectModel {
	return listedProjectModel{
		shownProjectModel: newShownProjectModel(ctx, p.ProjectFields, p.HistoryRetentionSeconds, diags),
		DeletedAt:         rfc3339OrNull(p.DeletedAt),
		RecoverableUntil:  rfc3339OrNull(p.RecoverableUntil),
	}
}

// projectDataAttributes are the attributes of a projectDataModel.
func projectDataAttributes(id schema.Attribute) map[string]schema.Attribute {
	attributes := shownProjectAttributes(id)
	maps.Copy(attributes, map[string]schema.Attribute{
		"owner": shownObject("Who the project is billed to. It is null where Neon does not tell.", map[string]schema.Attribute{
			"email":             shownString("The owner's e-mail address."),
			"name":              shownString("The owner's name."),
			"branches_limit":    shownInt64("How many branches each of the owner's projects may have."),
			"subscription_type": shownString("The owner's subscription, such as `scale_v3`."),
		}),
		"maintenance_scheduled_for": shownTime("When maintenance of the project is planned, in RFC 3339. It is null where none is."),
	})
	return attributes
}

// listedProjectAttributes are the attributes of a listedProjectModel.
func listedProjectAttributes() map[string]schema.Attribute {
	attributes := shownProjectAttributes(shownString("The project's id, such as `cool-breeze-12345678`. It never changes, also not by a transfer."))
	maps.Copy(attributes, map[string]schema.Attribute{
		"deleted_at":        shownTime("When the project was deleted, in RFC 3339. It is null unless `recoverable` is `true`."),
		"recoverable_until": shownTime("Until when the deleted project can be recovered, in RFC 3339. It is null unless `recoverable` is `true`."),
	})
	return attributes
}
