package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// idList makes a list of ids; "?" stands for one that is not known yet.
func idList(ids string) types.List {
	elements := []attr.Value{}
	for id := range strings.FieldsSeq(ids) {
		if id == "?" {
			elements = append(elements, types.StringUnknown())
		} else {
			elements = append(elements, types.StringValue(id))
		}
	}
	return types.ListValueMust(types.StringType, elements)
}

func TestListsOfIDsAreReadAsSets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		list      types.List
		ids       string
		isUnknown bool
	}{
		"null":           {list: types.ListNull(types.StringType)},
		"unknown":        {list: types.ListUnknown(types.StringType), isUnknown: true},
		"partly unknown": {list: idList("b ?"), ids: "b", isUnknown: true},
		"empty":          {list: idList("")},
		"known":          {list: idList("b a b"), ids: "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids, isKnown := idsOf(test.list)
			if isKnown == test.isUnknown || !test.isUnknown && strings.Join(ids, " ") != test.ids {
				t.Errorf("got %v, %t", ids, isKnown)
			}
		})
	}
	if got, want := listIDs(newIDSet([]string{"a", "c"}), idList("c b a c")), idList("c a"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Which of the projects arrive that are to be moved shows in the apply: somebody may
// claim one until then.
func TestOrgTransferPlansTheSameForTheSameProjects(t *testing.T) {
	t.Parallel()
	model := func(ids, transferred types.List) *orgProjectTransferModel {
		return &orgProjectTransferModel{ProjectIDs: ids, TransferredProjectIDs: transferred}
	}
	unknown := types.ListUnknown(types.StringType)
	for name, test := range map[string]struct{ plan, before, want *orgProjectTransferModel }{
		"new":             {model(idList("b a b"), unknown), nil, model(idList("b a b"), unknown)},
		"in other order":  {model(idList("a b"), idList("b a")), model(idList("b a"), idList("b a")), model(idList("b a"), idList("b a"))},
		"one twice":       {model(idList("b a a"), idList("b a")), model(idList("b a"), idList("b a")), model(idList("b a"), idList("b a"))},
		"one more":        {model(idList("a c b"), idList("b a")), model(idList("b a"), idList("b a")), model(idList("a c b"), unknown)},
		"one less":        {model(idList("a"), idList("b a")), model(idList("b a"), idList("b a")), model(idList("a"), idList("a"))},
		"one has left":    {model(idList("b a"), idList("a")), model(idList("b a"), idList("a")), model(idList("b a"), unknown)},
		"not known yet":   {model(unknown, idList("b a")), model(idList("b a"), idList("b a")), model(unknown, unknown)},
		"one not known":   {model(idList("b ?"), idList("b a")), model(idList("b a"), idList("b a")), model(idList("b ?"), unknown)},
		"none any longer": {model(idList(""), idList("b a")), model(idList("b a"), idList("b a")), model(idList(""), idList(""))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.plan.planIDs(test.before)
			if !test.plan.ProjectIDs.Equal(test.want.ProjectIDs) || !test.plan.TransferredProjectIDs.Equal(test.want.TransferredProjectIDs) {
				t.Errorf("got %s and %s, want %s and %s", test.plan.ProjectIDs, test.plan.TransferredProjectIDs, test.want.ProjectIDs, test.want.TransferredProjectIDs)
			}
		})
	}
}

func TestOrgTransferPlanWarns(t *testing.T) {
	t.Parallel()
	model := func(source, destination, ids string) orgProjectTransferModel {
		return orgProjectTransferModel{
			SourceOrgID: stringOrNull(source), DestinationOrgID: types.StringValue(destination),
			ProjectIDs: idList(ids), TransferredProjectIDs: idList(ids),
		}
	}
	unknown := model(acme, labs, "")
	unknown.ProjectIDs, unknown.DestinationOrgID = types.ListUnknown(types.StringType), types.StringUnknown()
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
