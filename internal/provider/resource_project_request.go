package provider

import (
	"context"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// toCreate is the request that makes the project. What is not configured is left
// to Neon, as its defaults depend on the plan of the organization.
func (m *projectModel) toCreate(ctx context.Context, orgID string) (neon.ProjectCreate, diag.Diagnostics) {
	var diags diag.Diagnostics
	create := neon.ProjectCreate{
		Name:                    knownString(m.Name),
		RegionID:                knownString(m.RegionID),
		PgVersion:               knownInt64(m.PgVersion),
		StorePasswords:          knownBool(m.StorePasswords),
		HistoryRetentionSeconds: knownInt64(m.HistoryRetentionSeconds),
		DefaultEndpointSettings: m.endpointSettings(ctx, &diags),
		Settings:                m.settings(ctx, &diags),
	}
	if orgID != "" {
		create.OrgID = &orgID
	}
	if !isUnset(m.Branch) {
		branch := nested[projectBranchModel](ctx, m.Branch, &diags)
		create.Branch = &neon.ProjectCreateBranch{
			Name: knownString(branch.Name), RoleName: knownString(branch.RoleName), DatabaseName: knownString(branch.DatabaseName),
		}
	}
	return create, diags
}

// wantsUpdate tells whether the plan changes what a request for an update can. A
// transfer alone needs none, nor does what only the state knows of.
func (m *projectModel) wantsUpdate(state projectModel) bool {
	return !m.Name.Equal(state.Name) || !m.HistoryRetentionSeconds.Equal(state.HistoryRetentionSeconds) ||
		!m.DefaultEndpointSettings.Equal(state.DefaultEndpointSettings) || !m.Settings.Equal(state.Settings)
}

// toUpdate is what has to change so that the project becomes what is planned. It
// compares with the project as it is now. A group of settings (a quota, say) is
// sent whole when one of its values changes, with the others as they are: whether
// Neon merges or replaces a group is then all the same.
func (m *projectModel) toUpdate(ctx context.Context, now *neon.Project) (neon.ProjectUpdate, diag.Diagnostics) {
	var diags diag.Diagnostics
	var update neon.ProjectUpdate
	if name := knownString(m.Name); name != nil && *name != now.Name {
		update.Name = name
	}
	if seconds := knownInt64(m.HistoryRetentionSeconds); seconds != nil && *seconds != now.HistoryRetentionSeconds {
		update.HistoryRetentionSeconds = seconds
	}
	update.DefaultEndpointSettings = changed(now.DefaultEndpointSettings, m.endpointSettings(ctx, &diags))

	current := now.Settings
	if current == nil {
		current = &neon.ProjectSettings{}
	}
	if planned := m.settings(ctx, &diags); planned != nil {
		settings := neon.ProjectSettings{
			Quota:                    changed(current.Quota, planned.Quota),
			AllowedIPs:               changedAllowedIPs(current.AllowedIPs, planned.AllowedIPs),
			EnableLogicalReplication: changedValue(current.EnableLogicalReplication, planned.EnableLogicalReplication),
			MaintenanceWindow:        changed(current.MaintenanceWindow, planned.MaintenanceWindow),
			BlockPublicConnections:   changedValue(current.BlockPublicConnections, planned.BlockPublicConnections),
			BlockVPCConnections:      changedValue(current.BlockVPCConnections, planned.BlockVPCConnections),
			AuditLogLevel:            changedValue(current.AuditLogLevel, planned.AuditLogLevel),
			Hipaa:                    changedValue(current.Hipaa, planned.Hipaa),
		}
		if settings != (neon.ProjectSettings{}) {
			update.Settings = &settings
		}
	}
	return update, diags
}

// isEmptyUpdate tells whether there is nothing to send.
func isEmptyUpdate(update neon.ProjectUpdate) bool { return update == neon.ProjectUpdate{} }

// changedValue is the planned value if it differs. Neon leaves out what is zero.
func changedValue[T comparable](now, planned *T) *T {
	var zero T
	if planned == nil || (now != nil && *now == *planned) || (now == nil && *planned == zero) {
		return nil
	}
	return planned
}

// changed is the planned group laid over the present one, if that makes a
// difference. A nil field of the plan leaves the present value.
func changed[T any](now, planned *T) *T {
	if planned == nil {
		return nil
	}
	var merged T
	if now != nil {
		merged = *now
	}
	target, source := reflect.ValueOf(&merged).Elem(), reflect.ValueOf(planned).Elem()
	differs := false
	for i := range source.NumField() {
		value := source.Field(i)
		if value.IsZero() || reflect.DeepEqual(target.Field(i).Interface(), value.Interface()) {
			continue
		}
		differs = differs || !meansTheSame(target.Field(i), value)
		target.Field(i).Set(value)
	}
	if !differs {
		return nil
	}
	return &merged
}

// meansTheSame: nothing, and a pointer to zero.
func meansTheSame(now, planned reflect.Value) bool {
	return now.IsZero() && planned.Kind() == reflect.Pointer && planned.Elem().IsZero()
}

// changedAllowedIPs compares the addresses as the set that they are.
func changedAllowedIPs(now, planned *neon.AllowedIPs) *neon.AllowedIPs {
	if now != nil && now.IPs != nil && planned != nil && planned.IPs != nil {
		sorted := slices.Sorted(slices.Values(*planned.IPs))
		if slices.Equal(sorted, slices.Sorted(slices.Values(*now.IPs))) {
			planned = &neon.AllowedIPs{IPs: now.IPs, ProtectedBranchesOnly: planned.ProtectedBranchesOnly}
		}
	}
	if now != nil && now.IPs == nil && planned != nil && planned.IPs != nil && len(*planned.IPs) == 0 {
		planned = &neon.AllowedIPs{ProtectedBranchesOnly: planned.ProtectedBranchesOnly}
	}
	return changed(now, planned)
}

func (m *projectModel) endpointSettings(ctx context.Context, diags *diag.Diagnostics) *neon.DefaultEndpointSettings {
	if isUnset(m.DefaultEndpointSettings) {
		return nil
	}
	s := nested[projectEndpointSettingsModel](ctx, m.DefaultEndpointSettings, diags)
	out := neon.DefaultEndpointSettings{
		AutoscalingLimitMinCU: knownFloat64(s.AutoscalingLimitMinCU),
		AutoscalingLimitMaxCU: knownFloat64(s.AutoscalingLimitMaxCU),
		SuspendTimeoutSeconds: knownInt64(s.SuspendTimeoutSeconds),
	}
	return nilIfZero(out)
}

func (m *projectModel) settings(ctx context.Context, diags *diag.Diagnostics) *neon.ProjectSettings {
	if isUnset(m.Settings) {
		return nil
	}
	s := nested[projectSettingsModel](ctx, m.Settings, diags)
	return nilIfZero(neon.ProjectSettings{
		Quota:                    s.quota(ctx, diags),
		AllowedIPs:               s.allowedIPs(ctx, diags),
		EnableLogicalReplication: knownBool(s.EnableLogicalReplication),
		MaintenanceWindow:        s.maintenanceWindow(ctx, diags),
		BlockPublicConnections:   knownBool(s.BlockPublicConnections),
		BlockVPCConnections:      knownBool(s.BlockVPCConnections),
		AuditLogLevel:            knownString(s.AuditLogLevel),
		Hipaa:                    knownBool(s.Hipaa),
	})
}

func (s projectSettingsModel) quota(ctx context.Context, diags *diag.Diagnostics) *neon.ProjectQuota {
	if isUnset(s.Quota) {
		return nil
	}
	q := nested[projectQuotaModel](ctx, s.Quota, diags)
	return nilIfZero(neon.ProjectQuota{
		ActiveTimeSeconds:  knownInt64(q.ActiveTimeSeconds),
		ComputeTimeSeconds: knownInt64(q.ComputeTimeSeconds),
		WrittenDataBytes:   knownInt64(q.WrittenDataBytes),
		DataTransferBytes:  knownInt64(q.DataTransferBytes),
		LogicalSizeBytes:   knownInt64(q.LogicalSizeBytes),
	})
}

func (s projectSettingsModel) allowedIPs(ctx context.Context, diags *diag.Diagnostics) *neon.AllowedIPs {
	if isUnset(s.AllowedIPs) {
		return nil
	}
	a := nested[projectAllowedIPsModel](ctx, s.AllowedIPs, diags)
	out := neon.AllowedIPs{ProtectedBranchesOnly: knownBool(a.ProtectedBranchesOnly)}
	if !isUnset(a.IPs) {
		ips := elements[string](ctx, a.IPs, diags)
		out.IPs = &ips
	}
	return nilIfZero(out)
}

func (s projectSettingsModel) maintenanceWindow(ctx context.Context, diags *diag.Diagnostics) *neon.MaintenanceWindow {
	if isUnset(s.MaintenanceWindow) {
		return nil
	}
	w := nested[projectMaintenanceWindowModel](ctx, s.MaintenanceWindow, diags)
	return &neon.MaintenanceWindow{
		Weekdays:  slices.Sorted(slices.Values(elements[int64](ctx, w.Weekdays, diags))),
		StartTime: w.StartTime.ValueString(), EndTime: w.EndTime.ValueString(),
	}
}

// elements reads a set. It is never nil, as Neon takes null for "leave it".
func elements[T any](ctx context.Context, set types.Set, diags *diag.Diagnostics) []T {
	out := []T{}
	diags.Append(set.ElementsAs(ctx, &out, false)...)
	return out
}

func nilIfZero[T any](v T) *T {
	if reflect.ValueOf(v).IsZero() {
		return nil
	}
	return &v
}
