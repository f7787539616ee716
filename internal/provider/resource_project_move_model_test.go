package provider

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// bare is what a state that has only an id becomes.
func bare() projectModel {
	return projectModel{
		ID:     types.StringValue(movedID),
		Branch: types.ObjectNull(projectBranchTypes), DefaultEndpointSettings: types.ObjectNull(projectEndpointSettingsTypes),
		Settings: types.ObjectNull(projectSettingsTypes), DeletionProtection: types.BoolValue(false), Claimed: types.BoolValue(false),
	}
}

func branchWith(name, role, database types.String) types.Object {
	return types.ObjectValueMust(projectBranchTypes, map[string]attr.Value{"name": name, "role_name": role, "database_name": database})
}

func endpointSettingsWith(smallest, largest types.Float64, suspend types.Int64) types.Object {
	return types.ObjectValueMust(projectEndpointSettingsTypes, map[string]attr.Value{
		"autoscaling_limit_min_cu": smallest, "autoscaling_limit_max_cu": largest, "suspend_timeout_seconds": suspend,
	})
}

func TestMovedAttributes(t *testing.T) {
	t.Parallel()
	null, noSize := types.StringNull(), types.Float64Null()
	for name, test := range map[string]struct {
		state string // beside the id
		want  func(*projectModel)
	}{
		"nothing": {state: `"name": null`, want: func(*projectModel) {}},
		"all that is simple": {
			state: `"name": "app", "org_id": "org-a-b-12345678", "region_id": "aws-us-east-1", "pg_version": 17, "history_retention_seconds": 0,
				"default_branch_id": "br-a", "default_endpoint_id": "ep-a", "database_host": "ep-a.neon.tech"`,
			want: func(m *projectModel) {
				m.Name, m.OrgID, m.OwnerID = types.StringValue("app"), types.StringValue("org-a-b-12345678"), types.StringValue("org-a-b-12345678")
				m.RegionID, m.PgVersion, m.HistoryRetentionSeconds = types.StringValue("aws-us-east-1"), types.Int64Value(17), types.Int64Value(0)
				m.DefaultBranchID, m.DefaultEndpointID, m.DefaultEndpointHost = types.StringValue("br-a"), types.StringValue("ep-a"), types.StringValue("ep-a.neon.tech")
			},
		},
		"a personal project, of which that provider could read nothing": {
			state: `"org_id": "", "default_branch_id": "", "default_endpoint_id": "", "database_host": "", "branch": [{"id": "", "name": "", "role_name": "", "database_name": ""}]`,
			want:  func(*projectModel) {},
		},
		"yes":            {state: `"store_password": "yes"`, want: func(m *projectModel) { m.StorePasswords = types.BoolValue(true) }},
		"no":             {state: `"store_password": "no"`, want: func(m *projectModel) { m.StorePasswords = types.BoolValue(false) }},
		"neither":        {state: `"store_password": ""`, want: func(*projectModel) {}},
		"a branch":       {state: `"branch": [{"id": "br-a", "name": "trunk"}]`, want: func(m *projectModel) { m.Branch = branchWith(types.StringValue("trunk"), null, null) }},
		"no branch":      {state: `"branch": []`, want: func(*projectModel) {}},
		"a null branch":  {state: `"branch": [null]`, want: func(*projectModel) {}},
		"an empty quota": {state: `"quota": [{}]`, want: func(*projectModel) {}},
		"a quota of zero": {
			state: `"quota": [{"active_time_seconds": 0}]`,
			want: func(m *projectModel) {
				m.Settings = settingsWith(map[string]attr.Value{"quota": quotaWith(types.Int64Value(0))})
			},
		},
		"sizes of computes": {
			state: `"default_endpoint_settings": [{"id": "ep-a", "autoscaling_limit_min_cu": 0.25, "autoscaling_limit_max_cu": 8, "suspend_timeout_seconds": -1}]`,
			want: func(m *projectModel) {
				m.DefaultEndpointSettings = endpointSettingsWith(types.Float64Value(0.25), types.Float64Value(8), types.Int64Value(-1))
			},
		},
		"sizes that aren't set": {
			state: `"default_endpoint_settings": [{"autoscaling_limit_min_cu": 0, "autoscaling_limit_max_cu": null, "suspend_timeout_seconds": 0}]`,
			want: func(m *projectModel) {
				m.DefaultEndpointSettings = endpointSettingsWith(noSize, noSize, types.Int64Value(0))
			},
		},
		"flags": {
			state: `"enable_logical_replication": "yes", "block_public_connections": "no", "block_vpc_connections": "yes", "hipaa": "no"`,
			want: func(m *projectModel) {
				m.Settings = settingsWith(map[string]attr.Value{
					"enable_logical_replication": types.BoolValue(true), "block_public_connections": types.BoolValue(false),
					"block_vpc_connections": types.BoolValue(true), "hipaa": types.BoolValue(false),
				})
			},
		},
		"nobody is let in by name": {
			state: `"allowed_ips": []`,
			want: func(m *projectModel) {
				m.Settings = settingsWith(map[string]attr.Value{"allowed_ips": allowedIPsWith()})
			},
		},
		"some are let in": {
			state: `"allowed_ips": ["b", "a"], "allowed_ips_protected_branches_only": ""`,
			want: func(m *projectModel) {
				m.Settings = settingsWith(map[string]attr.Value{"allowed_ips": allowedIPsWith("a", "b")})
			},
		},
		"window": {
			state: `"maintenance_window": [{"weekdays": [7, 1], "start_time": "22:00", "end_time": "23:00"}]`,
			want: func(m *projectModel) {
				m.Settings = settingsWith(map[string]attr.Value{"maintenance_window": window("22:00", 1, 7)})
			},
		},
		"what is dropped, and what nobody knows": {
			state: `"connection_uri": "postgres://a:hush@b/c", "database_password": "hush", "default_branch_protected": "yes", "some_day": {"more": [1]}`,
			want:  func(*projectModel) {},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, err := parseKislerdmProject([]byte(`{"id": "` + movedID + `", ` + test.state + `}`))
			if err != nil {
				t.Fatal(err)
			}
			got, diags := source.toModel(t.Context())
			if diags.HasError() {
				t.Fatal(diags)
			}
			want := bare()
			test.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestMovedStateThatIsGarbled(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{
		"no JSON":            `{"id"`,
		"no object":          `["calm-river-12345678"]`,
		"null":               `null`,
		"no id":              `{}`,
		"an id of another":   `{"id": "Calm River"}`,
		"text for a number":  `{"id": "calm-river-12345678", "pg_version": "17"}`,
		"half a version":     `{"id": "calm-river-12345678", "pg_version": 17.5}`,
		"a huge number":      `{"id": "calm-river-12345678", "history_retention_seconds": 1e300}`,
		"true":               `{"id": "calm-river-12345678", "hipaa": true}`,
		"maybe":              `{"id": "calm-river-12345678", "hipaa": "maybe"}`,
		"two branches":       `{"id": "calm-river-12345678", "branch": [{}, {}]}`,
		"a branch, no list":  `{"id": "calm-river-12345678", "branch": {"name": "main"}}`,
		"days that are none": `{"id": "calm-river-12345678", "maintenance_window": [{"weekdays": ["Monday"]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if source, err := parseKislerdmProject([]byte(state)); err == nil {
				t.Errorf("got %+v, want an error", source)
			}
		})
	}
}

func TestMoveSources(t *testing.T) {
	t.Parallel()
	state := `{"id": "calm-river-12345678"}`
	for name, test := range map[string]struct {
		request tfprotov6.MoveResourceStateRequest
		refused string // "" when it is taken over
	}{
		"Terraform's registry":                 {request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/kislerdm/neon"}},
		"OpenTofu's registry":                  {request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.opentofu.org/kislerdm/neon"}},
		"a registry of one's own, with a port": {request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "mirror.test:8443/kislerdm/neon"}},
		"another namespace": {
			request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/notkislerdm/neon"}, refused: "Unable to Move Resource State",
		},
		"another resource": {
			request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/kislerdm/neon", SourceTypeName: "neon_branch"}, refused: "Unable to Move Resource State",
		},
		"an old version": {
			request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/kislerdm/neon", SourceSchemaVersion: 10}, refused: "Upgrade kislerdm/neon",
		},
		"no state": {
			request: tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/kislerdm/neon", SourceState: &tfprotov6.RawState{}}, refused: "is empty",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := test.request
			if request.SourceTypeName == "" {
				request.SourceTypeName = "neon_project"
			}
			if request.SourceSchemaVersion == 0 {
				request.SourceSchemaVersion = 11
			}
			if request.SourceState == nil {
				request.SourceState = &tfprotov6.RawState{JSON: []byte(state)}
			}
			resp := moveResourceState(t.Context(), t, NewServer("test", Options{})(), request)
			said, _ := json.Marshal(resp.Diagnostics)
			if (test.refused == "") != (len(resp.Diagnostics) == 0) || !strings.Contains(string(said), test.refused) {
				t.Fatalf("diagnostics are %s, want %q", said, test.refused)
			}
			if test.refused == "" && (resp.TargetState == nil || resp.TargetIdentity == nil) {
				t.Error("state or identity is missing")
			}
		})
	}
}

func moveResourceState(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer, request tfprotov6.MoveResourceStateRequest) *tfprotov6.MoveResourceStateResponse {
	t.Helper()
	request.TargetTypeName = "neon_project"
	resp, err := server.MoveResourceState(ctx, &request)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// Whatever the state is, there is either a project with an identity or an error.
func FuzzMoveState(f *testing.F) {
	for _, name := range []string{"full", "plain"} {
		f.Add(int64(11), movedState(f, name))
	}
	f.Add(int64(11), []byte(`{"id": "calm-river-12345678", "branch": [null], "quota": [{}], "allowed_ips": [null, "", ""]}`))
	f.Add(int64(11), []byte(`{"id": "calm-river-12345678", "maintenance_window": [{"weekdays": [1, 1]}], "default_endpoint_settings": [{"autoscaling_limit_min_cu": 1e308}]}`))
	f.Add(int64(10), []byte(`{"id": "calm-river-12345678"}`))
	f.Add(int64(-1), []byte(`null`))
	server := NewServer("test", Options{})()
	project := projectType(f, server)
	f.Fuzz(func(t *testing.T, version int64, state []byte) {
		resp := moveResourceState(t.Context(), t, server, tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: "registry.terraform.io/kislerdm/neon", SourceTypeName: "neon_project",
			SourceSchemaVersion: version, SourceState: &tfprotov6.RawState{JSON: state},
		})
		for _, d := range resp.Diagnostics {
			if d.Severity != tfprotov6.DiagnosticSeverityError || d.Detail == "" {
				t.Errorf("a diagnostic that says nothing: %+v", d)
			}
		}
		if len(resp.Diagnostics) > 0 {
			return
		}
		target, err := resp.TargetState.Unmarshal(project)
		if err != nil || target.IsNull() || resp.TargetIdentity == nil {
			t.Errorf("got %s, identity %v, %v", target, resp.TargetIdentity, err)
		}
	})
}

// projectType is the type of a project's state.
func projectType(tb testing.TB, server tfprotov6.ProviderServer) tftypes.Type {
	tb.Helper()
	resp, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.ResourceSchemas["neon_project"].ValueType()
}
