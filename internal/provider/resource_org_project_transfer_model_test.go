package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestIDSetKeepsWhatItReads(t *testing.T) {
	t.Parallel()
	setType := tftypes.Set{ElementType: tftypes.String}
	id := func(s any) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	for name, test := range map[string]struct {
		in        tftypes.Value
		ids       []string
		isUnknown bool
	}{
		"null":           {in: tftypes.NewValue(setType, nil)},
		"unknown":        {in: tftypes.NewValue(setType, tftypes.UnknownValue), isUnknown: true},
		"partly unknown": {in: tftypes.NewValue(setType, []tftypes.Value{id("b"), id(tftypes.UnknownValue)}), isUnknown: true},
		"empty":          {in: tftypes.NewValue(setType, []tftypes.Value{})},
		"known":          {in: tftypes.NewValue(setType, []tftypes.Value{id("b"), id("a")}), ids: []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := newIDSetType().ValueFromTerraform(t.Context(), test.in)
			if err != nil {
				t.Fatal(err)
			}
			set, ok := value.(idSet)
			if !ok || !slices.Equal(set.ids, test.ids) || set.IsUnknown() != test.isUnknown || set.IsNull() != test.in.IsNull() {
				t.Errorf("got %#v", value)
			}
			if back, err := value.ToTerraformValue(t.Context()); err != nil || !back.Equal(test.in) {
				t.Errorf("got %s back for %s, %v", back, test.in, err)
			}
		})
	}
}

func TestOrgTransferPlanWarns(t *testing.T) {
	t.Parallel()
	model := func(source, destination, ids string) orgProjectTransferModel {
		set := newIDSet(strings.Fields(ids))
		return orgProjectTransferModel{SourceOrgID: stringOrNull(source), DestinationOrgID: types.StringValue(destination), ProjectIDs: set, TransferredProjectIDs: set}
	}
	unknown := model(acme, labs, "")
	unknown.ProjectIDs, unknown.DestinationOrgID = unknownIDSet(), types.StringUnknown()
	for name, test := range map[string]struct {
		plan   orgProjectTransferModel
		before *orgProjectTransferModel
		want   []string
	}{
		"new":             {plan: model(acme, labs, "p q"), want: []string{"2 projects (p, q) will be transferred from " + acme + " to " + labs}},
		"nothing":         {plan: model(acme, labs, "")},
		"one more":        {plan: model(acme, labs, "p q"), before: new(model(acme, labs, "p")), want: []string{"1 project (q) will be"}},
		"one less":        {plan: model(acme, labs, "p"), before: new(model(acme, labs, "p q"))},
		"other source":    {plan: model(studio, labs, "p"), before: new(model(acme, labs, "p"))},
		"redirected":      {plan: model(acme, studio, "p q"), before: new(model(acme, labs, "p")), want: []string{"(p, q) will be transferred from " + labs + " or " + acme}},
		"turned round":    {plan: model(labs, acme, "p"), before: new(model(acme, labs, "p")), want: []string{"(p) will be transferred from " + labs + " to " + acme}},
		"personal source": {plan: model("", labs, "p"), want: []string{"from the personal account of the API key", "Neon has deprecated that"}},
		"unknown":         {plan: unknown, want: []string{"Projects that are not known yet will be transferred from " + acme + " to an organization that is not known yet"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp resource.ModifyPlanResponse
			test.plan.warnOfTransfer(test.before, &resp)
			wantDetails(t, resp.Diagnostics, test.want)
		})
	}
}

// wantDetails asserts that there are so many diagnostics, with these words.
func wantDetails(t *testing.T, diags diag.Diagnostics, want []string) {
	t.Helper()
	if len(diags) != len(want) {
		t.Fatalf("%d diagnostics, want %d: %v", len(diags), len(want), diags)
	}
	for i, d := range diags {
		if !strings.Contains(d.Detail(), want[i]) {
			t.Errorf("got %q, want something with %q", d.Detail(), want[i])
		}
	}
}

func TestTransferFailuresAreExplained(t *testing.T) {
	t.Parallel()
	refusal := &neon.Error{Method: "POST", Route: "/organizations/{source_org_id}/projects/transfer", Status: 406}
	limits := &neon.LimitsError{Err: refusal, Limits: []neon.Limit{{Name: "projects_count", Actual: "3", Expected: "2"}, {Name: "subscription_type", Actual: "scale", Expected: "launch"}}}
	diags := transferDiagnostics([]neon.TransferFailure{
		{ProjectIDs: []string{"p"}, Err: &neon.IntegrationsError{Err: refusal, Projects: []neon.ProjectIntegration{{ID: "p", Integration: "github"}}}},
		{ProjectIDs: []string{"q"}, Err: &neon.ElsewhereError{ProjectID: "q", OwnerID: studio}},
		{ProjectIDs: []string{"r"}, Err: &neon.ElsewhereError{ProjectID: "r", Err: &neon.Error{Status: 404}}},
		{ProjectIDs: []string{"s", "t"}, Err: limits},
		{ProjectIDs: []string{"u"}, Err: &neon.OutcomeUnknownError{Err: refusal}},
	}, acme, labs)
	wantDetails(t, diags, []string{
		"p has a github integration", "it belongs to " + studio, "Project r is not visible",
		`projects_count is "3"`, `subscription_type is "scale"`, "The next apply looks first",
	})
	if detail := diags[3].Detail(); !strings.Contains(detail, "2 projects: s, t.") || !strings.Contains(detail, "These stay in "+acme) {
		t.Errorf("got %q", detail)
	}
}

func TestTransferFailuresAreNotWithoutEnd(t *testing.T) {
	t.Parallel()
	var failures []neon.TransferFailure
	for i := range 500 {
		id := fmt.Sprintf("p-%d", i)
		failures = append(failures, neon.TransferFailure{ProjectIDs: []string{id}, Err: &neon.ElsewhereError{ProjectID: id, OwnerID: studio}})
	}
	diags := transferDiagnostics(failures, acme, labs)
	if len(diags) != maxTransferDiagnostics+1 || !strings.Contains(diags[maxTransferDiagnostics].Detail(), "400 projects more") {
		t.Errorf("%d diagnostics, the last says %q", len(diags), diags[len(diags)-1].Detail())
	}
}
