package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectModel struct {
	ID                      types.String      `tfsdk:"id"`
	Name                    types.String      `tfsdk:"name"`
	OrgID                   types.String      `tfsdk:"org_id"`
	RegionID                types.String      `tfsdk:"region_id"`
	PgVersion               types.Int64       `tfsdk:"pg_version"`
	StorePasswords          types.Bool        `tfsdk:"store_passwords"`
	HistoryRetentionSeconds types.Int64       `tfsdk:"history_retention_seconds"`
	Branch                  types.Object      `tfsdk:"branch"`
	DefaultEndpointSettings types.Object      `tfsdk:"default_endpoint_settings"`
	Settings                types.Object      `tfsdk:"settings"`
	Claimable               types.Bool        `tfsdk:"claimable"`
	DeletionProtection      types.Bool        `tfsdk:"deletion_protection"`
	Timeouts                timeouts.Value    `tfsdk:"timeouts"`
	OwnerID                 types.String      `tfsdk:"owner_id"`
	PlatformID              types.String      `tfsdk:"platform_id"`
	ProxyHost               types.String      `tfsdk:"proxy_host"`
	CreatedAt               timetypes.RFC3339 `tfsdk:"created_at"`
	DefaultBranchID         types.String      `tfsdk:"default_branch_id"`
	DefaultEndpointID       types.String      `tfsdk:"default_endpoint_id"`
	DefaultEndpointHost     types.String      `tfsdk:"default_endpoint_host"`
	Claimed                 types.Bool        `tfsdk:"claimed"`
}

type projectIdentity struct {
	ProjectID types.String `tfsdk:"project_id"`
}

type projectBranchModel struct {
	Name         types.String `tfsdk:"name"`
	RoleName     types.String `tfsdk:"role_name"`
	DatabaseName types.String `tfsdk:"database_name"`
}

type projectEndpointSettingsModel struct {
	AutoscalingLimitMinCU types.Float64 `tfsdk:"autoscaling_limit_min_cu"`
	AutoscalingLimitMaxCU types.Float64 `tfsdk:"autoscaling_limit_max_cu"`
	SuspendTimeoutSeconds types.Int64   `tfsdk:"suspend_timeout_seconds"`
}

type projectSettingsModel struct {
	Quota                    types.Object `tfsdk:"quota"`
	AllowedIPs               types.Object `tfsdk:"allowed_ips"`
	EnableLogicalReplication types.Bool   `tfsdk:"enable_logical_replication"`
	MaintenanceWindow        types.Object `tfsdk:"maintenance_window"`
	BlockPublicConnections   types.Bool   `tfsdk:"block_public_connections"`
	BlockVPCConnections      types.Bool   `tfsdk:"block_vpc_connections"`
	AuditLogLevel            types.String `tfsdk:"audit_log_level"`
	Hipaa                    types.Bool   `tfsdk:"hipaa"`
}

type projectQuotaModel struct {
	ActiveTimeSeconds  types.Int64 `tfsdk:"active_time_seconds"`
	ComputeTimeSeconds types.Int64 `tfsdk:"compute_time_seconds"`
	WrittenDataBytes   types.Int64 `tfsdk:"written_data_bytes"`
	DataTransferBytes  types.Int64 `tfsdk:"data_transfer_bytes"`
	LogicalSizeBytes   types.Int64 `tfsdk:"logical_size_bytes"`
}

type projectAllowedIPsModel struct {
	IPs                   types.Set  `tfsdk:"ips"`
	ProtectedBranchesOnly types.Bool `tfsdk:"protected_branches_only"`
}

type projectMaintenanceWindowModel struct {
	Weekdays  types.Set    `tfsdk:"weekdays"`
	StartTime types.String `tfsdk:"start_time"`
	EndTime   types.String `tfsdk:"end_time"`
}

// The types of the nested objects, as the schema has them.
var (
	projectBranchTypes = map[string]attr.Type{
		"name": types.StringType, "role_name": types.StringType, "database_name": types.StringType,
	}
	projectEndpointSettingsTypes = map[string]attr.Type{
		"autoscaling_limit_min_cu": types.Float64Type, "autoscaling_limit_max_cu": types.Float64Type, "suspend_timeout_seconds": types.Int64Type,
	}
	projectQuotaTypes = map[string]attr.Type{
		"active_time_seconds": types.Int64Type, "compute_time_seconds": types.Int64Type, "written_data_bytes": types.Int64Type,
		"data_transfer_bytes": types.Int64Type, "logical_size_bytes": types.Int64Type,
	}
	projectAllowedIPsTypes = map[string]attr.Type{
		"ips": types.SetType{ElemType: types.StringType}, "protected_branches_only": types.BoolType,
	}
	projectMaintenanceWindowTypes = map[string]attr.Type{
		"weekdays": types.SetType{ElemType: types.Int64Type}, "start_time": types.StringType, "end_time": types.StringType,
	}
	projectSettingsTypes = map[string]attr.Type{
		"quota":                      types.ObjectType{AttrTypes: projectQuotaTypes},
		"allowed_ips":                types.ObjectType{AttrTypes: projectAllowedIPsTypes},
		"enable_logical_replication": types.BoolType,
		"maintenance_window":         types.ObjectType{AttrTypes: projectMaintenanceWindowTypes},
		"block_public_connections":   types.BoolType,
		"block_vpc_connections":      types.BoolType,
		"audit_log_level":            types.StringType,
		"hipaa":                      types.BoolType,
	}
)

// newProjectModel is a project of which nothing is known yet, as when it is
// imported: its objects have their types, which a zero model lacks.
func newProjectModel() projectModel {
	timeout := map[string]attr.Type{"create": types.StringType, "update": types.StringType, "delete": types.StringType}
	return projectModel{
		Branch:                  types.ObjectNull(projectBranchTypes),
		DefaultEndpointSettings: types.ObjectNull(projectEndpointSettingsTypes),
		Settings:                types.ObjectNull(projectSettingsTypes),
		Timeouts:                timeouts.Value{Object: types.ObjectNull(timeout)},
	}
}

// readFrom takes over what Neon says of the project. What Neon does not know
// (claimable, deletion protection, what the project started with) stays.
//
// Neon may leave out what is zero, false or empty. A configured zero is kept then,
// as it is what Neon means; else the value is null.
func (m *projectModel) readFrom(ctx context.Context, p neon.ProjectFields, historyRetentionSeconds *int64) diag.Diagnostics {
	var diags diag.Diagnostics
	m.ID = types.StringValue(p.ID)
	m.Name = types.StringValue(p.Name)
	m.OrgID = stringOrNull(p.OrgID)
	m.OwnerID = types.StringValue(p.OwnerID)
	m.RegionID = types.StringValue(p.RegionID)
	m.PgVersion = types.Int64Value(p.PgVersion)
	m.StorePasswords = types.BoolValue(p.StorePasswords)
	m.PlatformID = types.StringValue(p.PlatformID)
	m.ProxyHost = types.StringValue(p.ProxyHost)
	m.CreatedAt = timetypes.NewRFC3339TimeValue(p.CreatedAt.UTC())
	m.HistoryRetentionSeconds = int64OrZero(historyRetentionSeconds, m.HistoryRetentionSeconds)

	m.DefaultEndpointSettings = readEndpointSettings(ctx, p.DefaultEndpointSettings, m.DefaultEndpointSettings, &diags)
	m.Settings = readSettings(ctx, p.Settings, m.Settings, &diags)

	m.Claimed = types.BoolValue(false)
	if m.DeletionProtection.IsNull() || m.DeletionProtection.IsUnknown() {
		m.DeletionProtection = types.BoolValue(false)
	}
	return diags
}

// mayBeClaimed reports whether somebody else may take the project: unless the
// configuration says that nobody may.
func (m *projectModel) mayBeClaimed() bool { return isUnset(m.Claimable) || m.Claimable.ValueBool() }

// readCreated takes over what only the answer to the creation tells. An adopted
// project comes without roles and databases; the configured names stand then.
func (m *projectModel) readCreated(ctx context.Context, created *neon.CreatedProject) diag.Diagnostics {
	diags := m.readFrom(ctx, created.Project.ProjectFields, &created.Project.HistoryRetentionSeconds)
	branch := nested[projectBranchModel](ctx, m.Branch, &diags)
	branch.Name = types.StringValue(created.Branch.Name)
	branch.RoleName = knownOrNull(branch.RoleName)
	if len(created.Roles) > 0 {
		branch.RoleName = types.StringValue(created.Roles[0].Name)
	}
	branch.DatabaseName = knownOrNull(branch.DatabaseName)
	if len(created.Databases) > 0 {
		branch.DatabaseName = types.StringValue(created.Databases[0].Name)
	}
	m.Branch = object(ctx, projectBranchTypes, branch, &diags)
	m.DefaultBranchID = types.StringValue(created.Branch.ID)
	m.readDefaultEndpoint(created.Endpoints)
	return diags
}

// readDefaultEndpoint picks the read-write endpoint of the default branch.
func (m *projectModel) readDefaultEndpoint(endpoints []neon.Endpoint) {
	m.DefaultEndpointID, m.DefaultEndpointHost = types.StringNull(), types.StringNull()
	for _, e := range endpoints {
		if e.BranchID == m.DefaultBranchID.ValueString() && e.Type == "read_write" {
			m.DefaultEndpointID, m.DefaultEndpointHost = types.StringValue(e.ID), types.StringValue(e.Host)
			return
		}
	}
}

func readEndpointSettings(ctx context.Context, s *neon.DefaultEndpointSettings, prior types.Object, diags *diag.Diagnostics) types.Object {
	if s == nil && isUnset(prior) {
		return types.ObjectNull(projectEndpointSettingsTypes)
	}
	if s == nil {
		s = &neon.DefaultEndpointSettings{}
	}
	before := nested[projectEndpointSettingsModel](ctx, prior, diags)
	return object(ctx, projectEndpointSettingsTypes, projectEndpointSettingsModel{
		AutoscalingLimitMinCU: types.Float64PointerValue(s.AutoscalingLimitMinCU),
		AutoscalingLimitMaxCU: types.Float64PointerValue(s.AutoscalingLimitMaxCU),
		SuspendTimeoutSeconds: int64OrZero(s.SuspendTimeoutSeconds, before.SuspendTimeoutSeconds),
	}, diags)
}

func readSettings(ctx context.Context, s *neon.ProjectSettings, prior types.Object, diags *diag.Diagnostics) types.Object {
	if s == nil && isUnset(prior) {
		return types.ObjectNull(projectSettingsTypes)
	}
	if s == nil {
		s = &neon.ProjectSettings{}
	}
	before := nested[projectSettingsModel](ctx, prior, diags)
	return object(ctx, projectSettingsTypes, projectSettingsModel{
		Quota:                    readQuota(ctx, s.Quota, before.Quota, diags),
		AllowedIPs:               readAllowedIPs(ctx, s.AllowedIPs, before.AllowedIPs, diags),
		EnableLogicalReplication: boolOrFalse(s.EnableLogicalReplication, before.EnableLogicalReplication),
		MaintenanceWindow:        readMaintenanceWindow(ctx, s.MaintenanceWindow, diags),
		BlockPublicConnections:   boolOrFalse(s.BlockPublicConnections, before.BlockPublicConnections),
		BlockVPCConnections:      boolOrFalse(s.BlockVPCConnections, before.BlockVPCConnections),
		AuditLogLevel:            types.StringPointerValue(s.AuditLogLevel),
		Hipaa:                    boolOrFalse(s.Hipaa, before.Hipaa),
	}, diags)
}

func readQuota(ctx context.Context, q *neon.ProjectQuota, prior types.Object, diags *diag.Diagnostics) types.Object {
	if q == nil && isUnset(prior) {
		return types.ObjectNull(projectQuotaTypes)
	}
	if q == nil {
		q = &neon.ProjectQuota{}
	}
	before := nested[projectQuotaModel](ctx, prior, diags)
	return object(ctx, projectQuotaTypes, projectQuotaModel{
		ActiveTimeSeconds:  int64OrZero(q.ActiveTimeSeconds, before.ActiveTimeSeconds),
		ComputeTimeSeconds: int64OrZero(q.ComputeTimeSeconds, before.ComputeTimeSeconds),
		WrittenDataBytes:   int64OrZero(q.WrittenDataBytes, before.WrittenDataBytes),
		DataTransferBytes:  int64OrZero(q.DataTransferBytes, before.DataTransferBytes),
		LogicalSizeBytes:   int64OrZero(q.LogicalSizeBytes, before.LogicalSizeBytes),
	}, diags)
}

func readAllowedIPs(ctx context.Context, a *neon.AllowedIPs, prior types.Object, diags *diag.Diagnostics) types.Object {
	if a == nil && isUnset(prior) {
		return types.ObjectNull(projectAllowedIPsTypes)
	}
	if a == nil {
		a = &neon.AllowedIPs{}
	}
	ips := []string{}
	if a.IPs != nil {
		ips = *a.IPs
	}
	set, d := types.SetValueFrom(ctx, types.StringType, ips)
	diags.Append(d...)
	before := nested[projectAllowedIPsModel](ctx, prior, diags)
	return object(ctx, projectAllowedIPsTypes, projectAllowedIPsModel{
		IPs:                   set,
		ProtectedBranchesOnly: boolOrFalse(a.ProtectedBranchesOnly, before.ProtectedBranchesOnly),
	}, diags)
}

func readMaintenanceWindow(ctx context.Context, w *neon.MaintenanceWindow, diags *diag.Diagnostics) types.Object {
	if w == nil {
		return types.ObjectNull(projectMaintenanceWindowTypes)
	}
	days, d := types.SetValueFrom(ctx, types.Int64Type, slices.Clone(w.Weekdays))
	diags.Append(d...)
	return object(ctx, projectMaintenanceWindowTypes, projectMaintenanceWindowModel{
		Weekdays: days, StartTime: types.StringValue(w.StartTime), EndTime: types.StringValue(w.EndTime),
	}, diags)
}

// nested reads an object; null and unknown give the zero model, all of it null.
func nested[T any](ctx context.Context, o types.Object, diags *diag.Diagnostics) T {
	var out T
	if isUnset(o) {
		return out
	}
	diags.Append(o.As(ctx, &out, basetypes.ObjectAsOptions{})...)
	return out
}

func object(ctx context.Context, attrTypes map[string]attr.Type, model any, diags *diag.Diagnostics) types.Object {
	o, d := types.ObjectValueFrom(ctx, attrTypes, model)
	diags.Append(d...)
	return o
}
