package provider

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// settingsWith is a settings object with the given attributes and null for the others.
func settingsWith(values map[string]attr.Value) types.Object {
	all := map[string]attr.Value{
		"quota":                      types.ObjectNull(projectQuotaTypes),
		"allowed_ips":                types.ObjectNull(projectAllowedIPsTypes),
		"enable_logical_replication": types.BoolNull(),
		"maintenance_window":         types.ObjectNull(projectMaintenanceWindowTypes),
		"block_public_connections":   types.BoolNull(),
		"block_vpc_connections":      types.BoolNull(),
		"audit_log_level":            types.StringNull(),
		"hipaa":                      types.BoolNull(),
	}
	maps.Copy(all, values)
	return types.ObjectValueMust(projectSettingsTypes, all)
}

func quotaWith(activeSeconds attr.Value) types.Object {
	return types.ObjectValueMust(projectQuotaTypes, map[string]attr.Value{
		"active_time_seconds": activeSeconds, "compute_time_seconds": types.Int64Null(), "written_data_bytes": types.Int64Null(),
		"data_transfer_bytes": types.Int64Null(), "logical_size_bytes": types.Int64Null(),
	})
}

func allowedIPsWith(ips ...string) types.Object {
	values := []attr.Value{}
	for _, ip := range ips {
		values = append(values, types.StringValue(ip))
	}
	return types.ObjectValueMust(projectAllowedIPsTypes, map[string]attr.Value{
		"ips": types.SetValueMust(types.StringType, values), "protected_branches_only": types.BoolNull(),
	})
}

func window(start string, days ...int64) types.Object {
	values := []attr.Value{}
	for _, day := range days {
		values = append(values, types.Int64Value(day))
	}
	return types.ObjectValueMust(projectMaintenanceWindowTypes, map[string]attr.Value{
		"weekdays": types.SetValueMust(types.Int64Type, values), "start_time": types.StringValue(start), "end_time": types.StringValue("23:00"),
	})
}

func TestUpdateCarriesWhatChanged(t *testing.T) {
	t.Parallel()
	now := func(s *neon.ProjectSettings) *neon.Project {
		return &neon.Project{ProjectFields: neon.ProjectFields{Name: "app", Settings: s}, HistoryRetentionSeconds: 3600}
	}
	settings := func(s neon.ProjectSettings) neon.ProjectUpdate { return neon.ProjectUpdate{Settings: &s} }
	for name, test := range map[string]struct {
		config projectModel
		now    *neon.Project
		want   neon.ProjectUpdate
	}{
		"nothing configured": {now: now(nil)},
		"the same values":    {config: projectModel{Name: types.StringValue("app"), HistoryRetentionSeconds: types.Int64Value(3600)}, now: now(nil)},
		"name":               {config: projectModel{Name: types.StringValue("b")}, now: now(nil), want: neon.ProjectUpdate{Name: new("b")}},
		"no history":         {config: projectModel{HistoryRetentionSeconds: types.Int64Value(0)}, now: now(nil), want: neon.ProjectUpdate{HistoryRetentionSeconds: new(int64(0))}},
		"false where nothing is": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"block_public_connections": types.BoolValue(false)})}, now: now(nil),
		},
		"false where true is": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"block_public_connections": types.BoolValue(false)})},
			now:    now(&neon.ProjectSettings{BlockPublicConnections: new(true)}),
			want:   settings(neon.ProjectSettings{BlockPublicConnections: new(false)}),
		},
		"zero quota, the group whole": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"quota": quotaWith(types.Int64Value(0))})},
			now:    now(&neon.ProjectSettings{Quota: &neon.ProjectQuota{ActiveTimeSeconds: new(int64(60)), LogicalSizeBytes: new(int64(9))}}),
			want:   settings(neon.ProjectSettings{Quota: &neon.ProjectQuota{ActiveTimeSeconds: new(int64(0)), LogicalSizeBytes: new(int64(9))}}),
		},
		"zero quota where nothing is": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"quota": quotaWith(types.Int64Value(0))})}, now: now(nil),
		},
		"everybody is let in": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"allowed_ips": allowedIPsWith()})},
			now:    now(&neon.ProjectSettings{AllowedIPs: &neon.AllowedIPs{IPs: &[]string{"1.2.3.4"}, ProtectedBranchesOnly: new(true)}}),
			want:   settings(neon.ProjectSettings{AllowedIPs: &neon.AllowedIPs{IPs: &[]string{}, ProtectedBranchesOnly: new(true)}}),
		},
		"the same addresses in another order": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"allowed_ips": allowedIPsWith("b", "a")})},
			now:    now(&neon.ProjectSettings{AllowedIPs: &neon.AllowedIPs{IPs: &[]string{"a", "b"}}}),
		},
		"maintenance window": {
			config: projectModel{Settings: settingsWith(map[string]attr.Value{"maintenance_window": window("22:00", 7, 1)})},
			now:    now(&neon.ProjectSettings{MaintenanceWindow: &neon.MaintenanceWindow{Weekdays: []int64{1}, StartTime: "22:00", EndTime: "23:00"}}),
			want:   settings(neon.ProjectSettings{MaintenanceWindow: &neon.MaintenanceWindow{Weekdays: []int64{1, 7}, StartTime: "22:00", EndTime: "23:00"}}),
		},
		"settings of computes that are not ours stay": {
			config: projectModel{DefaultEndpointSettings: types.ObjectValueMust(projectEndpointSettingsTypes, map[string]attr.Value{
				"autoscaling_limit_min_cu": types.Float64Null(), "autoscaling_limit_max_cu": types.Float64Value(4), "suspend_timeout_seconds": types.Int64Null(),
			})},
			now: &neon.Project{ProjectFields: neon.ProjectFields{DefaultEndpointSettings: &neon.DefaultEndpointSettings{PgSettings: map[string]string{"a": "b"}}}},
			want: neon.ProjectUpdate{DefaultEndpointSettings: &neon.DefaultEndpointSettings{
				PgSettings: map[string]string{"a": "b"}, AutoscalingLimitMaxCU: new(4.0),
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := test.config.toUpdate(t.Context(), test.now)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if isEmptyUpdate(got) != cmp.Equal(test.want, neon.ProjectUpdate{}) {
				t.Errorf("isEmptyUpdate says %v", isEmptyUpdate(got))
			}
		})
	}
}

func TestReadKeepsAConfiguredZeroThatNeonLeavesOut(t *testing.T) {
	t.Parallel()
	fields := neon.ProjectFields{ID: "a-b-12345678", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	planned := settingsWith(map[string]attr.Value{
		"quota": quotaWith(types.Int64Value(0)), "block_vpc_connections": types.BoolValue(false), "allowed_ips": allowedIPsWith(),
	})
	for name, answer := range map[string]*neon.ProjectSettings{"no settings": nil, "empty settings": {}, "empty groups": {Quota: &neon.ProjectQuota{}, AllowedIPs: &neon.AllowedIPs{}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := projectModel{Settings: planned}
			fields := fields
			fields.Settings = answer
			if diags := m.readFrom(t.Context(), fields, nil); diags.HasError() {
				t.Fatal(diags)
			}
			if !m.Settings.Equal(planned) {
				t.Errorf("got %s, want %s", m.Settings, planned)
			}
		})
	}
	t.Run("nothing configured", func(t *testing.T) {
		t.Parallel()
		m := projectModel{Settings: types.ObjectUnknown(projectSettingsTypes), DefaultEndpointSettings: types.ObjectUnknown(projectEndpointSettingsTypes)}
		if diags := m.readFrom(t.Context(), fields, nil); diags.HasError() {
			t.Fatal(diags)
		}
		if !m.Settings.IsNull() || !m.DefaultEndpointSettings.IsNull() {
			t.Errorf("got %s and %s, want null", m.Settings, m.DefaultEndpointSettings)
		}
		if m.OrgID.ValueString() != "" || !m.OrgID.IsNull() {
			t.Errorf("a personal project has org_id %s", m.OrgID)
		}
	})
}

func TestCreateSendsOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	m := projectModel{
		Name: types.StringUnknown(), PgVersion: types.Int64Value(16), HistoryRetentionSeconds: types.Int64Unknown(),
		StorePasswords: types.BoolValue(false), Settings: types.ObjectUnknown(projectSettingsTypes),
		Branch: types.ObjectValueMust(projectBranchTypes, map[string]attr.Value{
			"name": types.StringUnknown(), "role_name": types.StringUnknown(), "database_name": types.StringValue("orders"),
		}),
	}
	got, diags := m.toCreate(t.Context(), acme)
	if diags.HasError() {
		t.Fatal(diags)
	}
	// Neon's defaults depend on the plan: a retention that nobody set is not sent.
	want := neon.ProjectCreate{
		PgVersion: new(int64(16)), StorePasswords: new(false), OrgID: new(acme), Branch: &neon.ProjectCreateBranch{DatabaseName: new("orders")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
