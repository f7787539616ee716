package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// kislerdmProject is what is taken over of a project in the state of
// kislerdm/neon, schema version 11. Passwords and connection strings are left out
// on purpose, so that they get nowhere.
type kislerdmProject struct {
	ID                       string   `json:"id"`
	Name                     *string  `json:"name"`
	OrgID                    string   `json:"org_id"`
	RegionID                 *string  `json:"region_id"`
	PgVersion                *int64   `json:"pg_version"`
	StorePassword            yesOrNo  `json:"store_password"`
	HistoryRetentionSeconds  *int64   `json:"history_retention_seconds"`
	AllowedIPs               []string `json:"allowed_ips"`
	ProtectedBranchesOnly    yesOrNo  `json:"allowed_ips_protected_branches_only"`
	BlockPublicConnections   yesOrNo  `json:"block_public_connections"`
	BlockVPCConnections      yesOrNo  `json:"block_vpc_connections"`
	EnableLogicalReplication yesOrNo  `json:"enable_logical_replication"`
	Hipaa                    yesOrNo  `json:"hipaa"`
	DefaultBranchID          string   `json:"default_branch_id"`
	DefaultEndpointID        string   `json:"default_endpoint_id"`
	DatabaseHost             string   `json:"database_host"`

	Branch                  single[kislerdmBranch]           `json:"branch"`
	Quota                   single[kislerdmQuota]            `json:"quota"`
	DefaultEndpointSettings single[kislerdmEndpointSettings] `json:"default_endpoint_settings"`
	MaintenanceWindow       single[kislerdmWindow]           `json:"maintenance_window"`
}

type kislerdmBranch struct {
	Name         string `json:"name"`
	RoleName     string `json:"role_name"`
	DatabaseName string `json:"database_name"`
}

type kislerdmQuota struct {
	ActiveTimeSeconds  *int64 `json:"active_time_seconds"`
	ComputeTimeSeconds *int64 `json:"compute_time_seconds"`
	WrittenDataBytes   *int64 `json:"written_data_bytes"`
	DataTransferBytes  *int64 `json:"data_transfer_bytes"`
	LogicalSizeBytes   *int64 `json:"logical_size_bytes"`
}

type kislerdmEndpointSettings struct {
	AutoscalingLimitMinCU *float64 `json:"autoscaling_limit_min_cu"`
	AutoscalingLimitMaxCU *float64 `json:"autoscaling_limit_max_cu"`
	SuspendTimeoutSeconds *int64   `json:"suspend_timeout_seconds"`
}

type kislerdmWindow struct {
	Weekdays  []int64 `json:"weekdays"`
	StartTime string  `json:"start_time"`
	EndTime   string  `json:"end_time"`
}

// yesOrNo is a flag as that provider writes it: "yes", "no", and "" or null for
// what isn't set.
type yesOrNo struct{ types.Bool }

// UnmarshalJSON implements json.Unmarshaler.
func (y *yesOrNo) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return errors.New(`a flag is neither "yes" nor "no"`)
	}
	switch {
	case text == nil || *text == "":
		y.Bool = types.BoolNull()
	case *text == "yes":
		y.Bool = types.BoolValue(true)
	case *text == "no":
		y.Bool = types.BoolValue(false)
	default:
		return errors.New(`a flag is neither "yes" nor "no"`)
	}
	return nil
}

// single is a block: a list that holds one object, or none. The object is null
// when the block is there and empty.
type single[T any] struct{ block *T }

// UnmarshalJSON implements json.Unmarshaler.
func (s *single[T]) UnmarshalJSON(data []byte) error {
	var blocks []*T
	if err := json.Unmarshal(data, &blocks); err != nil {
		return err
	}
	if len(blocks) > 1 {
		return fmt.Errorf("a block that can be there once is there %d times", len(blocks))
	}
	if len(blocks) == 1 {
		s.block = blocks[0]
	}
	return nil
}

// parseKislerdmProject reads the JSON of a state. Attributes that are not known
// are passed over, as releases add some within a schema version.
func parseKislerdmProject(state []byte) (kislerdmProject, error) {
	var source kislerdmProject
	if err := json.Unmarshal(state, &source); err != nil {
		return kislerdmProject{}, err
	}
	if problem := checkProjectID(source.ID); problem != nil {
		return kislerdmProject{}, errors.New("its id is not that of a Neon project")
	}
	return source, nil
}

// toModel says the same in this provider's terms. What Neon is asked for anyway
// (created_at, say) stays null until the refresh that follows.
func (p *kislerdmProject) toModel(ctx context.Context) (projectModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	m := newProjectModel()
	m.ID = types.StringValue(p.ID)
	m.Name = types.StringPointerValue(p.Name)
	m.OrgID = stringOrNull(p.OrgID)
	m.OwnerID = stringOrNull(p.OrgID) // an organization's project has it as its owner
	m.RegionID = types.StringPointerValue(p.RegionID)
	m.PgVersion = types.Int64PointerValue(p.PgVersion)
	m.StorePasswords = p.StorePassword.Bool
	m.HistoryRetentionSeconds = types.Int64PointerValue(p.HistoryRetentionSeconds)
	m.Branch = p.branch(ctx, &diags)
	m.DefaultEndpointSettings = p.endpointSettings(ctx, &diags)
	m.Settings = p.settings(ctx, &diags)
	m.DeletionProtection = types.BoolValue(false)
	m.Claimed = types.BoolValue(false)
	m.DefaultBranchID = stringOrNull(p.DefaultBranchID)
	m.DefaultEndpointID = stringOrNull(p.DefaultEndpointID)
	m.DefaultEndpointHost = stringOrNull(p.DatabaseHost)
	return m, diags
}

// branch leaves out what is empty. That provider forgets the names when it can't
// read them, and names that aren't known replace no project.
func (p *kislerdmProject) branch(ctx context.Context, diags *diag.Diagnostics) types.Object {
	b := p.Branch.block
	if b == nil || *b == (kislerdmBranch{}) {
		return types.ObjectNull(projectBranchTypes)
	}
	return object(ctx, projectBranchTypes, projectBranchModel{
		Name: stringOrNull(b.Name), RoleName: stringOrNull(b.RoleName), DatabaseName: stringOrNull(b.DatabaseName),
	}, diags)
}

// endpointSettings takes sizes of zero for what they are: not set.
func (p *kislerdmProject) endpointSettings(ctx context.Context, diags *diag.Diagnostics) types.Object {
	s := p.DefaultEndpointSettings.block
	if s == nil || *s == (kislerdmEndpointSettings{}) {
		return types.ObjectNull(projectEndpointSettingsTypes)
	}
	size := func(units *float64) types.Float64 {
		if units == nil || *units == 0 {
			return types.Float64Null()
		}
		return types.Float64Value(*units)
	}
	return object(ctx, projectEndpointSettingsTypes, projectEndpointSettingsModel{
		AutoscalingLimitMinCU: size(s.AutoscalingLimitMinCU),
		AutoscalingLimitMaxCU: size(s.AutoscalingLimitMaxCU),
		SuspendTimeoutSeconds: types.Int64PointerValue(s.SuspendTimeoutSeconds),
	}, diags)
}

func (p *kislerdmProject) settings(ctx context.Context, diags *diag.Diagnostics) types.Object {
	settings := projectSettingsModel{
		Quota:                    p.quota(ctx, diags),
		AllowedIPs:               p.allowedIPs(ctx, diags),
		EnableLogicalReplication: p.EnableLogicalReplication.Bool,
		MaintenanceWindow:        p.maintenanceWindow(ctx, diags),
		BlockPublicConnections:   p.BlockPublicConnections.Bool,
		BlockVPCConnections:      p.BlockVPCConnections.Bool,
		Hipaa:                    p.Hipaa.Bool,
	}
	whole := object(ctx, projectSettingsTypes, settings, diags)
	for _, value := range whole.Attributes() {
		if !value.IsNull() {
			return whole
		}
	}
	return types.ObjectNull(projectSettingsTypes)
}

func (p *kislerdmProject) quota(ctx context.Context, diags *diag.Diagnostics) types.Object {
	q := p.Quota.block
	if q == nil || *q == (kislerdmQuota{}) {
		return types.ObjectNull(projectQuotaTypes)
	}
	return object(ctx, projectQuotaTypes, projectQuotaModel{
		ActiveTimeSeconds:  types.Int64PointerValue(q.ActiveTimeSeconds),
		ComputeTimeSeconds: types.Int64PointerValue(q.ComputeTimeSeconds),
		WrittenDataBytes:   types.Int64PointerValue(q.WrittenDataBytes),
		DataTransferBytes:  types.Int64PointerValue(q.DataTransferBytes),
		LogicalSizeBytes:   types.Int64PointerValue(q.LogicalSizeBytes),
	}, diags)
}

func (p *kislerdmProject) allowedIPs(ctx context.Context, diags *diag.Diagnostics) types.Object {
	if p.AllowedIPs == nil && p.ProtectedBranchesOnly.IsNull() {
		return types.ObjectNull(projectAllowedIPsTypes)
	}
	ips, d := types.SetValueFrom(ctx, types.StringType, append([]string{}, p.AllowedIPs...))
	diags.Append(d...)
	return object(ctx, projectAllowedIPsTypes, projectAllowedIPsModel{
		IPs: ips, ProtectedBranchesOnly: p.ProtectedBranchesOnly.Bool,
	}, diags)
}

func (p *kislerdmProject) maintenanceWindow(ctx context.Context, diags *diag.Diagnostics) types.Object {
	w := p.MaintenanceWindow.block
	if w == nil || len(w.Weekdays) == 0 {
		return types.ObjectNull(projectMaintenanceWindowTypes)
	}
	days, d := types.SetValueFrom(ctx, types.Int64Type, w.Weekdays)
	diags.Append(d...)
	return object(ctx, projectMaintenanceWindowTypes, projectMaintenanceWindowModel{
		Weekdays: days, StartTime: types.StringValue(w.StartTime), EndTime: types.StringValue(w.EndTime),
	}, diags)
}
