package provider

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// readConsumption reads a data source of consumption once.
func (w *world) readConsumption(kind, key, orgID string, arguments map[string]any) (tfsdk.State, diag.Diagnostics) {
	w.t.Helper()
	return w.readData(map[string]func() datasource.DataSource{
		"project": newProjectConsumptionDataSource, "branch": newBranchConsumptionDataSource,
		"account": newAccountConsumptionDataSource, "billing": newBillingPeriodConsumptionDataSource,
	}[kind]().(datasource.DataSourceWithConfigure), key, orgID, arguments)
}

func totalOf(t *testing.T, state tfsdk.State, metric string) int64 {
	t.Helper()
	var total types.Int64
	if diags := state.GetAttribute(t.Context(), path.Root("totals").AtMapKey(metric), &total); diags.HasError() {
		t.Fatal(diags)
	}
	return total.ValueInt64()
}

func TestConsumptionRefusals(t *testing.T) {
	t.Parallel()
	const v2, legacy, account = "GET /consumption_history/v2/projects", "GET /consumption_history/projects", "GET /consumption_history/account"
	w := newWorld(t, consumers(1))
	billed, older := map[string]any{"period": "7d"}, map[string]any{"period": "7d", "metrics": []string{"active_time_seconds"}}
	with := func(arguments map[string]any, name string, value any) map[string]any {
		changed := maps.Clone(arguments)
		changed[name] = value
		return changed
	}
	for name, c := range map[string]struct {
		kind, key, orgID string
		arguments        map[string]any
		status           int // that Neon is made to answer
		at, summary      string
		texts            []string
	}{
		"plan":                  {"project", "napi_free", "", billed, 0, "", "Plan without consumption history", []string{"Launch, Scale, Agent, Business, Enterprise", "organization org-free-trial-30000001", "neon_billing_period_consumption", "Status 403"}},
		"plan, legacy":          {"project", customerOwner, bloom, older, 0, "", "Plan without consumption history", []string{"plans Scale, Business, Enterprise"}},
		"plan, branches":        {"branch", "napi_free", "", with(billed, "project_ids", []string{"tenant-1"}), 0, "", "Plan without consumption history", []string{"plans Launch, Scale, Agent, Enterprise"}},
		"plan, account":         {"account", "napi_free", "", billed, 0, "", "Plan without consumption history", []string{"Status 403"}},
		"plan, legacy account":  {"account", customerOwner, bloom, older, 0, "", "Plan without consumption history", []string{"plans Scale, Business, Enterprise"}},
		"stranger":              {"project", customerOwner, "", with(billed, "org_id", acme), 0, "org_id", "Consumption not read", []string{"does not see organization " + acme, "Status 404"}},
		"stranger by default":   {"account", customerOwner, acme, older, 0, "", "Consumption not read", []string{"The id is the provider's org_id"}},
		"stranger, branches":    {"branch", customerOwner, "", with(with(billed, "org_id", acme), "project_ids", []string{"tenant-1"}), 0, "org_id", "Consumption not read", []string{"does not see organization"}},
		"times":                 {"project", partnerAdmin, acme, billed, 406, "period", "Times not accepted", []string{"daily consumption from 2026-03-08T00:00:00Z to 2026-03-15T00:00:00Z", "168 hours", "Status 406"}},
		"times, account":        {"account", partnerAdmin, acme, older, 406, "period", "Times not accepted", []string{"Status 406"}},
		"wrong key":             {"account", "napi_wrong", acme, older, 0, "", "Consumption not read", []string{"does not accept the API key"}},
		"no organization":       {"project", partnerAdmin, "", billed, 0, "org_id", "No organization", []string{"NEON_ORG_ID"}},
		"no organization, list": {"billing", partnerAdmin, "", nil, 0, "org_id", "Projects not listed", []string{"org_id is required"}},
		"project not seen":      {"billing", customerOwner, bloom, map[string]any{"project_ids": []string{"tenant-1"}}, 0, "project_ids", "Projects not seen", []string{"does not see tenant-1", "Status 404"}},
	} {
		w.emu.ClearFaults()
		if c.status != 0 {
			for _, route := range []string{v2, legacy, account} {
				_, at, _ := strings.Cut(route, " ")
				w.fault(emulator.Fault{Path: at, Effect: emulator.FaultEffect{Status: c.status, Body: json.RawMessage(`{"code":"","message":"no"}`)}})()
			}
		}
		_, diags := w.readConsumption(c.kind, c.key, c.orgID, c.arguments)
		t.Run(name, func(t *testing.T) { wantOneError(t, diags, c.at, c.summary, c.texts...) })
	}
}

func TestConsumptionComesAfterA429(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(1))
	w.fault(emulator.Fault{Path: "/consumption_history/v2/projects", Times: 2, Effect: emulator.FaultEffect{Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "0"}}})()
	state, diags := w.readConsumption("project", partnerAdmin, acme, map[string]any{"period": "7d", "project_ids": []string{"tenant-1"}})
	if diags.HasError() || totalOf(t, state, "compute_unit_seconds") == 0 {
		t.Errorf("got %v", diags)
	}
	w.wantExactRequests(map[string]int{"GET /consumption_history/v2/projects": 3})
}

// Where Neon no longer has totals of an account, the sum over the projects is the same.
func TestAccountConsumptionIsTheSumWhereNeonHasNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(101))
	arguments := map[string]any{"period": "3mo"}
	var before tfsdk.State
	for _, status := range []int{0, http.StatusNotFound, http.StatusGone} {
		if status != 0 {
			w.emu.ClearFaults()
			w.fault(emulator.Fault{Path: "/consumption_history/account", Effect: emulator.FaultEffect{Status: status, Body: json.RawMessage(`{"code":"","message":"no such route"}`)}})()
		}
		state, diags := w.readConsumption("account", partnerAdmin, acme, map[string]any{"period": arguments["period"], "metrics": []string{"active_time_seconds", "data_storage_bytes_hour", "synthetic_storage_size_bytes"}})
		if diags.HasError() {
			t.Fatal(diags)
		}
		var m accountConsumptionModel
		if diags := state.Get(t.Context(), &m); diags.HasError() {
			t.Fatal(diags)
		}
		if want := map[bool]string{true: "account", false: "projects"}[status == 0]; m.Source.ValueString() != want {
			t.Errorf("%d: the source is %s, want %s", status, m.Source, want)
		}
		want := map[string]int{"GET /consumption_history/account": 1}
		if status != 0 {
			want["GET /consumption_history/projects"] = 3
			if diags := state.SetAttribute(t.Context(), path.Root("source"), "account"); diags.HasError() {
				t.Fatal(diags)
			}
			if !state.Raw.Equal(before.Raw) {
				t.Errorf("%d: the sum differs from Neon's own", status)
			}
		}
		w.wantExactRequests(want)
		before = state
	}
}

// An organization key needs no org_id, and a project that is misspelt costs nothing
// only silently.
func TestConsumptionOfAnOrganizationKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, consumers(2))
	arguments := map[string]any{"period": "7d", "project_ids": []string{"tenant-1", "tennant-2"}}
	state, diags := w.readConsumption("project", partnerOrgKey, "", arguments)
	if len(diags) != 1 || diags.HasError() || diags[0].Summary() != "No consumption told of some projects" || !strings.Contains(diags[0].Detail(), "on 1 of the projects in project_ids, so that the result lacks them: tennant-2") {
		t.Errorf("diagnostics are %v, want one warning", diags)
	}
	if totalOf(t, state, "compute_unit_seconds") == 0 {
		t.Error("nothing was consumed")
	}
	w.wantExactRequests(map[string]int{"GET /auth": 1, "GET /consumption_history/v2/projects": 2})

	// None at all are named, which is not all.
	state, diags = w.readConsumption("project", partnerOrgKey, acme, map[string]any{"period": "7d", "project_ids": []string{}})
	if len(diags) > 0 || totalOf(t, state, "compute_unit_seconds") != 0 {
		t.Errorf("of no projects: %v", diags)
	}
	state, diags = w.readConsumption("billing", partnerOrgKey, "", map[string]any{"project_ids": []string{}})
	if len(diags) > 0 || totalOf(t, state, "compute_time_seconds") != 0 {
		t.Errorf("of no projects: %v", diags)
	}
	w.wantExactRequests(map[string]int{})

	// A project that goes between the list and its turn is gone.
	w.fault(emulator.Fault{Path: "/projects/tenant-1", Effect: emulator.FaultEffect{Status: http.StatusNotFound, Body: json.RawMessage(`{"code":"","message":"project not found"}`)}})()
	state, diags = w.readConsumption("billing", partnerOrgKey, "", nil)
	var m billingPeriodConsumptionModel
	if diags.Append(state.Get(t.Context(), &m)...); len(diags) > 0 || len(m.Projects) != 1 {
		t.Errorf("%d projects, %v", len(m.Projects), diags)
	}
}
