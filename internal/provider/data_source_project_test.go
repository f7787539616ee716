package provider

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const (
	shopID  = "quiet-meadow-11111111"
	shop    = "data.neon_project.shop"
	getShop = `data "neon_project" "shop" { id = "` + shopID + `" }`
)

var march = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// withShop is a world in which Acme has a project.
func withShop(o *emulator.Options) {
	seed := emulator.DefaultSeed()
	seed.Projects = []emulator.Project{{
		ID: shopID, Name: "shop", OrgID: acme, RegionID: "aws-eu-central-1", PgVersion: 16,
		HistoryRetentionSeconds: new(int64(3600)), CreatedAt: march, UpdatedAt: march,
		Settings: &neon.ProjectSettings{Quota: &neon.ProjectQuota{LogicalSizeBytes: new(int64(1 << 30))}},
	}}
	seed.Organizations[0].Keys = append(seed.Organizations[0].Keys, &emulator.Key{Secret: "napi_shop", ProjectID: shopID})
	o.Seed = &seed
}

func TestNewShownProjectModel(t *testing.T) {
	t.Parallel()
	sparse := neon.ProjectFields{
		ID: shopID, Name: "shop", OwnerID: "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01", RegionID: "aws-us-east-1", PlatformID: "aws",
		PgVersion: 17, ProxyHost: "us-east-1.aws.neon.tech", StorePasswords: true, BranchLogicalSizeLimitBytes: 1 << 29,
		CreationSource: "console", CreatedAt: march, UpdatedAt: march,
	}
	wantSparse := shownProjectModel{
		ID: types.StringValue(shopID), Name: types.StringValue("shop"), OwnerID: types.StringValue(sparse.OwnerID),
		RegionID: types.StringValue("aws-us-east-1"), PlatformID: types.StringValue("aws"), PgVersion: types.Int64Value(17),
		ProxyHost: types.StringValue("us-east-1.aws.neon.tech"), StorePasswords: types.BoolValue(true),
		BranchLogicalSizeLimitBytes: types.Int64Value(1 << 29), CreationSource: types.StringValue("console"),
		DefaultEndpointSettings: types.ObjectNull(projectEndpointSettingsTypes), Settings: types.ObjectNull(projectSettingsTypes),
		CreatedAt: timetypes.NewRFC3339ValueMust("2025-03-01T12:00:00Z"), UpdatedAt: timetypes.NewRFC3339ValueMust("2025-03-01T12:00:00Z"),
	}
	full, wantFull := sparse, wantSparse
	full.OrgID, wantFull.OrgID = acme, types.StringValue(acme)
	full.SyntheticStorageSize, wantFull.SyntheticStorageSize = new(int64(0)), types.Int64Value(0)
	full.EffectiveProjectPermission, wantFull.EffectiveProjectPermission = "CAN_EDIT", types.StringValue("CAN_EDIT")
	full.ComputeLastActiveAt, wantFull.ComputeLastActiveAt = new(march.Add(time.Hour)), timetypes.NewRFC3339ValueMust("2025-03-01T13:00:00Z")
	full.MaintenanceStartsAt, wantFull.MaintenanceStartsAt = new(march.Add(2*time.Hour)), timetypes.NewRFC3339ValueMust("2025-03-01T14:00:00Z")
	full.HipaaEnabledAt, wantFull.HipaaEnabledAt = new(march.Add(3*time.Hour)), timetypes.NewRFC3339ValueMust("2025-03-01T15:00:00Z")
	full.DefaultEndpointSettings = &neon.DefaultEndpointSettings{AutoscalingLimitMinCU: new(0.25), SuspendTimeoutSeconds: new(int64(-1))}
	wantFull.DefaultEndpointSettings = types.ObjectValueMust(projectEndpointSettingsTypes, map[string]attr.Value{
		"autoscaling_limit_min_cu": types.Float64Value(0.25), "autoscaling_limit_max_cu": types.Float64Null(), "suspend_timeout_seconds": types.Int64Value(-1),
	})
	full.Settings = &neon.ProjectSettings{Hipaa: new(false), AllowedIPs: &neon.AllowedIPs{}}
	wantFull.Settings = types.ObjectValueMust(projectSettingsTypes, map[string]attr.Value{
		"quota": types.ObjectNull(projectQuotaTypes), "maintenance_window": types.ObjectNull(projectMaintenanceWindowTypes),
		"allowed_ips": types.ObjectValueMust(projectAllowedIPsTypes, map[string]attr.Value{
			"ips": types.SetValueMust(types.StringType, []attr.Value{}), "protected_branches_only": types.BoolNull(),
		}),
		"enable_logical_replication": types.BoolNull(), "block_public_connections": types.BoolNull(), "block_vpc_connections": types.BoolNull(),
		"audit_log_level": types.StringNull(), "hipaa": types.BoolValue(false),
	})

	for name, c := range map[string]struct {
		api       neon.ProjectFields
		retention *int64
		want      shownProjectModel
	}{
		"what Neon must tell": {sparse, nil, wantSparse},
		"all Neon can tell":   {full, new(int64(0)), withRetention(wantFull, 0)},
	} {
		var diags diag.Diagnostics
		got := newShownProjectModel(t.Context(), c.api, c.retention, &diags)
		if diags.HasError() {
			t.Errorf("%s: %v", name, diags)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func withRetention(m shownProjectModel, seconds int64) shownProjectModel {
	m.HistoryRetentionSeconds = types.Int64Value(seconds)
	return m
}

func TestNewProjectDataModel(t *testing.T) {
	t.Parallel()
	m, diags := newProjectDataModel(t.Context(), neon.Project{HistoryRetentionSeconds: 60})
	if diags.HasError() || !m.Owner.IsNull() || !m.MaintenanceScheduledFor.IsNull() || m.HistoryRetentionSeconds.ValueInt64() != 60 {
		t.Errorf("without an owner: %+v, %v", m, diags)
	}
	m, diags = newProjectDataModel(t.Context(), neon.Project{
		Owner:                   &neon.ProjectOwner{Email: "ann@example.com", Name: "Ann", BranchesLimit: 10, SubscriptionType: "free_v3"},
		MaintenanceScheduledFor: &march,
	})
	owner := types.ObjectValueMust(projectOwnerTypes, map[string]attr.Value{
		"email": types.StringValue("ann@example.com"), "name": types.StringValue("Ann"), "branches_limit": types.Int64Value(10), "subscription_type": types.StringValue("free_v3"),
	})
	if diags.HasError() || !m.Owner.Equal(owner) || m.MaintenanceScheduledFor.ValueString() != "2025-03-01T12:00:00Z" {
		t.Errorf("with an owner: %+v, %v", m, diags)
	}
}

func TestAccProjectData(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withShop)
	settings := tfjsonpath.New("settings")
	w.run(
		resource.TestStep{
			Config: w.partner(getShop),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(shop, "id", shopID),
				expectString(shop, "name", "shop"),
				expectString(shop, "org_id", acme),
				expectString(shop, "owner_id", acme),
				expectString(shop, "region_id", "aws-eu-central-1"),
				expectString(shop, "platform_id", "aws"),
				expectString(shop, "created_at", "2025-03-01T12:00:00Z"),
				expectString(shop, "updated_at", "2025-03-01T12:00:00Z"),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("pg_version"), knownvalue.Int64Exact(16)),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("store_passwords"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("history_retention_seconds"), knownvalue.Int64Exact(3600)),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("hipaa_enabled_at"), knownvalue.Null()),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("owner").AtMapKey("subscription_type"), knownvalue.StringExact("scale_v3")),
				statecheck.ExpectKnownValue(shop, tfjsonpath.New("default_endpoint_settings"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"autoscaling_limit_min_cu": knownvalue.Float64Exact(0.25), "autoscaling_limit_max_cu": knownvalue.Float64Exact(2), "suspend_timeout_seconds": knownvalue.Int64Exact(0),
				})),
				statecheck.ExpectKnownValue(shop, settings.AtMapKey("quota").AtMapKey("logical_size_bytes"), knownvalue.Int64Exact(1<<30)),
				statecheck.ExpectKnownValue(shop, settings.AtMapKey("quota").AtMapKey("active_time_seconds"), knownvalue.Null()),
				statecheck.ExpectKnownValue(shop, settings.AtMapKey("allowed_ips").AtMapKey("ips"), knownvalue.SetExact([]knownvalue.Check{})),
				statecheck.ExpectKnownValue(shop, settings.AtMapKey("maintenance_window").AtMapKey("weekdays"), knownvalue.SetExact([]knownvalue.Check{knownvalue.Int64Exact(5)})),
				statecheck.ExpectKnownValue(shop, settings.AtMapKey("hipaa"), knownvalue.Bool(false)),
			},
		},
		resource.TestStep{Config: w.partner(getShop), ConfigPlanChecks: unchanged()},
		// A key that is confined to the project reads it, too.
		resource.TestStep{Config: w.config("napi_shop", "", getShop), ConfigPlanChecks: unchanged()},
	)
}

// The data source shows the same values as the resource does, once it is made.
func TestAccProjectDataOfResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(`
resource "neon_project" "app" { name = "app" }
data "neon_project" "shop" { id = neon_project.app.id }
output "same" {
  value = alltrue([for name in ["id", "name", "org_id", "owner_id", "region_id", "pg_version", "proxy_host", "created_at",
    "history_retention_seconds", "settings", "default_endpoint_settings"] : data.neon_project.shop[name] == neon_project.app[name]])
}
`)
	w.run(
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{wantOutput("same", knownvalue.Bool(true))}},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
}

func TestAccProjectDataRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withShop)
	w.run(
		resource.TestStep{Config: w.partner(`data "neon_project" "shop" { id = "My Shop" }`), ExpectError: diagnostic(`Invalid project id.*looks like the project's name`)},
		resource.TestStep{Config: w.partner(`data "neon_project" "shop" { id = "` + acme + `" }`), ExpectError: diagnostic(`is an organization id, not a project id`)},
		resource.TestStep{Config: w.partner(`data "neon_project" "shop" {}`), ExpectError: diagnostic(`"id" is required`)},
	)
	w.wantNoRequests()
	w.run(
		resource.TestStep{Config: w.config(customerOwner, "", getShop), ExpectError: diagnostic(`Project not read.*does not see project ` + shopID + `.*Neon says: project not found`)},
		resource.TestStep{Config: w.config("napi_wrong", "", getShop), ExpectError: diagnostic(`Project not read.*does not accept the API key`)},
	)
}

func TestProjectDataRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withShop)
	shopArgument := map[string]any{"id": shopID}
	if _, diags := w.readData(&projectDataSource{}, partnerAdmin, "", shopArgument); diags.HasError() {
		t.Fatal(diags)
	}
	w.wantExactRequests(map[string]int{"GET /projects/{project_id}": 1})

	_, diags := w.readData(&projectDataSource{}, customerOwner, "", shopArgument)
	wantOneError(t, diags, "id", "Project not read", shopID, "recoverable = true", "claimed", "Neon says: project not found", "Status 404 of GET /projects/{project_id}")
	w.wantExactRequests(map[string]int{"GET /projects/{project_id}": 1})

	_, diags = w.readData(&projectDataSource{}, "napi_wrong", "", shopArgument)
	wantOneError(t, diags, "", "Project not read", "does not accept the API key", "Neon says: supplied credentials do not pass authentication", "Status 401")

	w.fault(emulator.Fault{Path: "/projects/*", Times: 1, Effect: emulator.FaultEffect{Status: 403}})()
	_, diags = w.readData(&projectDataSource{}, partnerAdmin, "", shopArgument)
	wantOneError(t, diags, "id", "Project not read", "Status 403")

	// A deleted project is no project any more.
	w.deleteShop()
	_, diags = w.readData(&projectDataSource{}, partnerAdmin, "", shopArgument)
	wantOneError(t, diags, "id", "Project not read", "deleted in the last seven days")
}

func (w *world) deleteShop() {
	w.t.Helper()
	if err := neontest.Held(w.t, w.client(partnerAdmin), shopID).Delete(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}
